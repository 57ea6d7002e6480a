"""One condition after another at the same code."""

from dataclasses import dataclass

from explorer.state.condition_facts import Condition, ConditionFacts

STEPS = 7
# More classes than this are laid out as they fit instead of in one row.
MOST_COLUMNS = 20


@dataclass(frozen=True)
class ConditionSweep:
    """Conditions in the order in which their pictures are shown.

    captions: one per condition. row_titles: one per row, empty for none. columns: in each row, 0 for as many as fit.
    current: the place of the condition that is chosen, -1 where none of them is.
    """

    conditions: tuple[Condition, ...]
    captions: tuple[str, ...]
    row_titles: tuple[str, ...] = ()
    columns: int = 0
    current: int = -1


def condition_sweep(facts: ConditionFacts, condition: Condition) -> ConditionSweep:
    """Every class in one row, or a row per attribute from its minimum to its maximum with the others as they are.

    condition: the current one in full. Empty for a model whose condition has no controls.
    """
    if facts.is_choice:
        places = range(len(facts.names))
        columns = len(facts.names) if len(facts.names) <= MOST_COLUMNS else 0
        conditions = tuple(facts.of_name(place) for place in places)
        return ConditionSweep(conditions, facts.names, (), columns, facts.place(condition))
    if facts.kind != "attributes":
        return ConditionSweep((), ())
    values = [_values(low, high) for low, high in zip(facts.minima, facts.maxima, strict=True)]
    conditions = tuple(
        (*condition[:place], value, *condition[place + 1 :]) for place, row in enumerate(values) for value in row
    )
    captions = tuple(f"{round(value, 2) + 0.0:.2f}".replace("-", "−") for row in values for value in row)
    current = conditions.index(condition) if condition in conditions else -1
    return ConditionSweep(conditions, captions, facts.names, STEPS, current)


def _values(low: float, high: float) -> tuple[float, ...]:
    return tuple(low + (high - low) * step / (STEPS - 1) for step in range(STEPS))
