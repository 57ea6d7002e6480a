"""The training item nearest to each sample, which shows whether a model has learned its data by heart."""

from dataclasses import dataclass

import torch
from torch import Tensor

from trainers.errors import StoppedError, UsageError
from trainers.reporting import Report, StopRequested, never, no_report

# A block of products of so many samples and so many items takes 16 MB.
_SAMPLES_AT_ONCE = 1000
_ITEMS_AT_ONCE = 4000


@dataclass(frozen=True)
class NearestItems:
    """places: (samples,) int64, of the nearest item. distances: (samples,), root of the mean squared difference."""

    places: Tensor
    distances: Tensor


def nearest_training_items(
    samples: Tensor, items: Tensor, report: Report = no_report, stop_requested: StopRequested = never
) -> NearestItems:
    """The nearest item of each sample by the differences of their pixels, searched exhaustively.

    samples: (count, …) in [0, 1], or points. items: (many, …) of the same shape, 8-bit from 0 to 255 or like samples;
    only a part of them is read at a time. Results are on the CPU; of equally near items the first counts.
    Raises `UsageError` without items, `ValueError` for items of another shape, `StoppedError` when asked to stop.
    """
    if len(items) == 0:
        raise UsageError("There are no training items to search; choose another dataset.")
    if samples.shape[1:] != items.shape[1:]:
        raise ValueError(f"samples of {tuple(samples.shape[1:])} cannot be near items of {tuple(items.shape[1:])}")
    wanted = samples.detach().float().flatten(1)
    places = torch.zeros(len(wanted), dtype=torch.int64, device=wanted.device)
    smallest = torch.full((len(wanted),), torch.inf, device=wanted.device)
    for start in range(0, len(items), _ITEMS_AT_ONCE):
        part = _scaled(items[start : start + _ITEMS_AT_ONCE], wanted.device)
        squares = part.square().sum(dim=1)
        for first in range(0, len(wanted), _SAMPLES_AT_ONCE):
            if stop_requested():
                raise StoppedError
            those = slice(first, first + _SAMPLES_AT_ONCE)
            # |x − s|² without |s|², which is the same for all items.
            found = torch.addmm(squares, wanted[those], part.T, alpha=-2.0).min(dim=1)
            is_nearer = found.values < smallest[those]
            smallest[those] = torch.where(is_nearer, found.values, smallest[those])
            places[those] = torch.where(is_nearer, found.indices + start, places[those])
        report(min(start + _ITEMS_AT_ONCE, len(items)) / len(items), "nearest training items")
    return NearestItems(places.cpu(), _distances(wanted, items, places).cpu())


def _distances(wanted: Tensor, items: Tensor, places: Tensor) -> Tensor:
    # From the differences themselves, as little is left of small ones in a difference of squares.
    parts = [
        (those - _scaled(items[found.to(items.device)], wanted.device)).square().mean(dim=1).sqrt()
        for those, found in zip(wanted.split(_SAMPLES_AT_ONCE), places.split(_SAMPLES_AT_ONCE), strict=True)
    ]
    return torch.cat(parts)


def _scaled(items: Tensor, device: torch.device) -> Tensor:
    values = items.to(device).flatten(1)
    return values.float() if values.is_floating_point() else values.float().div_(255.0)
