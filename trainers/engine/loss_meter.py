"""Loss terms gathered on the device and read back a few times per second."""

import torch
from torch import Tensor

from trainers.models.training_plan import Terms

LOSS = "loss"


class LossMeter:
    """Means of the terms since it was last cleared; adding one does not wait for the device."""

    def __init__(self) -> None:
        self._gathered: dict[str, list[Tensor]] = {}

    def add(self, terms: Terms, prefix: str = "") -> None:
        """Note the terms of one optimiser step, under names that begin with `prefix`."""
        self._gathered.setdefault(prefix + LOSS, []).append(terms.total.detach())
        for name, value in terms.scalars.items():
            self._gathered.setdefault(prefix + name, []).append(value)

    def means(self) -> dict[str, float]:
        """The means by name; waits for the device once. Empty if nothing was added."""
        if not self._gathered:
            return {}
        means = torch.stack([torch.stack(values).float().mean() for values in self._gathered.values()])
        return dict(zip(self._gathered, means.tolist(), strict=True))

    def clear(self) -> None:
        """Begin anew."""
        self._gathered = {}
