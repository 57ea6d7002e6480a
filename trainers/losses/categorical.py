"""The law of a whole number given logits, in nats, and its draws as functions of a standard-normal number.

The law is the softmax of the logits, mixed with the even law so that no level has a probability below `least`.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional


def categorical_log_probability(logits: Tensor, values: Tensor, least: float = 0.0) -> Tensor:
    """log p of each value, shaped like `values` (…), int64, from logits (…, levels)."""
    levels = logits.shape[-1]
    log_softmax = -functional.cross_entropy(logits.reshape(-1, levels), values.reshape(-1), reduction="none")
    if least > 0.0:
        kept = log_softmax + math.log1p(-levels * least)
        log_softmax = torch.logaddexp(kept, torch.full_like(kept, math.log(least)))
    return log_softmax.view(values.shape)


def value_at(logits: Tensor, noise: Tensor, least: float = 0.0) -> Tensor:
    """The value (…), int64, at the quantile Φ(noise) of each law, from logits (…, levels) and noise (…)."""
    probabilities = _probabilities(logits, least)
    up_to = probabilities.cumsum(dim=-1)[..., :-1]
    beyond = _sums_beyond(probabilities)[..., :-1]
    precise = noise.double()[..., None]
    # Near 1 a quantile loses its digits, and the share beyond it keeps them.
    is_passed = torch.where(precise < 0.0, torch.special.ndtr(precise) >= up_to, torch.special.ndtr(-precise) <= beyond)
    return is_passed.sum(dim=-1)


def noise_of(logits: Tensor, values: Tensor, least: float = 0.0) -> Tensor:
    """The middle of what `value_at` turns into each value (…), float32, from logits (…, levels)."""
    probabilities = _probabilities(logits, least)
    places = values[..., None]
    half = 0.5 * probabilities.gather(-1, places)
    beyond = _sums_beyond(probabilities).gather(-1, places) + half
    below = functional.pad(probabilities.cumsum(dim=-1)[..., :-1], (1, 0)).gather(-1, places) + half
    middle = torch.where(below < 0.5, torch.special.ndtri(below), -torch.special.ndtri(beyond))
    return middle.squeeze(-1).float()


def _probabilities(logits: Tensor, least: float) -> Tensor:
    return torch.softmax(logits.double(), dim=-1) * (1.0 - logits.shape[-1] * least) + least


def _sums_beyond(probabilities: Tensor) -> Tensor:
    sums = probabilities.flip(-1).cumsum(dim=-1).flip(-1)
    return functional.pad(sums[..., 1:], (0, 1))
