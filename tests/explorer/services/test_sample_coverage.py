"""Which classes the samples cover, in words."""

import numpy as np
import pytest

from explorer.services.sample_coverage import coverage_text
from explorer.services.samples import DrawnSamples
from explorer.state.condition_facts import ConditionFacts
from explorer.state.model_facts import ModelFacts

DIGITS = tuple("0123456789")


def _facts(condition: ConditionFacts | None = None) -> ModelFacts:
    return ModelFacts(
        "m", "", 1, 2, ("z1", "z2"), (0.0, 0.0), (1.0, 1.0), (1, 8, 8), DIGITS, frozenset(), "digits", 1.0, 1,
        condition=condition or ConditionFacts(),
    )  # fmt: skip


def _drawn(classes: list[int] | None, asked: list[int] | None = None, *, rising: bool = False) -> DrawnSamples:
    count = len(classes or [0] * 8)
    conditions = np.empty((count, 0), np.float32) if asked is None else np.eye(10, dtype=np.float32)[asked]
    found = None if classes is None else np.array(classes)
    return DrawnSamples(
        np.zeros((count, 2), np.float32), np.zeros((count, 8, 8, 1), np.uint8), conditions,
        classes=found, recognised_by="judge", rising=rising,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (list(range(10)) * 10, "10 of 10 classes · missing none"),
        ([0, 1, 2, 4, 6, 7, 9] * 12, "7 of 10 classes · missing 3, 5, 8"),
        (list(range(9)) * 2, "9 of 10 classes · missing 9, perhaps by chance among so few samples"),
        # One sample of a hundred is a tenth of a class's fair share, and one of a hundred and nine is less.
        ([*range(9)] * 11 + [9], "10 of 10 classes · missing none"),
        ([*range(9)] * 12 + [9], "9 of 10 classes · missing 9"),
    ],
)
def test_classes_are_counted_and_the_missing_ones_named(classes: list[int], expected: str) -> None:
    assert coverage_text(_drawn(classes), _facts()) == f"{expected} · recognised by the judge"


def test_samples_of_no_class_are_counted() -> None:
    text = coverage_text(_drawn([*list(range(10)) * 10, -1, -1]), _facts())
    assert text == "10 of 10 classes · missing none · 2 of no class · recognised by the judge"


def test_samples_that_were_asked_for_a_class_are_held_against_it() -> None:
    told = ConditionFacts("classes", DIGITS, usual=(1.0,) + (0.0,) * 9)
    in_turn, all_three = list(range(10)) * 10, [3] * 20
    each = coverage_text(_drawn([*in_turn[:-1], 0], in_turn), _facts(told))
    assert each == "10 of 10 classes · missing none · 99 of 100 as asked · recognised by the judge"
    one = coverage_text(_drawn([3] * 18 + [5, 8], all_three), _facts(told))
    assert one == "18 of 20 of class 3 · recognised by the judge"


def test_there_is_nothing_to_say_without_a_classifier_or_of_rising_temperatures() -> None:
    assert coverage_text(_drawn(None), _facts()) == ""
    assert coverage_text(_drawn([1] * 10, rising=True), _facts()) == ""
