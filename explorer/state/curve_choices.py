"""Which curves of one or more runs are drawn over one another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer.state.curve_groups import curve_groups
from explorer.state.metric_values import RunHistory

if TYPE_CHECKING:
    from explorer.state.training_values import Curve


@dataclass(frozen=True)
class CurveChoice:
    """Curves that can be drawn over one axis: all of a quantity, or one of its curves; unit: of their values."""

    title: str
    unit: str
    names: tuple[str, ...]


def curve_choices(histories: tuple[RunHistory, ...]) -> tuple[CurveChoice, ...]:
    """What can be drawn of some runs, the most telling quantity first.

    Of one run a quantity comes whole before its parts; of several its parts come first, as fewer curves are told apart.
    """
    first: dict[str, Curve] = {}
    for history in histories:
        for curve in history.curves:
            first.setdefault(curve.name, curve)
    found = []
    for group in curve_groups(tuple(first.values())):
        names = tuple(curve.name for curve in group.curves)
        whole = CurveChoice(group.title, group.unit, names)
        telling = sorted(names, key=lambda name: "bound" not in name)
        parts = [CurveChoice(f"{group.title}: {name.replace('_', ' ')}", group.unit, (name,)) for name in telling]
        if len(names) == 1:
            found.append(whole)
        else:
            found += [*parts, whole] if len(histories) > 1 else [whole, *parts]
    return tuple(found)


def chosen_curves(
    histories: tuple[RunHistory, ...], choice: CurveChoice, *, by_epoch: bool
) -> list[tuple[str, tuple[float, ...], tuple[float, ...]]]:
    """The curves of a choice as name, steps or epochs, values.

    With several runs a name says of which run; two of the same title are numbered.
    """
    titles = _told_apart([history.title for history in histories])
    drawn = []
    for history, title in zip(histories, titles, strict=True):
        for curve in history.curves:
            if curve.name not in choice.names or (by_epoch and history.steps_per_epoch <= 0):
                continue
            places = tuple(step / history.steps_per_epoch for step in curve.steps) if by_epoch else curve.steps
            parts = [title] if len(histories) > 1 else []
            parts += [curve.name] if len(choice.names) > 1 or not parts else []
            drawn.append((" · ".join(parts), places, curve.values))
    return drawn


def _told_apart(titles: list[str]) -> list[str]:
    return [
        title if titles.count(title) == 1 else f"{title} ({titles[:place].count(title) + 1})"
        for place, title in enumerate(titles)
    ]
