"""What is being measured, laid over what is measured."""

from collections.abc import Mapping
from dataclasses import replace

from explorer.state.metric_values import MetricCell, MetricTable

WAITING = MetricCell("waiting", "", "Waits to be measured.")
MEASURING = MetricCell("measuring", "", "Is being measured.")

Work = Mapping[tuple[str, str], MetricCell]


def with_work(table: MetricTable, work: Work) -> MetricTable:
    """The table with cells of work in its places, but for those that are known to stay empty."""
    if not work:
        return table
    rows = {row.path for row in table.rows}
    names = {column.name for column in table.columns}
    fitting = {
        place: cell
        for place, cell in work.items()
        if place[0] in rows and place[1] in names and table.cell(*place).kind != "impossible"
    }
    return replace(table, cells={**table.cells, **fitting})


def without_unfinished(work: Work) -> dict[tuple[str, str], MetricCell]:
    """Only what is over: the reasons why something could not be measured."""
    return {place: cell for place, cell in work.items() if cell.kind == "failed"}
