"""Conditions as numbers: which ones a model can be told, and how they are said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.state.condition_facts import ConditionFacts

CLASSES = ConditionFacts("classes", ("zero", "one", "two"), usual=(1.0, 0.0, 0.0))
ATTRIBUTES = ConditionFacts(
    "attributes", ("smile", "hat", "age"), (-1.0, 0.0, 20.0), (1.0, 1.0, 80.0), True, (0, 0.5, 50)
)


def test_a_class_is_one_hot() -> None:
    assert CLASSES.of_name(2) == (0.0, 0.0, 1.0)
    assert CLASSES.place((0.0, 1.0, 0.0)) == 1


@pytest.mark.parametrize(
    "condition", [(1.0, 1.0, 0.0), (0.5, 0.25, 0.0), (0.0, 0.0, 0.0), (1.0,), (1.0, 0.0, 2.0), (1.5, 0.0, -0.5)]
)
def test_what_is_no_class_gives_way_to_the_usual_one(condition: tuple[float, ...]) -> None:
    assert not CLASSES.fits(condition)
    assert CLASSES.fitting(condition) == (1.0, 0.0, 0.0)


def test_classes_may_be_mixed_in_shares() -> None:
    between = (0.0, 0.25, 0.75)
    assert CLASSES.fitting(between) == between
    assert CLASSES.place(between) == -1
    assert CLASSES.text(between) == "75% class two, 25% class one"
    assert CLASSES.text((0.5, 0.25, 0.25)) == "50% class zero, 25% class one, …"
    assert CLASSES.text((0.5, 0.25, 0.0)) == ""


@given(st.lists(st.floats(), max_size=4).map(tuple))
def test_any_condition_of_a_session_becomes_one_the_model_can_be_told(condition: tuple[float, ...]) -> None:
    assert sum(CLASSES.fitting(condition)) == pytest.approx(1.0, abs=1e-5)
    assert all(0.0 <= share <= 1.0 for share in CLASSES.fitting(condition))
    assert len(ATTRIBUTES.fitting(condition)) == 3
    assert all(abs(value) < 1e6 for value in ATTRIBUTES.fitting(condition))
    assert ConditionFacts().fitting(condition) == ()


def test_the_empty_condition_is_usual_and_fits_every_model() -> None:
    assert CLASSES.fits(())
    assert ConditionFacts().fits(())
    assert not ConditionFacts().fits((1.0,))


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ((0.0, 0.5, 50.0), "middle attributes"),
        ((-0.5, 0.5, 50.0), "smile −0.50"),
        ((0.25, 1.0, 50.0), "smile 0.25, hat 1.00"),
        ((0.25, 1.0, 30.0), "smile 0.25, hat 1.00, …"),
    ],
)
def test_attributes_that_are_not_in_the_middle_are_said(condition: tuple[float, ...], text: str) -> None:
    assert ATTRIBUTES.text(condition) == text


def test_classes_and_identities_are_said_by_name() -> None:
    assert CLASSES.text((0.0, 0.0, 1.0)) == "class two"
    assert ConditionFacts("identity", ("Ada", "Bo"), usual=(1.0, 0.0)).text((0.0, 1.0)) == "Bo"
    assert ConditionFacts().text(()) == ""
