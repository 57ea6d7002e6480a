"""Scores of the test items, and what they say of a class."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.anomalies import (
    AnomalyJob,
    ScoredItems,
    anomaly_facts,
    chosen_class,
    highest_places,
    is_quick,
    score_refusal,
    seen_anomalies,
)
from explorer.services.data_items import DataItems
from explorer.services.network import open_model
from explorer.state.reconstruction_choices import AnomalyChoice
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.errors import StoppedError
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.explorer.conftest import SaveStub

SPEC = DataSpec(name="digits", shape=(1, 2, 2), class_names=("a", "b", "c"))
SCORES = np.array([1.0, 5.0, 3.0, 4.0, 2.0, 0.0])


def _scored(scores: "NDArray[np.float64]" = SCORES, held_out: str = "") -> ScoredItems:
    images = np.arange(len(scores), dtype=np.uint8)[:, None, None, None] * np.ones((1, 1, 2, 2), np.uint8)
    items = DataItems(images, np.array([0, 1, 0, 1, 0, 0]), SPEC)
    return ScoredItems(AnomalyJob("a"), scores, items, "reconstruction error", held_out)


def test_items_are_scored_by_the_error_of_their_reconstructions(stubs: "SaveStub") -> None:
    path = str(stubs())
    model, dataset = open_model(path, 1), load_dataset("digits", "test")
    scored = AnomalyJob(path)(no_report, never)
    expected = model.reconstruction_errors(dataset.images.numpy())
    assert scored.scores == pytest.approx(expected, abs=1e-5)
    assert (scored.what, scored.held_out) == ("reconstruction error", "")
    assert (scored.items.images == dataset.images.numpy()).all()


def test_scoring_can_be_stopped(stubs: "SaveStub") -> None:
    with pytest.raises(StoppedError):
        AnomalyJob(str(stubs()))(no_report, lambda: True)


def test_a_class_of_high_scores_is_told_from_the_others() -> None:
    facts = anomaly_facts(_scored(), "b")
    assert facts.area == 1.0
    assert (facts.anomalous, facts.usual) == (("class b", 2), ("all others", 4))
    assert facts.anomalous_shares.sum() == pytest.approx(1.0)
    assert facts.usual_shares.sum() == pytest.approx(1.0)
    assert np.flatnonzero(facts.anomalous_shares).min() > np.flatnonzero(facts.usual_shares).max()
    assert (facts.false_alarms[0], facts.found[0], facts.false_alarms[-1], facts.found[-1]) == (0.0, 0.0, 1.0, 1.0)
    assert anomaly_facts(_scored(), "a").area == 0.0
    assert facts.score == "squared error"


def test_the_highest_scores_come_first_with_their_pictures() -> None:
    facts = anomaly_facts(_scored(), "b")
    assert highest_places(_scored()).tolist() == [1, 3, 2, 4, 0, 5]
    assert facts.pictures[:, 0, 0, 0].tolist() == [1, 3, 2, 4, 0, 5]
    assert facts.captions[:2] == ("b  5", "b  4")


def test_scores_that_are_no_numbers_are_left_out() -> None:
    scores = SCORES.copy()
    scores[1] = np.nan
    facts = anomaly_facts(_scored(scores), "b")
    assert facts.area == 1.0
    assert highest_places(_scored(scores))[0] == 3


def test_the_class_is_the_chosen_one_or_the_one_held_out_or_the_first() -> None:
    assert chosen_class(AnomalyChoice(), _scored()) == "a"
    assert chosen_class(AnomalyChoice(), _scored(held_out="c")) == "c"
    assert chosen_class(AnomalyChoice("b"), _scored(held_out="c")) == "b"


def test_a_class_that_the_items_do_not_have_is_said_and_no_other_takes_its_place() -> None:
    name = chosen_class(AnomalyChoice("ostrich"), _scored(held_out="c"))
    assert name == "ostrich"
    assert seen_anomalies(_scored(), name) == "There is no class named 'ostrich'; known: a, b, c."


def test_a_class_without_items_is_explained() -> None:
    said = seen_anomalies(_scored(), "c")
    assert isinstance(said, str)
    assert "others" in said


def test_what_takes_long_and_what_cannot_be_is_known_before() -> None:
    assert is_quick("auto", frozenset({"encoder"}))
    assert is_quick("auto", frozenset({"encoder", "sequential", "exact_likelihood"}))
    assert not is_quick("error", frozenset({"encoder", "sequential", "exact_likelihood"}))
    assert not is_quick("auto", frozenset({"critic"}))
    assert "no likelihood" in score_refusal("likelihood", frozenset({"encoder"}))
    assert score_refusal("likelihood", frozenset({"likelihood"})) == score_refusal("auto", frozenset()) == ""


def test_an_item_without_a_score_counts_in_neither_group_of_the_plots() -> None:
    # Place 3 is of class b, which keeps one score of 5; four others have lower ones.
    facts = anomaly_facts(_scored(np.array([1.0, 5.0, 3.0, np.nan, 2.0, 0.0])), "b")
    assert facts.area == 1.0
    assert facts.anomalous_shares.sum() == pytest.approx(1.0)
    assert facts.usual_shares.sum() == pytest.approx(1.0)
    assert np.isfinite(facts.edges).all()
