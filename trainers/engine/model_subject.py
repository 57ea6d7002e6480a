"""A model and a split of data as metrics see them."""

import functools
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.catalogue import load_split_of
from trainers.data.classical_restoration import CLASSICAL_NAMES, classical_restoration
from trainers.data.corruption import corrupt_items
from trainers.data.image_dataset import ImageDataset
from trainers.data.split_fingerprint import split_fingerprint
from trainers.engine.checkpoint import model_name
from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import encode_dataset, learned_codes, require_encoder
from trainers.engine.evaluation_resources import SubjectResources, condition_blocks, subject_capabilities
from trainers.engine.feature_memory import FeatureMemory
from trainers.engine.fitting_data import part_of, require_fitting_data
from trainers.engine.inversion import must_search, reconstruct
from trainers.errors import StoppedError, UsageError
from trainers.latent.inversion import InversionSettings
from trainers.metrics.extractor import Extractor, ExtractorName, Features
from trainers.metrics.items import Items, Restoration
from trainers.metrics.metric import ConditionLaw
from trainers.models.latent_model import ExactLikelihood, LatentModel, Likelihood, Quantizer, Restorer, VariationalBound
from trainers.reporting import Report, StopRequested, never, no_report

# The test split is binarised by the same draw in every evaluation, whatever seed the metrics' own draws have.
_BINARISATION_SEED = 0


class ModelSubject:
    """A model and a split as metrics see them; see `trainers.metrics.metric.Subject`.

    resources: what recognises its samples and takes features of them, for the metrics that ask for it.
    digest: SHA-256 of the checkpoint, by which features of its samples are kept; empty for a model that has none.
    Raises `UsageError` for items that do not fit the model.
    """

    def __init__(
        self,
        model: LatentModel,
        dataset: ImageDataset,
        batch_size: int = 500,
        resources: SubjectResources | None = None,
        digest: str = "",
    ) -> None:
        require_fitting_data(model, dataset)
        self._model = model
        self._dataset = dataset
        self._batch_size = batch_size
        self._resources = resources or SubjectResources()
        self._digest = digest
        self._memory = FeatureMemory()
        self.model_name = model_name(model)
        self.likelihood_name = model.likelihood_name if isinstance(model, Likelihood) else None
        self.capabilities = subject_capabilities(model)
        self.class_names = dataset.spec.class_names
        self.held_out_classes = model.data_spec.held_out_classes
        self.binarisation = model.data_spec.binarisation
        self.is_conditional = model.condition_spec.kind != "none"
        self.is_told = self.is_conditional and model.condition_spec.decodes
        self.split = dataset.split
        self.device = model.device
        self.count = len(dataset)
        self._learned = learned_codes(model, dataset)

    def batches(self, *, binarised: bool = True) -> Iterator[Items]:
        """All items once and in order, binarised as in training or not, with the conditions the model is told."""
        binarisation = self._model.data_spec.binarisation if binarised else "none"
        for batch in evaluation_batches(self._dataset, self._batch_size, self.device, binarisation, _BINARISATION_SEED):
            codes = None if self._learned is None else self._learned[batch.indices]
            yield Items(batch.images, self._model.condition_of(batch), batch.labels, codes)

    @property
    def search(self) -> Mapping[str, int] | None:
        """The settings of the search for codes, for a model that neither learned them nor has an encoder."""
        if not must_search(self._model, self._dataset):
            return None
        return InversionSettings().model_dump(include={"starts", "steps"})

    def reconstruct(self, items: Items, report: Report = no_report, stop_requested: StopRequested = never) -> Tensor:
        """Decoded codes, shaped like the images: those learned, the posterior means, or what a search finds."""
        if items.codes is None:
            return reconstruct(self._model, items.images, items.condition, report=report, stop_requested=stop_requested)
        with torch.inference_mode():
            return self._model.decode(items.codes, items.condition)

    @torch.inference_mode()
    def encode(self, items: Items) -> tuple[Tensor, Tensor | None]:
        """Posterior mean and log-variance, (batch, latent_size) each."""
        posterior = require_encoder(self._model).encode(items.images, items.condition)
        return posterior.mean, posterior.log_variance

    @torch.inference_mode()
    def bound_terms(self, items: Items, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """log p(x|z) (batch,) for one draw, and KL (batch, latent_size), in nats; `TypeError` without a bound."""
        if not isinstance(self._model, VariationalBound):
            raise TypeError(f"{self.model_name} has no evidence bound")
        return self._model.bound_terms(items.images, generator, items.condition)

    @torch.inference_mode()
    def log_weights(self, items: Items, samples: int, generator: torch.Generator) -> Tensor:
        """log p(x, z) - log q(z|x), (samples, batch), in nats; `TypeError` without a likelihood."""
        if not isinstance(self._model, Likelihood):
            raise TypeError(f"{self.model_name} has no likelihood")
        return self._model.log_weights(items.images, samples, generator, items.condition)

    @torch.inference_mode()
    def log_likelihood(self, items: Items, generator: torch.Generator) -> Tensor:
        """log p(x) in nats, (batch,); `TypeError` without an exact likelihood."""
        if not isinstance(self._model, ExactLikelihood):
            raise TypeError(f"{self.model_name} has no exact likelihood")
        return self._model.log_likelihood(items.images, generator, items.condition)

    @property
    def corruption(self) -> dict[str, str | int | float]:
        """What the model has learned to undo: the kind and its strengths; `TypeError` if it restores nothing."""
        corruption = self._restorer().corruption
        return {"corruption": corruption.kind, **corruption.in_use()}

    @property
    def corruption_kinds(self) -> Mapping[str, str]:
        """What one picture can suffer, with the name of the classical method that restores from it."""
        return {str(kind): title for kind, title in CLASSICAL_NAMES.items()}

    @torch.inference_mode()
    def restore(self, items: Items, first: int, seed: int) -> Restoration:
        """Items after that corruption and restored; the seed and their places, from `first` on, decide the draws."""
        restorer = self._restorer()
        places = torch.arange(first, first + len(items))
        corrupted = corrupt_items(items.images, places, restorer.corruption, seed)
        return Restoration(
            corrupted=corrupted.images,
            restored=restorer.restore(corrupted.images, items.condition),
            classical=classical_restoration(corrupted, restorer.corruption),
            kinds=corrupted.kinds,
        )

    @property
    def codebook_sizes(self) -> dict[str, int]:
        """How many entries each codebook has, by the name of its block."""
        model = self._quantizer()
        return {block: len(model.codebook(block)) for block in model.quantized_blocks}

    @torch.inference_mode()
    def code_indices(self, items: Items) -> dict[str, Tensor]:
        """Entries that stand for the items, int64 (batch, height, width), by the name of their block."""
        model, codes = self._quantizer(), self.encode(items)[0]
        return {block: model.code_indices(codes, block) for block in model.quantized_blocks}

    def samples(
        self, count: int, seed: int, conditions: ConditionLaw, stop_requested: StopRequested
    ) -> Iterator[Items]:
        """Samples in blocks of 250, with their conditions, and with labels where these are classes."""
        generator = torch.Generator().manual_seed(seed)
        for told in condition_blocks(self._model, self._dataset, count, seed, conditions):
            with torch.inference_mode():
                codes = self._model.sample_prior(
                    told.count, 1.0, told.condition, generator, stop_requested=stop_requested
                )
            images = decode_codes(self._model, codes, told.condition, stop_requested=stop_requested)
            yield Items(images.to(self.device), told.condition, told.labels)

    @property
    def classifier_title(self) -> str | None:
        """What the classifier is called, None without one."""
        classifier = self._resources.classifier
        return None if classifier is None else classifier.title

    def classify(self, images: Tensor) -> Tensor:
        """Labels (batch,) of images, -1 for those of no class; `TypeError` without a classifier."""
        if self._resources.classifier is None:
            raise TypeError("there is no classifier")
        return self._resources.classifier.classify(images)

    @property
    def extractors(self) -> frozenset[ExtractorName]:
        """Names of the extractors it was given."""
        return frozenset(self._resources.extractors)

    def extractor_settings(self, extractor: ExtractorName) -> Mapping[str, str]:
        """What an extractor is called and does to images first."""
        return self._extractor(extractor).settings

    def extract(self, images: Tensor, extractor: ExtractorName) -> tuple[Tensor, Tensor]:
        """Features (batch, size) and logits (batch, classes); `TypeError` without this extractor."""
        return self._extractor(extractor).extract(images)

    def recalled(self, key: str, extractor: ExtractorName, *, of_model: bool = True) -> Features | None:
        """Features remembered, also by earlier processes, of samples of this checkpoint or of the split."""
        on_disk = bool(self._digest) or not of_model
        return self._memory.recalled(self._hangs_on(key, extractor, of_model), on_disk=on_disk)

    def remember(self, key: str, extractor: ExtractorName, features: Features, *, of_model: bool = True) -> None:
        """Keep features in memory, and in the cache where what they hang on can be told from everything else."""
        on_disk = bool(self._digest) or not of_model
        self._memory.remember(self._hangs_on(key, extractor, of_model), features, on_disk=on_disk)

    @functools.cached_property
    def fingerprint(self) -> str:
        """What tells the items of the split from all others."""
        return split_fingerprint(self._dataset)

    @property
    def training_items(self) -> Tensor:
        """The training split of the model's data; raises `UsageError` where it is another now."""
        return self._training_split().images

    def training_codes(self, limit: int, report: Report, stop_requested: StopRequested) -> tuple[Tensor, Tensor]:
        """Codes (count, latent_size) and labels (count,) of `limit` training items spread over all, on the CPU."""
        dataset = self._training_split()
        kept = min(limit, len(dataset))
        part = part_of(dataset, torch.arange(kept) * len(dataset) // max(kept, 1))
        encodings = encode_dataset(self._model, part, report, stop_requested)
        if part.labels is None:
            raise UsageError(f"{dataset.spec.name} has no classes; choose another metric.")
        if len(encodings.codes) < kept:
            raise StoppedError
        return torch.from_numpy(encodings.codes), part.labels.cpu()

    @property
    def factor_names(self) -> tuple[str, ...]:
        """Names of the attributes of the data."""
        return self._dataset.spec.attribute_names

    @property
    def factors(self) -> Tensor:
        """The attributes (count, attributes) of the split."""
        if self._dataset.attributes is None:
            raise TypeError(f"{self._dataset.spec.name} has no attributes")
        return self._dataset.attributes

    @property
    def unit_levels(self) -> tuple[int, ...]:
        """The level of the hierarchy of each number of a code."""
        return tuple(block.level for block in self._model.latent_space.blocks for _ in range(block.size))

    def _training_split(self) -> ImageDataset:
        spec = self._model.data_spec
        dataset = load_split_of(spec, "train")
        if dataset.spec.fingerprint != spec.fingerprint:
            raise UsageError(
                f"{spec.name} is no longer what the model learned from; put these data back, or choose another metric."
            )
        return dataset

    def _extractor(self, name: ExtractorName) -> Extractor:
        if name not in self._resources.extractors:
            raise TypeError(f"there is no extractor {name}")
        return self._resources.extractors[name]

    def _hangs_on(self, key: str, extractor: ExtractorName, of_model: bool) -> str:
        model = f"of checkpoint {self._digest}" if of_model else "of the data"
        used = self._extractor(extractor)
        return f"{key} by {extractor} {used.digest}, resized {used.settings['resize']}, on {self.fingerprint} {model}"

    def _restorer(self) -> Restorer:
        if not isinstance(self._model, Restorer):
            raise TypeError(f"{self.model_name} restores no pictures")
        return self._model

    def _quantizer(self) -> Quantizer:
        if not isinstance(self._model, Quantizer):
            raise TypeError(f"{self.model_name} has no codebook")
        return self._model
