"""The shortest way between two codes, measured by how much the picture changes on it."""

from collections.abc import Callable

import torch
from torch import Tensor

from trainers.errors import StoppedError, UsageError
from trainers.reporting import Report, StopRequested, never, no_report

_MOST_STEPS = 200
_STEPS_AT_ONCE = 10
# Where so many steps gain less than this share of the energy, the way is as short as it gets.
_LEAST_GAIN = 1e-4
_PLACES_OF_STEP = 8


def geodesic(
    decode: Callable[[Tensor], Tensor],
    codes: Tensor,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> Tensor:
    """The way (count, latent_size) from the first to the last of the codes given, on which pictures change least.

    It has the least energy, the sum of squared distances between the pictures of neighbouring codes, which makes the
    way the shortest in the metric that the decoder brings into the latent space, and its steps equally long. The
    search begins at the codes given, goes downhill by L-BFGS, and never ends higher than it began.

    decode: codes (count, latent_size) to items (count, …), with gradient. Raises `UsageError` where the items do not
    change smoothly with the codes, and `StoppedError`.
    Source: Shao et al., The Riemannian Geometry of Deep Generative Models, 2018.
    """
    first, last = codes[:1].detach().clone(), codes[-1:].detach().clone()
    inner = codes[1:-1].detach().clone().requires_grad_(True)
    if len(inner) == 0:
        return codes.detach().clone()

    def energy() -> Tensor:
        pictures = decode(torch.cat([first, inner, last])).flatten(1)
        return (pictures[1:] - pictures[:-1]).square().sum()

    best, least = inner.detach().clone(), _finite(energy())

    def downhill() -> Tensor:
        value = energy()
        # Of the codes alone: the weights keep the gradients they have, and may be all that there is to differentiate.
        gradient = torch.autograd.grad(value, inner, allow_unused=True)[0] if value.requires_grad else None
        if gradient is None:
            raise UsageError("Pictures of this model do not change smoothly with its codes; choose a linear path.")
        # What a condition was joined to comes back in another order of memory, which the search does not take.
        inner.grad = gradient.contiguous()
        return value

    for done in range(0, _MOST_STEPS, _STEPS_AT_ONCE):
        if stop_requested():
            raise StoppedError
        report(done / _MOST_STEPS, "finding the shortest way")
        with torch.no_grad():
            inner.copy_(_evenly_seen(decode, torch.cat([first, inner, last]))[1:-1])
        search = torch.optim.LBFGS([inner], max_iter=_STEPS_AT_ONCE, line_search_fn="strong_wolfe")
        search.step(downhill)
        with torch.no_grad():
            reached = float(energy())
        if not reached < least:
            break
        gain, best, least = least - reached, inner.detach().clone(), reached
        if gain < _LEAST_GAIN * least:
            break
    report(1.0, "finding the shortest way")
    return torch.cat([first, best, last])


def _evenly_seen(decode: Callable[[Tensor], Tensor], codes: Tensor) -> Tensor:
    """The same way with its codes (count, latent_size) where the picture has changed equally much.

    Going downhill bends the way quickly, but moves codes along it so slowly that steep places stay a single step.
    """
    share = torch.arange(_PLACES_OF_STEP, device=codes.device, dtype=codes.dtype) / _PLACES_OF_STEP
    between = codes[:-1, None] + share[:, None] * (codes[1:] - codes[:-1])[:, None]
    places = torch.cat([between.flatten(0, 1), codes[-1:]])
    pictures = decode(places).flatten(1)
    reached = torch.cat([pictures.new_zeros(1), (pictures[1:] - pictures[:-1]).norm(dim=1).cumsum(0)])
    wanted = torch.linspace(0.0, 1.0, len(codes), device=codes.device, dtype=reached.dtype) * reached[-1]
    after = torch.searchsorted(reached, wanted).clamp(1, len(places) - 1)
    length = (reached[after] - reached[after - 1]).clamp_min(torch.finfo(reached.dtype).tiny)
    beyond = ((wanted - reached[after - 1]) / length).clamp(0.0, 1.0)[:, None]
    return places[after - 1] + beyond * (places[after] - places[after - 1])


def _finite(energy: Tensor) -> float:
    if not torch.isfinite(energy):
        raise UsageError("The model decodes these key points to no pictures; choose others.")
    return float(energy.detach())
