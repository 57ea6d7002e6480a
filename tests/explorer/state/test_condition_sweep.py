"""Sweeps: which conditions they go through."""

from explorer.state.condition_facts import ConditionFacts
from explorer.state.condition_sweep import STEPS, condition_sweep


def test_classes_are_swept_in_one_row_with_the_current_one_marked() -> None:
    facts = ConditionFacts("classes", ("a", "b", "c"), usual=(1.0, 0.0, 0.0))
    sweep = condition_sweep(facts, (0.0, 0.0, 1.0))
    assert sweep.conditions == ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    assert (sweep.captions, sweep.columns, sweep.current) == (("a", "b", "c"), 3, 2)


def test_more_classes_than_fit_a_row_are_laid_out_as_they_fit() -> None:
    names = tuple(str(number) for number in range(47))
    assert condition_sweep(ConditionFacts("classes", names, usual=(1.0, *(0.0,) * 46)), ()).columns == 0


def test_an_attribute_goes_from_its_minimum_to_its_maximum_with_the_others_as_they_are() -> None:
    facts = ConditionFacts("attributes", ("smile", "age"), (-1.0, 20.0), (1.0, 80.0), usual=(0.0, 50.0))
    sweep = condition_sweep(facts, (0.5, 30.0))
    rows = [sweep.conditions[:STEPS], sweep.conditions[STEPS:]]
    assert [smile for smile, _ in rows[0]][::3] == [-1.0, 0.0, 1.0]
    assert {age for _, age in rows[0]} == {30.0}
    assert [age for _, age in rows[1]] == [20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0]
    assert {smile for smile, _ in rows[1]} == {0.5}
    assert (sweep.row_titles, sweep.columns, sweep.captions[0]) == (("smile", "age"), STEPS, "−1.00")
    assert sweep.conditions[sweep.current] == (0.5, 30.0)


def test_a_model_without_such_a_condition_has_no_sweep() -> None:
    assert condition_sweep(ConditionFacts(), ()).conditions == ()
    assert condition_sweep(ConditionFacts("image", usual=(0.5,) * 4), (0.5,) * 4).conditions == ()


def test_nothing_has_no_minus() -> None:
    facts = ConditionFacts("attributes", ("smile",), (-1.0,), (1.0 - 1e-7,), usual=(-5e-8,))
    assert condition_sweep(facts, facts.usual).captions == ("−1.00", "−0.67", "−0.33", "0.00", "0.33", "0.67", "1.00")
    assert facts.text((-1e-4,)) == "smile 0.00"
