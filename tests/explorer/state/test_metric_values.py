"""Tables of metrics, curves over one another, and units in their order."""

import numpy as np
import pytest

from explorer.state.curve_choices import chosen_curves, curve_choices
from explorer.state.metric_values import MetricCell, MetricColumn, MetricRow, MetricTable, RunHistory, UnitHistory
from explorer.state.metric_work import MEASURING, WAITING, with_work, without_unfinished
from explorer.state.training_values import Curve

STEPS = (10.0, 20.0)


def _history(path: str, title: str, *names: str, steps_per_epoch: int = 10) -> RunHistory:
    return RunHistory(path, title, tuple(Curve(name, STEPS, (1.0, 2.0)) for name in names), steps_per_epoch)


def _table(cells: dict[tuple[str, str], MetricCell]) -> MetricTable:
    rows = tuple(MetricRow(path, path) for path in ("a", "b", "c"))
    return MetricTable(rows, tuple(MetricColumn(name, name) for name in ("x", "y", "z")), cells)


def test_one_run_shows_a_quantity_whole_and_several_show_its_parts_first() -> None:
    one = _history("a", "a", "loss", "kl", "reconstruction")
    assert [choice.title for choice in curve_choices((one,))][:2] == ["Likelihood", "Likelihood: loss"]
    titles = [choice.title for choice in curve_choices((one, _history("b", "b", "negative_bound", "kl")))]
    assert titles[0] == "Likelihood: negative bound"
    assert titles[-1] == "Likelihood"


def test_curves_of_several_runs_say_which_and_count_epochs() -> None:
    histories = (_history("/1/run", "run", "loss"), _history("/2/run", "run", "loss", steps_per_epoch=5))
    (choice,) = curve_choices(histories)
    assert chosen_curves(histories, choice, by_epoch=True) == [
        ("run (1)", (1.0, 2.0), (1.0, 2.0)),
        ("run (2)", (2.0, 4.0), (1.0, 2.0)),
    ]
    assert [name for name, _, _ in chosen_curves(histories[:1], choice, by_epoch=False)] == ["loss"]
    unknown = _history("/3", "old", "loss", steps_per_epoch=0)
    assert chosen_curves((unknown,), choice, by_epoch=True) == []
    assert len(chosen_curves((unknown,), choice, by_epoch=False)) == 1


def test_units_are_sorted_by_what_they_are_used_at_the_end() -> None:
    units = UnitHistory("kl", np.array([1.0, 2.0]), np.array([[9.0, 0.0, 1.0], [0.5, 2.0, 0.5]]))
    assert units.order(by_activity=False).tolist() == [0, 1, 2]
    assert units.order(by_activity=True).tolist() == [1, 0, 2]
    assert (units.quantity, units.unit) == ("KL", "nats")


def test_a_scatter_shows_by_itself_what_most_runs_have_both_of() -> None:
    known = {("a", "x"): 1.0, ("b", "y"): 1.0, ("c", "y"): 2.0, ("b", "z"): 3.0, ("c", "z"): 4.0}
    table = _table({place: MetricCell("value", "", "", value) for place, value in known.items()})
    assert table.usual_axes() == ("y", "z")
    assert table.usual_axes("x", "y") == ("x", "y")
    assert table.usual_axes("gone", "x") == ("y", "x")
    assert MetricTable().usual_axes() == ("", "")


def test_work_lies_over_the_table_but_not_over_what_stays_empty() -> None:
    reason = MetricCell("impossible", "", "no encoder")
    table = _table({("a", "x"): MetricCell("value", "1", "", 1.0), ("a", "y"): reason})
    work = {
        ("a", "x"): WAITING,
        ("a", "y"): WAITING,
        ("b", "x"): MEASURING,
        ("gone", "x"): WAITING,
        ("a", "q"): WAITING,
    }
    shown = with_work(table, work)
    assert shown.cell("a", "x") == WAITING
    assert shown.cell("a", "y") == reason
    assert shown.cell("b", "x") == MEASURING
    assert set(shown.cells) == {("a", "x"), ("a", "y"), ("b", "x")}
    assert with_work(table, {}) is table


def test_after_the_end_only_reasons_stay() -> None:
    failed = MetricCell("failed", "", "The disk is full.")
    assert without_unfinished({("a", "x"): WAITING, ("b", "x"): failed, ("c", "x"): MEASURING}) == {("b", "x"): failed}


@pytest.mark.parametrize("metric", ["x", "q"])
def test_a_place_without_a_cell_is_missing(metric: str) -> None:
    assert _table({}).cell("a", metric).kind == "missing"


def test_usual_axes_are_those_that_most_runs_have_both_of() -> None:
    known = {"x": "a", "y": "bc", "z": "a"}
    cells = {(run, name): MetricCell("value", "1", "", 1.0) for name, runs in known.items() for run in runs}
    table = _table(cells)
    # More runs have y than z, but none of them has x.
    assert table.usual_axes("x") == ("x", "z")
    assert table.usual_axes("x", "y") == ("x", "y")
    assert table.usual_axes()[0] == "y"
    assert _table({}).usual_axes("gone", "gone") == ("x", "y")
