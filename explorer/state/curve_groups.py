"""Curves of a run sorted by what they measure, so that those on one axis can be compared."""

from dataclasses import dataclass

from explorer.state.training_values import Curve

_NATS = "nats per image"
# Quantities by the last part of a curve's name, in the order in which they are offered.
_QUANTITIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Likelihood", _NATS, ("reconstruction", "kl", "negative_bound", "negative_log_likelihood")),
    ("Loss", "loss", ("loss",)),
    ("Bits", "bits per dimension", ("bits_per_dimension",)),
    ("Error", "error", ("squared_error", "cross_entropy", "commitment_error")),
    ("Critic's scores", "score", ("score_real", "score_fake", "wasserstein")),
    ("Critic's accuracy", "share right", ("accuracy",)),
    ("Critic's slope", "norm of the gradient", ("slope", "gradient_penalty")),
    ("Codebook", "entries", ("perplexity", "entries_used")),
)
_LEVELS = ("Divergence by level", _NATS)
_OTHERS = ("Others", "value")


@dataclass(frozen=True)
class CurveGroup:
    """Curves of one quantity; unit: what their axis counts."""

    title: str
    unit: str
    curves: tuple[Curve, ...]


def curve_groups(curves: tuple[Curve, ...]) -> tuple[CurveGroup, ...]:
    """The curves in groups, the most telling first; what nobody knows comes last, in a group of its own.

    The loss of an objective with a divergence lies among the parts of the bound, which it is the sum of.
    """
    bounds = {_objective(curve) for curve in curves if _quantity(curve) == "kl"}
    found: dict[tuple[str, str], list[Curve]] = {(title, unit): [] for title, unit, _ in _QUANTITIES}
    found |= {_LEVELS: [], _OTHERS: []}
    for curve in curves:
        found[_group(curve, is_of_bound=_objective(curve) in bounds)].append(curve)
    return tuple(CurveGroup(title, unit, tuple(part)) for (title, unit), part in found.items() if part)


def _group(curve: Curve, *, is_of_bound: bool) -> tuple[str, str]:
    quantity = "negative_bound" if is_of_bound and _quantity(curve) == "loss" else _quantity(curve)
    if quantity.startswith("kl_"):
        return _LEVELS
    return next(((title, unit) for title, unit, names in _QUANTITIES if quantity in names), _OTHERS)


def _objective(curve: Curve) -> str:
    return curve.name.rpartition("/")[0]


def _quantity(curve: Curve) -> str:
    return curve.name.rpartition("/")[2]
