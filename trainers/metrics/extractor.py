"""What turns images into features, by which sets of images are compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from torch import Tensor

from trainers.frozen_network import FrozenNetwork
from trainers.metrics.embedded_classifier import FEATURES, EmbeddedClassifier

ExtractorName = Literal["embedded", "inception"]

FEATURE_SIZES: Mapping[ExtractorName, int] = {"embedded": FEATURES, "inception": 2048}


@dataclass(frozen=True)
class Features:
    """What an extractor says of images, in their order and on the CPU.

    vectors: (count, size). logits: (count, classes). are_binary: whether the images are of zeros and ones alone.
    """

    vectors: Tensor
    logits: Tensor
    are_binary: bool

    def __len__(self) -> int:
        return len(self.vectors)


class Extractor(Protocol):
    """What features are taken from.

    network: what looks, which nothing changes. size: numbers of a feature vector. digest: of its weights.
    settings: what is said of it beside every value.
    """

    @property
    def network(self) -> FrozenNetwork:
        """What looks at the images."""

    @property
    def size(self) -> int:
        """Numbers of a feature vector."""

    @property
    def digest(self) -> str:
        """What tells its weights from others."""

    @property
    def settings(self) -> Mapping[str, str]:
        """What it is called, and what it does to images first, for the settings of a measurement."""

    def extract(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features (batch, size) and logits (batch, classes) of images (batch, channels, height, width) in [0, 1]."""


class EmbeddedExtractor:
    """The embedded classifier of a dataset: features below its logits, of images as they are."""

    def __init__(self, classifier: EmbeddedClassifier, digest: str) -> None:
        self.network = classifier
        self.size = FEATURES
        self.digest = digest
        self.settings = {"extractor": classifier.title, "resize": "none"}

    def extract(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features (batch, 128) and logits (batch, classes) of images in [0, 1]."""
        return self.network.seen(images)
