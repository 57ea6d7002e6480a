"""Drawn faces with known factors, embedded."""

import torch

from trainers.data.dataset_source import Contents, DatasetSource, Items
from trainers.data.face_attributes import RANGES, draw_attributes
from trainers.data.face_drawing import draw_faces
from trainers.reporting import Report

_COUNTS = {"train": 10_000, "test": 2_000}
_SEEDS = {"train": 1, "test": 2}
_VERSION = "faces 2"  # changes with every change of the drawing, so that old drawings are not read again


class Faces(DatasetSource):
    """64×64 colour faces; the label says whether the attribute `smile` is above 0."""

    name = "faces"
    title = "Faces"
    description = "12,000 drawn faces with known attributes, 64×64 colour, embedded"
    embedded = True

    def signature(self) -> str:
        """The version of the drawing."""
        return _VERSION

    def read(self, report: Report) -> Contents:
        """Draw both splits, which takes some seconds."""
        return Contents(
            {"train": _items("train", report, 0.0), "test": _items("test", report, 0.8)},
            class_names=("not smiling", "smiling"),
            attribute_names=tuple(RANGES),
        )


def _items(split: str, report: Report, share: float) -> Items:
    report(share, f"drawing faces ({split})")
    attributes = torch.from_numpy(draw_attributes(_COUNTS[split], _SEEDS[split]))
    labels = (attributes[:, tuple(RANGES).index("smile")] > 0.0).long()
    return Items(torch.from_numpy(draw_faces(attributes.numpy())), labels, attributes)
