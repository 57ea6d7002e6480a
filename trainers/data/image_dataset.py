"""A split of a dataset, resident in memory: images as 8-bit values, points as they are."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from trainers.data.data_spec import DataSpec

Split = Literal["train", "test"]


@dataclass(frozen=True)
class ImageDataset:
    """One split; batches are gathered from it without per-item Python.

    images: (count, channels, height, width) uint8, or (count, 2) float32 for points.
    labels: (count,) int64 class numbers, or None.
    attributes: (count, attributes) float32, columns named by `spec.attribute_names`, or None; NaN where an
        item has no number.
    """

    spec: DataSpec
    split: Split
    images: Tensor
    labels: Tensor | None = None
    attributes: Tensor | None = None

    def __len__(self) -> int:
        return len(self.images)

    def scaled(self, indices: Tensor | slice = slice(None)) -> Tensor:
        """The items at `indices` as float32, images scaled from [0, 255] to [0, 1]; no binarisation."""
        items = self.images[indices]
        return items.float() if items.is_floating_point() else items.float().div_(255.0)

    def mean_image(self) -> Tensor:
        """The mean item, shaped like one item, float32 on the scale of `scaled`."""
        total = torch.zeros(self.images.shape[1:], dtype=torch.float64)
        for items in self.images.split(4096):
            total += items.sum(dim=0, dtype=torch.float64).cpu()
        scale = 1.0 if self.images.is_floating_point() else 255.0
        return (total / (scale * max(len(self), 1))).float()
