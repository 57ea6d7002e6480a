"""An open model as the window uses it: numbers in, pictures out. The only file of the window that runs networks."""

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.services.facts import facts_of
from explorer.services.item_pictures import ImagePictures, ItemPictures, PointPictures, Values
from explorer.services.pace import Pace
from explorer.services.tensors import Conditions, Items, TensorModel, array
from explorer.state.model_facts import ModelFacts
from explorer.state.scatter_values import Ground, Rectangle
from trainers.data.data_spec import DataSpec
from trainers.engine.checkpoint import CheckpointHeader, find_checkpoint, load_model, read_header
from trainers.engine.classifier_training import classifier_available, load_classifier
from trainers.engine.decoding import decode_codes
from trainers.engine.inversion import search_codes
from trainers.engine.paths import PathWish, conditions_along, find_path
from trainers.engine.point_pictures import density_grid, heat_of
from trainers.errors import UsageError
from trainers.latent.inversion import Inversion, InversionSettings
from trainers.latent.latent_space import Temperature
from trainers.metrics.classifier import Classifier
from trainers.models.latent_model import (
    CodeTable,
    Encoder,
    LatentModel,
    Likelihood,
    Quantizer,
    Restorer,
    SequentialDecoder,
)
from trainers.reporting import Report, StopRequested, never, no_report

Codes = NDArray[np.float32]
Pictures = NDArray[np.uint8]


_FRAMED_SAMPLES = 2000
# Drawn number by number, so many take hardly longer than one.
_DRAWN_AT_ONCE = 256
_GROUND_SIDE = 64


class Reconstructed(NamedTuple):
    """Items as a model gives them back: values (count, *shape) and the codes (count, latent_size) they come from.

    Of a search also candidates (starts, count, latent_size), the best of each start, and the trail to the best of all
    (marks, count, latent_size).
    """

    values: Values
    codes: Codes
    candidates: Codes | None = None
    trail: Codes | None = None


class SharedClassifier:
    """The classifier of the data of several models, as the snapshots of a run, which is loaded once for all."""

    def __init__(self) -> None:
        self._loaded: tuple[DataSpec, Classifier] | None = None

    def of(self, spec: DataSpec) -> Classifier | None:
        """The classifier of a dataset, None until it has been trained."""
        if (self._loaded is None or self._loaded[0] != spec) and classifier_available(spec):
            self._loaded = spec, load_classifier(spec)
        return self._loaded[1] if self._loaded is not None and self._loaded[0] == spec else None


class OpenModel(TensorModel):
    """A model in evaluation mode with what its checkpoint says of it; used from one thread at a time."""

    def __init__(
        self,
        model: LatentModel,
        header: CheckpointHeader,
        path: str,
        generation: int,
        classifier: "SharedClassifier | None" = None,
    ) -> None:
        super().__init__(model, header)
        self.path = path
        self.generation = generation
        self._pace = Pace()
        self.shared_classifier = classifier or SharedClassifier()
        self.pictures: ItemPictures = self._make_pictures()

    def facts(self) -> ModelFacts:
        """What the window needs to know of the model."""
        return facts_of(self._model, self.header, self.path, self.generation, self.pictures, self._start())

    def warm_up(self) -> None:
        """Decode a little, so that the first picture a person asks for is as quick as the next.

        Not with a model that draws number by number, which takes longer than it would save.
        """
        if isinstance(self._model, SequentialDecoder):
            return
        codes = np.zeros((16, self._model.latent_space.size), dtype=np.float32)
        for count in (1, 16, 1):
            self.decode(codes[:count])

    @torch.inference_mode()
    def decode(self, codes: NDArray[np.floating], condition: Conditions = ()) -> Pictures:
        """Small pictures (count, height, width, channels) for codes (count, latent_size).

        condition: of a model that takes none, or whose usual condition will do, empty.
        """
        return self.pictures.small(self.decode_values(codes, condition))

    @torch.inference_mode()
    def decode_values(self, codes: NDArray[np.floating], condition: Conditions = ()) -> Values:
        """Items (count, *shape) for codes (count, latent_size): images in [0, 1], or points."""
        return array(self._model.decode(self._tensor(codes), self._told(condition, len(codes))))

    def decode_in_steps(self, codes: NDArray[np.floating], condition: Conditions = ()) -> Iterator[tuple[int, Values]]:
        """The same in short steps: where in `codes` each run of items starts, and the items.

        Runs may be empty: a model that draws number by number takes many steps for a long run.
        """
        told, start = np.asarray(condition, np.float32), 0
        if isinstance(self._model, SequentialDecoder):
            yield from self._draw_in_steps(self._model, codes, told)
            return
        while start < len(codes):
            end = start + self._pace.of(len(codes) - start)
            chunk = codes[start:end]
            with self._pace.timing(len(chunk)):
                values = self.decode_values(chunk, told[start:end] if told.ndim == 2 else told)
            yield start, values
            start += len(chunk)

    def decode_wholly(
        self, codes: NDArray[np.floating], condition: Conditions, report: Report, stop_requested: StopRequested
    ) -> Values:
        """Items (count, *shape) for codes (count, latent_size), for a model that takes long over them.

        Raises `StoppedError` when asked to stop.
        """
        told = self._told(condition, len(codes))
        return array(decode_codes(self._model, codes, told, report=report, stop_requested=stop_requested))

    def find_path(
        self,
        wish: PathWish,
        conditions: Sequence[Conditions],
        codes: Codes | None,
        report: Report,
        stop_requested: StopRequested,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Codes (steps, latent_size) of a path, and what the model is told at each step, (steps, size).

        conditions: of each key point. codes: (count, latent_size) of data. Raises `UsageError` where there is no such
        path, and `StoppedError`.
        """
        told = [None if one is None else one[0] for one in (self._told(given, 1) for given in conditions)]
        path = find_path(self._model, wish, codes, told[0], report=report, stop_requested=stop_requested)
        along = conditions_along(wish, told)
        return path, np.empty((len(path), 0)) if along is None else along

    @torch.inference_mode()
    def encode(self, items: Items, condition: Conditions = ()) -> tuple[Codes, Codes | None]:
        """Codes and their log-variances, if any, for items of a dataset."""
        posterior = self._encoder().encode(self._scaled(items), self._told(condition, len(items)))
        spread = posterior.log_variance
        return array(posterior.mean), None if spread is None else array(spread)

    @torch.inference_mode()
    def reconstruction_errors(self, items: Items, condition: Conditions = (), codes: Codes | None = None) -> Values:
        """Mean squared error (count,) of items of a dataset decoded from their codes.

        codes: (count, latent_size) of the items, those of the encoder where none are given.
        """
        scaled, told = self._scaled(items), self._told(condition, len(items))
        placed = self._encoder().encode(scaled, told).mean if codes is None else self._tensor(codes)
        decoded = self._model.decode(placed, told)
        return array((decoded - scaled).square().flatten(1).mean(dim=1))

    @torch.inference_mode()
    def restore(self, images: Values, condition: Conditions = ()) -> Values:
        """Corrupted images (count, channels, height, width) in [0, 1] as a model that restores them gives them back."""
        if not isinstance(self._model, Restorer):
            raise UsageError(f"The model {self.header.model} restores no pictures.")
        return array(self._model.restore(self._tensor(images), self._told(condition, len(images))))

    @torch.inference_mode()
    def log_likelihoods(self, items: Items, condition: Conditions = (), *, draws: int) -> Values:
        """log p(x) in nats (count,) of items of a dataset; where it is no exact one, the bound with so many draws."""
        if not isinstance(self._model, Likelihood):
            raise UsageError(f"The model {self.header.model} has no likelihood.")
        generator = torch.Generator().manual_seed(0)
        told = self._told(condition, len(items))
        log_weights = self._model.log_weights(self._scaled(items), draws, generator, told)
        return array(torch.logsumexp(log_weights.double(), dim=0) - math.log(len(log_weights)))

    def search(
        self,
        items: Items,
        condition: Conditions,
        settings: InversionSettings,
        report: Report,
        stop_requested: StopRequested,
        partial: Callable[[Reconstructed], None],
        first: Codes | None = None,
    ) -> Reconstructed:
        """Items of a dataset decoded from codes that are found by optimisation, for a model without an encoder.

        partial: called now and then with the best so far, perhaps of fewer items. When asked to stop it gives the same.
        first: codes (count, latent_size) to begin at beside others.
        """
        scaled, told = self._scaled(items), self._told(condition, len(items))

        @torch.inference_mode()
        def best(found: Inversion) -> Reconstructed:
            values = self._model.decode(found.codes, None if told is None else told[: len(found.codes)])
            return Reconstructed(array(values), *map(array, (found.codes, found.candidates, found.trail)))

        found = search_codes(
            self._model,
            scaled,
            told,
            settings,
            report=report,
            stop_requested=stop_requested,
            partial=lambda now: partial(best(now)),
            first=None if first is None else self._tensor(first),
        )
        return best(found)

    def training_codes(self) -> Codes | None:
        """Codes that the model keeps of the items it learned from, in their order; None for other models."""
        return array(self._model.training_codes().detach()) if isinstance(self._model, CodeTable) else None

    def classifier(self) -> Classifier | None:
        """What recognises items of the model's data, None until it has been trained."""
        return self.shared_classifier.of(self.header.data)

    def classify(self, values: Values) -> NDArray[np.int64] | None:
        """Class numbers (count,) of items (count, *shape), -1 for those of no class; None without a classifier."""
        classifier = self.classifier()
        return None if classifier is None else classifier.classify(torch.from_numpy(values)).numpy()

    @torch.inference_mode()
    def codebook(self, block: str) -> Codes:
        """Vectors (entries, depth) of the codebook of a block."""
        return array(self._quantizer().codebook(block))

    @torch.inference_mode()
    def code_indices(self, codes: NDArray[np.floating], block: str) -> NDArray[np.int64]:
        """Entries (count, rows, columns) nearest to codes (count, latent_size) in a block."""
        return self._quantizer().code_indices(self._tensor(codes), block).cpu().numpy()

    @torch.inference_mode()
    def with_indices(self, codes: NDArray[np.floating], block: str, indices: NDArray[np.int64]) -> Codes:
        """Codes (count, latent_size) with a block replaced by the vectors of entries (count, rows, columns)."""
        told = torch.from_numpy(indices).to(self._model.device)
        return array(self._quantizer().with_indices(self._tensor(codes), block, told))

    @torch.inference_mode()
    def sample_codes(
        self,
        count: int,
        temperature: Temperature,
        seed: int,
        condition: Conditions = (),
        report: Report = no_report,
        stop_requested: StopRequested = never,
    ) -> Codes:
        """Codes (count, latent_size) from the prior; the same seed gives the same ones.

        A model that draws number by number reports how far it is, and raises `StoppedError` when asked to stop.
        """
        generator = torch.Generator().manual_seed(seed)
        told = self._told(condition, count)
        return array(
            self._model.sample_prior(count, temperature, told, generator, report=report, stop_requested=stop_requested)
        )

    def _draw_in_steps(
        self, model: SequentialDecoder, codes: NDArray[np.floating], told: NDArray[np.float32]
    ) -> Iterator[tuple[int, Values]]:
        nothing = np.empty((0, *self.header.data.shape), np.float32)
        for start in range(0, len(codes), _DRAWN_AT_ONCE):
            chunk = codes[start : start + _DRAWN_AT_ONCE]
            condition = self._told(told[start : start + len(chunk)] if told.ndim == 2 else told, len(chunk))
            steps, latest = model.decode_steps(self._tensor(chunk), condition), torch.empty(0)
            while True:
                # Not round the whole loop: what runs between two steps is none of this one's business.
                with torch.inference_mode():
                    step = next(steps, None)
                if step is None:
                    break
                latest = step[1]
                yield start, nothing
            yield start, array(latest)

    def _start(self) -> tuple[float, ...]:
        # Where every number is one spot of a grid, all of them in their middle are no item a model has ever made.
        if not any(len(block.shape) > 1 for block in self._model.latent_space.blocks):
            return ()
        drawn = self.sample_codes(1, 1.0, seed=0, condition=self.usual_conditions(1))[0]
        return tuple(drawn.tolist())

    def _make_pictures(self) -> ItemPictures:
        spec = self.header.data
        if spec.kind == "images":
            return ImagePictures(spec.shape)
        samples = self.decode_values(
            self.sample_codes(_FRAMED_SAMPLES, 1.0, seed=0, condition=self.usual_conditions(_FRAMED_SAMPLES)),
            self.usual_conditions(_FRAMED_SAMPLES),
        )
        if not np.isfinite(samples).all(axis=1).any():
            raise UsageError(
                f"All points of {self.header.model} are infinite or no numbers; choose an earlier checkpoint."
            )
        return PointPictures.around(samples, self._ground)

    def _ground(self, frame: Rectangle) -> Ground | None:
        values, shown = density_grid(self._model, frame, _GROUND_SIDE), heat_of(self._model)
        names = {"density": "density of the model", "critic": "score of the critic"}
        return None if values is None or shown is None else Ground(values, names[shown])

    def _quantizer(self) -> Quantizer:
        if not isinstance(self._model, Quantizer):
            raise UsageError(f"The model {self.header.model} has no codebook.")
        return self._model

    def _encoder(self) -> Encoder:
        if not isinstance(self._model, Encoder):
            raise UsageError(f"The model {self.header.model} has no encoder, so images have no place on its map.")
        return self._model


def open_model(path: str, generation: int, classifier: SharedClassifier | None = None) -> OpenModel:
    """Load the newest checkpoint that a path names; raises `UsageError` with a sentence for the person."""
    file = find_checkpoint(Path(path))
    return OpenModel(load_model(file), read_header(file), str(file), generation, classifier)
