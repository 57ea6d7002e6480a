"""A small convolutional classifier of one dataset, by which samples of models are recognised and compared."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

SMALLEST_SIDE = 8
FEATURES = 128

_FIRST_CHANNELS = 16
_MOST_CHANNELS = 128
# Levels halve the picture until about so many pixels are left along its shorter side.
_LAST_SIDE = 5
_AT_ONCE = 512


class EmbeddedClassifier(nn.Module):
    """Convolutions that halve the picture level by level, a layer of features, and the logits of the classes.

    shape: (channels, height, width) with sides of at least 8 pixels.
    accuracy: share of the test split it recognises, from 0 to 1; 0 before it is trained.
    Raises `ValueError` for smaller pictures or without classes.
    """

    def __init__(self, shape: Sequence[int], class_names: Sequence[str], accuracy: float = 0.0) -> None:
        super().__init__()
        channels, height, width = shape
        if min(height, width) < SMALLEST_SIDE or not class_names:
            raise ValueError(f"a classifier needs sides of at least {SMALLEST_SIDE} pixels and classes, not {shape}")
        self.class_names = tuple(class_names)
        self.accuracy = accuracy
        levels = max(1, round(math.log2(min(height, width) / _LAST_SIDE)))
        widths = [min(_FIRST_CHANNELS * 2**level, _MOST_CHANNELS) for level in range(levels)]
        sides = [math.ceil(side / 2**levels) for side in (height, width)]
        self.levels = nn.Sequential(
            *(_level(below, above) for below, above in zip([channels, *widths], widths, strict=False)),
            nn.Flatten(),
            nn.Linear(widths[-1] * math.prod(sides), FEATURES),
            nn.ReLU(),
        )
        self.last = nn.Linear(FEATURES, len(class_names))

    @property
    def title(self) -> str:
        """What it is, and the share of the test split that it recognises."""
        return f"embedded classifier, {100.0 * self.accuracy:.1f} % right on the test split"

    def forward(self, images: Tensor) -> Tensor:
        """Logits (batch, classes) of images (batch, channels, height, width) in [0, 1]."""
        logits: Tensor = self.last(self.levels(images))
        return logits

    def logits(self, images: Tensor) -> Tensor:
        """The same without a gradient, in evaluation mode and a part at a time."""
        with torch.no_grad():
            logits: Tensor = self.last(self.features(images))
        return logits

    def features(self, images: Tensor) -> Tensor:
        """Activations (batch, 128) below the logits, each at least 0; without a gradient, in evaluation mode."""
        was_training = self.training
        self.eval()
        with torch.no_grad():
            features = torch.cat([self.levels(part) for part in images.float().split(_AT_ONCE)])
        self.train(was_training)
        return features

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
