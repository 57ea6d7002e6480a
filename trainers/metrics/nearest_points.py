"""The class of a point by the labelled points around it."""

from collections.abc import Sequence

import torch
from torch import Tensor

NEIGHBOURS = 5

_AT_ONCE = 1024
_MOST_POINTS = 10_000
# Points further from every labelled one than nearly all of these are from each other belong to no class.
_USUAL_SHARE = 0.99
_CUT_OFF_FACTOR = 2.0


class NearestPoints:
    """The class most common among the five nearest labelled points, or none for a point far from all of them.

    points: (count, 2), of which 10,000 spread over the order are kept. labels: (count,) class numbers.
    cut_off: largest distance to the nearest labelled point at which a point still has a class: twice the distance to
    the nearest other one that 99 % of the labelled points stay below.
    """

    def __init__(self, points: Tensor, labels: Tensor, class_names: Sequence[str]) -> None:
        kept = torch.arange(min(len(points), _MOST_POINTS)) * len(points) // min(len(points), _MOST_POINTS)
        self.class_names = tuple(class_names)
        self._points = points[kept].float().cpu()
        self._labels = labels[kept].cpu()
        apart = torch.cat([_distances(part, self._points, 2)[0][:, -1] for part in self._points.split(_AT_ONCE)])
        self.cut_off = _CUT_OFF_FACTOR * float(apart.quantile(_USUAL_SHARE))

    @property
    def title(self) -> str:
        """What it is, and how far it looks."""
        return f"{NEIGHBOURS} nearest labelled points, none beyond {self.cut_off:.3g}"

    def classify(self, images: Tensor) -> Tensor:
        """Labels (batch,) int64 of points (batch, 2), -1 for those of no class."""
        parts = [self._classified(part) for part in images.float().cpu().split(_AT_ONCE)]
        return torch.cat(parts).to(images.device)

    def _classified(self, points: Tensor) -> Tensor:
        distances, places = _distances(points, self._points, NEIGHBOURS)
        labels = self._labels[places].mode(dim=1).values
        return labels.masked_fill(~(distances[:, 0] <= self.cut_off), -1)


def _distances(points: Tensor, others: Tensor, count: int) -> tuple[Tensor, Tensor]:
    # Differences instead of products of norms, which lose the small distances that matter here.
    every = torch.cdist(points, others, compute_mode="donot_use_mm_for_euclid_dist")
    nearest = every.topk(min(count, len(others)), dim=1, largest=False)
    return nearest.values, nearest.indices
