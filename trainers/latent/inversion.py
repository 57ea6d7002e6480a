"""Codes found for items by optimisation, for models that have no encoder."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from pydantic import Field
from torch import Tensor

from trainers.config import Config
from trainers.errors import UsageError
from trainers.latent.latent_space import LatentSpace
from trainers.latent.search_coordinates import SearchCoordinates
from trainers.reporting import Report, StopRequested, never, no_report

# decode(codes (batch, latent_size), items (batch,)) gives items (batch, *shape) with a gradient. `items` says which of
# the items sought for each code belongs to, so that every item may have a condition of its own.
Decode = Callable[[Tensor, Tensor], Tensor]

_MARKS = 32
_NOT_SMOOTH = (
    "The pictures of this model do not change smoothly with its codes, so no codes can be searched for; "
    "choose a model with an encoder."
)


class InversionSettings(Config):
    """How hard codes are searched for; the same settings find the same codes."""

    starts: int = Field(default=4, ge=1, le=256, description="places from which each item's code is searched for")
    draws: int = Field(default=64, ge=1, le=10_000, description="codes of the prior among which the starts are nearest")
    steps: int = Field(default=200, ge=0, le=100_000, description="steps downhill from every start")
    learning_rate: float = Field(
        default=0.1, gt=0.0, le=10.0, description="first step size, in deviations of the prior; it falls to 0"
    )
    seed: int = Field(default=0, ge=0, le=2**63 - 1, description="seed of the codes drawn from the prior")


@dataclass(frozen=True)
class Inversion:
    """The best codes found, and where they came from.

    codes: (count, latent_size), within the support of the prior. errors: (count,), mean squared error per number of
    the item. candidates: (starts, count, latent_size), the best from each start; candidate_errors: (starts, count).
    trail: (marks, count, latent_size), the way from the start to the best code, which is the last of them.
    complete: False where the search was stopped early; everything is then the best so far.
    """

    codes: Tensor
    errors: Tensor
    candidates: Tensor
    candidate_errors: Tensor
    trail: Tensor
    complete: bool


def _to_nobody(_inversion: Inversion) -> None:
    return


def nearest_starts(
    decode: Decode, images: Tensor, draws: Tensor, starts: int, *, stop_requested: StopRequested = never
) -> Tensor:
    """For each item the codes whose items are nearest to it, the best first: (starts, count, latent_size).

    draws: (draws, count, latent_size), codes of the prior; fewer starts than asked for where there are fewer draws.
    When asked to stop, the draws that were not tried come last.
    """
    items = torch.arange(len(images), device=images.device)
    errors = torch.full(draws.shape[:2], math.inf, device=images.device)
    with torch.no_grad():
        for number, codes in enumerate(draws):
            if stop_requested():
                break
            errors[number] = _errors(decode(codes, items)[None], images)[0]
    order = errors.argsort(dim=0, stable=True)[:starts]
    return draws.gather(0, order[:, :, None].expand(-1, -1, draws.shape[2]))


def invert(
    decode: Decode,
    space: LatentSpace,
    images: Tensor,
    starts: Tensor,
    settings: InversionSettings | None = None,
    *,
    moments: tuple[Tensor, Tensor] | None = None,
    report: Report = no_report,
    stop_requested: StopRequested = never,
    partial: Callable[[Inversion], None] = _to_nobody,
) -> Inversion:
    """Codes that decode to items (count, *shape), from several starts each, by the squared error.

    Adam (Kingma and Ba 2015) moves the codes alone, in deviations of the prior, with a rate that falls along half a
    cosine; the best codes met on the way are kept. Nothing that `decode` depends on gathers a gradient.

    starts: (starts, count, latent_size), within the support of the prior. moments: of the prior where `space` does
    not know them. partial: called now and then with the best so far.
    When asked to stop it gives the best so far, at worst the best of the starts. Raises `UsageError` for a `decode`
    through which no gradient passes.
    """
    settings = settings or InversionSettings()
    search = _Search(decode, space, images, starts, settings, moments)
    distance = max(1, math.ceil(settings.steps / _MARKS))
    for step in range(settings.steps + 1):
        complete = step == settings.steps
        ends = complete or stop_requested()
        search.look(remember=step % distance == 0, downhill=not ends)
        report(step / max(1, settings.steps), f"step {step} of {settings.steps}")
        if ends:
            break
        if step % distance == 0:
            partial(search.found(complete=False))
        search.move(0.5 + 0.5 * math.cos(math.pi * step / settings.steps))
    return search.found(complete=complete)


class _Search:
    def __init__(
        self,
        decode: Decode,
        space: LatentSpace,
        images: Tensor,
        starts: Tensor,
        settings: InversionSettings,
        moments: tuple[Tensor, Tensor] | None,
    ) -> None:
        self._decode = decode
        self._images = images
        self._items = torch.arange(len(images), device=images.device).repeat(len(starts))
        self._coordinates = SearchCoordinates(space, moments or space.moments(), images.device)
        self._values = self._coordinates.of_codes(starts).requires_grad_()
        self._rate = settings.learning_rate
        self._optimizer = torch.optim.Adam([self._values], lr=self._rate)
        self._best = starts.clone()
        self._best_errors = torch.full(starts.shape[:2], math.inf, device=images.device)
        self._marks: list[Tensor] = []

    def look(self, *, remember: bool, downhill: bool) -> None:
        """Decode where the search stands, keep what is better than before, and find the way down."""
        with torch.enable_grad():
            codes = self._coordinates.codes(self._values)
            decoded = self._decode(codes.flatten(0, 1), self._items).unflatten(0, codes.shape[:2])
            errors = _errors(decoded, self._images)
            if downhill:
                self._values.grad = self._gradient(errors)
        codes, errors = codes.detach(), errors.detach()
        better = errors < self._best_errors
        self._best = torch.where(better[:, :, None], codes, self._best)
        self._best_errors = torch.where(better, errors, self._best_errors)
        if remember:
            self._marks.append(codes)

    def move(self, rate_factor: float) -> None:
        """One step downhill, and back into the support of the prior where it led out of it."""
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate * rate_factor
        self._optimizer.step()
        with torch.no_grad():
            self._coordinates.keep_inside(self._values)

    def found(self, *, complete: bool) -> Inversion:
        """The best of all starts."""
        errors, winners = self._best_errors.min(dim=0)
        rows = torch.arange(len(winners), device=winners.device)
        codes = self._best[winners, rows]
        marks = torch.stack(self._marks)[:, winners, rows]
        trail = torch.cat([marks, codes[None]])
        return Inversion(codes, errors, self._best, self._best_errors, trail, complete)

    def _gradient(self, errors: Tensor) -> Tensor:
        if not errors.requires_grad:
            raise UsageError(_NOT_SMOOTH)
        # Items and starts do not touch each other, so the sum gives each of them its own gradient. It is of the whole
        # item's error: a mean over many pixels would be lost beside what Adam adds to its denominator.
        size = self._images[0].numel()
        (gradient,) = torch.autograd.grad(size * errors.sum(), self._values, allow_unused=True)
        # What is rounded to a codebook depends on weights but not on the code.
        if gradient is None:
            raise UsageError(_NOT_SMOOTH)
        return self._coordinates.along_the_edge(self._values.detach(), gradient)


def _errors(decoded: Tensor, images: Tensor) -> Tensor:
    """Mean squared error (starts, count) of decoded items (starts, count, *shape); what is no number is infinite."""
    errors = (decoded - images).square().flatten(2).mean(dim=2)
    return torch.where(errors.isnan(), math.inf, errors)
