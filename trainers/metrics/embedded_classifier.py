"""A small convolutional classifier of one dataset, by which samples of models are recognised and compared."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trainers.frozen_network import FrozenNetwork

SMALLEST_SIDE = 8
FEATURES = 128

_FIRST_CHANNELS = 16
_MOST_CHANNELS = 128
# Levels halve the picture until about so many pixels are left along its shorter side.
_LAST_SIDE = 5
_AT_ONCE = 512


class ClassifierNetwork(nn.Module):
    """Convolutions that halve the picture level by level, a layer of features, and the logits of the classes.

    shape: (channels, height, width) with sides of at least 8 pixels. classes: how many.
    Raises `ValueError` for smaller pictures or without classes.
    """

    def __init__(self, shape: Sequence[int], classes: int) -> None:
        super().__init__()
        channels, height, width = shape
        if min(height, width) < SMALLEST_SIDE or classes < 1:
            raise ValueError(f"a classifier needs sides of at least {SMALLEST_SIDE} pixels and classes, not {shape}")
        levels = max(1, round(math.log2(min(height, width) / _LAST_SIDE)))
        widths = [min(_FIRST_CHANNELS * 2**level, _MOST_CHANNELS) for level in range(levels)]
        sides = [math.ceil(side / 2**levels) for side in (height, width)]
        self.levels = nn.Sequential(
            *(_level(below, above) for below, above in zip([channels, *widths], widths, strict=False)),
            nn.Flatten(),
            nn.Linear(widths[-1] * math.prod(sides), FEATURES),
            nn.ReLU(),
        )
        self.last = nn.Linear(FEATURES, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (batch, classes) of images (batch, channels, height, width) in [0, 1]."""
        logits: Tensor = self.last(self.levels(images))
        return logits


class EmbeddedClassifier(FrozenNetwork):
    """The trained network, which says what it sees without gradients and a part of the images at a time.

    accuracy: share of the test split it recognises, from 0 to 1; 0 where nobody has tried.
    """

    network: ClassifierNetwork

    def __init__(self, network: ClassifierNetwork, class_names: Sequence[str], accuracy: float = 0.0) -> None:
        super().__init__(network)
        self.class_names = tuple(class_names)
        self.accuracy = accuracy

    @property
    def title(self) -> str:
        """What it is, and the share of the test split that it recognises."""
        return f"embedded classifier, {100.0 * self.accuracy:.1f} % right on the test split"

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """Activations (batch, 128) below the logits, each at least 0."""
        return torch.cat([self.network.levels(part) for part in images.float().split(_AT_ONCE)])

    @torch.no_grad()
    def seen(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """The features and the logits (batch, classes)."""
        features = self.features(images)
        return features, self.network.last(features)

    def logits(self, images: Tensor) -> Tensor:
        """The logits (batch, classes) alone."""
        return self.seen(images)[1]

    def classify(self, images: Tensor) -> Tensor:
        """The most likely label (batch,) int64 of each image; there is always one."""
        return self.logits(images).argmax(dim=1)


def _level(below: int, above: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(below, above, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(above),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=2, ceil_mode=True),
    )
