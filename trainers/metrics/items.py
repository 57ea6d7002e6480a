"""What a metric is shown of a dataset or of a model's samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Items:
    """Items with what belongs to them; a model's methods are given back the items whole.

    images: (batch, channels, height, width), values in [0, 1]; for points (batch, 2).
    condition: (batch, *shape), what the model must be told beside a code, or None for one that takes no condition.
    labels: (batch,) class numbers, or None for items without classes.
    codes: (batch, latent_size), those that the model learned for these very items, or None for one that learned none.
    """

    images: Tensor
    condition: Tensor | None = None
    labels: Tensor | None = None
    codes: Tensor | None = None

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, place: slice) -> "Items":
        condition, labels, codes = (_part(values, place) for values in (self.condition, self.labels, self.codes))
        return Items(self.images[place], condition, labels, codes)

    @classmethod
    def joined(cls, parts: Sequence["Items"]) -> "Items":
        """Several runs of items as one, in their order; all with conditions, labels and codes, or all without."""
        return cls(
            torch.cat([part.images for part in parts]),
            _joined([part.condition for part in parts]),
            _joined([part.labels for part in parts]),
            _joined([part.codes for part in parts]),
        )


@dataclass(frozen=True)
class Restoration:
    """Items after a corruption, and restored from it by a model and by a classical method.

    corrupted, restored, classical: (batch, channels, height, width), values in [0, 1].
    kinds: (batch,) int64, places in the subject's `corruption_kinds`.
    """

    corrupted: Tensor
    restored: Tensor
    classical: Tensor
    kinds: Tensor


def _part(values: Tensor | None, place: slice) -> Tensor | None:
    return None if values is None else values[place]


def _joined(values: Sequence[Tensor | None]) -> Tensor | None:
    present = [value for value in values if value is not None]
    return torch.cat(present) if present else None
