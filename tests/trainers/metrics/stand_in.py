"""A subject of metrics with known answers."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import torch
from torch import Generator, Tensor

from trainers.metrics.catalogue import METRICS
from trainers.metrics.extractor import ExtractorName, Features
from trainers.metrics.items import Items, Restoration
from trainers.metrics.metric import Capability, ConditionLaw, Measurement, MetricSettings
from trainers.reporting import Report, StopRequested, never, no_report

ALL: frozenset[Capability] = frozenset(
    {
        *("encoder", "bound", "likelihood", "exact_likelihood", "discrete_likelihood", "quantizer"),
        *("class_condition", "levels", "labels", "factors", "images", "restorer", "held_out"),
    }
)
CLASSES = ("low", "middle", "high")


class StandIn:
    """A subject with known answers: image i is filled with i / count, and its third unit never varies."""

    model_name = "stand-in"
    device = torch.device("cpu")
    split = "test"
    class_names: tuple[str, ...] = CLASSES
    held_out_classes: tuple[str, ...] = ("high",)
    is_conditional = True
    is_told = False
    classifier_title = "thresholds"
    binarisation = "static"
    extractors: ClassVar[frozenset[ExtractorName]] = frozenset({"embedded", "inception"})
    factor_names = ("height", "is_odd")
    unit_levels: tuple[int, ...] = (0, 1)
    corruption: ClassVar[Mapping[str, str | int | float]] = {"corruption": "mix", "strength": 0.1}
    corruption_kinds: ClassVar[Mapping[str, str]] = {"darker": "brightening", "never": "nothing", "noisier": "mean"}
    codebook_sizes: ClassVar[Mapping[str, int]] = {"top": 4, "bottom": 8}

    def __init__(self, count: int = 150, batch_size: int = 50, capabilities: frozenset[Capability] = ALL) -> None:
        self.count = count
        self.batch_size = batch_size
        self.capabilities = capabilities
        self.likelihood_name = "bernoulli" if "likelihood" in capabilities else None
        self.samples_asked: list[int] = []
        self.draws = 0
        self._remembered: dict[tuple[str, ExtractorName, bool], Features] = {}

    def images(self) -> Tensor:
        return (torch.arange(self.count) / self.count).view(-1, 1, 1, 1).expand(-1, 1, 2, 2)

    def items(self) -> Items:
        labels = torch.arange(self.count) % 3
        return Items(self.images(), torch.nn.functional.one_hot(labels, 3).float(), labels)

    def batches(self, *, binarised: bool = True) -> Iterator[Items]:
        items = self.items() if binarised else Items(self.images() / 2.0)
        for start in range(0, self.count, self.batch_size):
            yield items[start : start + self.batch_size]

    @property
    def search(self) -> Mapping[str, int] | None:
        return None if "encoder" in self.capabilities else {"starts": 2, "steps": 10}

    def reconstruct(self, items: Items, report: Report = no_report, stop_requested: StopRequested = never) -> Tensor:
        report(0.5, "halfway")
        return items.images + items.images.square()

    def encode(self, items: Items) -> tuple[Tensor, Tensor | None]:
        value = items.images[:, 0, 0, 0]
        return torch.stack([value, 2.0 * value, torch.full_like(value, 3.0)], dim=1), None

    def bound_terms(self, items: Items, generator: Generator) -> tuple[Tensor, Tensor]:
        value = items.images[:, 0, 0, 0]
        noise = 0.1 * torch.randn(len(items), generator=generator)
        return noise - value, torch.stack([value, torch.ones_like(value)], dim=1)

    def log_weights(self, items: Items, samples: int, generator: Generator) -> Tensor:
        self.samples_asked.append(samples)
        return torch.randn(samples, len(items), generator=generator) - items.images[:, 0, 0, 0]

    def log_likelihood(self, items: Items, generator: Generator) -> Tensor:
        return -items.images.sum(dim=(1, 2, 3))

    def restore(self, items: Items, first: int, seed: int) -> Restoration:
        """Of every four items three lose 0.1, one 0.2 and what the seed says; a tenth of it stays, or half of it."""
        places = torch.arange(first, first + len(items))
        kinds = torch.where(places % 4 == 0, 2, 0)
        lost = (0.1 * torch.where(kinds == 2, 2.0 + seed, 1.0)).view(-1, 1, 1, 1)
        images = items.images
        return Restoration(images - lost, images - lost / 10.0, images - lost / 2.0, kinds)

    def code_indices(self, items: Items) -> Mapping[str, Tensor]:
        """The top uses two of its entries in turn, the bottom one."""
        assert items.labels is not None
        places = (items.images[:, 0, 0, 0] * self.count).round().long()
        grid = (places % 2).view(-1, 1, 1).expand(-1, 2, 2)
        return {"top": 3 * grid, "bottom": torch.full_like(grid, 5)}

    def samples(
        self, count: int, seed: int, conditions: ConditionLaw, stop_requested: StopRequested
    ) -> Iterator[Items]:
        """Samples in blocks of 50: of class c grey values about c / 2, but every fourth one is of the class below."""
        generator = torch.Generator().manual_seed(seed)
        self.draws += 1
        for start in range(0, count, 50):
            places = torch.arange(start, min(start + 50, count))
            labels = places % 3 if conditions == "uniform" else torch.zeros_like(places)
            shown = labels - (places % 4 == 0).long()
            noise = 0.1 * torch.rand(len(places), 1, 2, 2, generator=generator)
            images = shown.clamp_min(0).view(-1, 1, 1, 1) / 2.0 + noise
            yield Items(images, torch.nn.functional.one_hot(labels, 3).float(), labels)

    def classify(self, images: Tensor) -> Tensor:
        return (2.0 * images.mean(dim=(1, 2, 3))).long()

    def extractor_settings(self, extractor: ExtractorName) -> Mapping[str, str]:
        return {"extractor": f"pixels as {extractor}", "resize": "none"}

    def extract(self, images: Tensor, extractor: ExtractorName) -> tuple[Tensor, Tensor]:
        """Pixels with some of their squares, and a class by the grey value; of Inception twice as large."""
        values = images.flatten(1)
        features = torch.cat([values, values.square()], dim=1)
        distances = values.mean(dim=1, keepdim=True) - torch.tensor([0.0, 0.5, 1.0])
        return features * (2.0 if extractor == "inception" else 1.0), -20.0 * distances.square()

    def recalled(self, key: str, extractor: ExtractorName, *, of_model: bool = True) -> Features | None:
        return self._remembered.get((key, extractor, of_model))

    def remember(self, key: str, extractor: ExtractorName, features: Features, *, of_model: bool = True) -> None:
        self._remembered[key, extractor, of_model] = features

    @property
    def training_items(self) -> Tensor:
        """The grey values 0, 1, … 255, each as one image."""
        return torch.arange(256, dtype=torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 2, 2)

    def training_codes(self, limit: int, report: Report, stop_requested: StopRequested) -> tuple[Tensor, Tensor]:
        """Three clusters of codes, of which the class of an item of `items` is that nearest to its first two units."""
        labels = torch.arange(min(limit, 300)) % 3
        return torch.stack([labels / 2.0, labels.float(), torch.full((len(labels),), 3.0)], dim=1), labels

    @property
    def factors(self) -> Tensor:
        """The first unit itself, and whether an item has an odd number."""
        places = torch.arange(self.count)
        return torch.stack([places / self.count, (places % 2).float()], dim=1)


def usual_settings(name: str) -> MetricSettings:
    """Settings as they are by default, but fewer samples for those who compare each with each."""
    is_slow = METRICS[name].resources & {"features", "inception"}
    return MetricSettings(samples=300) if is_slow else MetricSettings()


def measured(name: str, subject: StandIn | None = None, settings: MetricSettings | None = None) -> Measurement:
    """What a metric says of a stand-in, of a usual one with usual settings by default."""
    return METRICS[name]().measure(subject or StandIn(), settings or usual_settings(name), no_report, never)
