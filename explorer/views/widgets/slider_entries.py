"""Groups of controls as one list of rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from explorer.state.slider_values import CategorySpec, SliderGroup, SliderSpec

# Of a group with thousands of numbers nobody moves more than a few, and these are the first.
MOST_SHOWN = 24


@dataclass(frozen=True)
class Heading:
    """The title of a group, which folds it away."""

    group: SliderGroup
    is_open: bool


@dataclass(frozen=True)
class More:
    """The row that shows the rest of a group, `hidden` of its controls, or with none hidden only the first again."""

    group: SliderGroup
    hidden: int


Entry = SliderSpec | CategorySpec | Heading | More


def slider_entries(
    groups: Sequence[SliderGroup], folded: Collection[str], complete: Collection[str]
) -> tuple[Entry, ...]:
    """The rows of some groups.

    folded: names of groups of which only the title is shown; complete: of those shown to the last control.
    """
    entries: list[Entry] = []
    for group in groups:
        is_open = group.name not in folded or not group.title
        if group.title:
            entries.append(Heading(group, is_open))
        if not is_open:
            continue
        shown = len(group.controls) if group.name in complete else MOST_SHOWN
        entries += group.controls[:shown]
        if len(group.controls) > MOST_SHOWN:
            entries.append(More(group, len(group.controls) - min(shown, len(group.controls))))
    return tuple(entries)
