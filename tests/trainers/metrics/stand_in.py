"""A subject of metrics with known answers."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import torch
from torch import Generator, Tensor

from trainers.metrics.catalogue import METRICS
from trainers.metrics.items import Items
from trainers.metrics.metric import Capability, ConditionLaw, Measurement, MetricSettings
from trainers.reporting import Report, StopRequested, never, no_report

ALL: frozenset[Capability] = frozenset(
    {"encoder", "bound", "likelihood", "exact_likelihood", "discrete_likelihood", "quantizer", "class_condition"}
)
CLASSES = ("low", "middle", "high")


class StandIn:
    """A subject with known answers: image i is filled with i / count, and its third unit never varies."""

    model_name = "stand-in"
    device = torch.device("cpu")
    split = "test"
    class_names = CLASSES
    is_conditional = True
    classifier_title = "thresholds"
    codebook_sizes: ClassVar[Mapping[str, int]] = {"top": 4, "bottom": 8}

    def __init__(self, count: int = 150, batch_size: int = 50, capabilities: frozenset[Capability] = ALL) -> None:
        self.count = count
        self.batch_size = batch_size
        self.capabilities = capabilities
        self.likelihood_name = "bernoulli" if "likelihood" in capabilities else None
        self.samples_asked: list[int] = []

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
        for start in range(0, count, 50):
            places = torch.arange(start, min(start + 50, count))
            labels = places % 3 if conditions == "uniform" else torch.zeros_like(places)
            shown = labels - (places % 4 == 0).long()
            noise = 0.1 * torch.rand(len(places), 1, 2, 2, generator=generator)
            images = shown.clamp_min(0).view(-1, 1, 1, 1) / 2.0 + noise
            yield Items(images, torch.nn.functional.one_hot(labels, 3).float(), labels)

    def classify(self, images: Tensor) -> Tensor:
        return (2.0 * images.mean(dim=(1, 2, 3))).long()

    def features(self, images: Tensor) -> Tensor:
        return images.flatten(1)


def measured(name: str, subject: StandIn | None = None, settings: MetricSettings | None = None) -> Measurement:
    """What a metric says of a stand-in, of a usual one with usual settings by default."""
    return METRICS[name]().measure(subject or StandIn(), settings or MetricSettings(), no_report, never)
