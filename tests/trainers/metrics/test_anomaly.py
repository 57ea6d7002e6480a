"""How well a class that was held out stands out, against another implementation and answers known beforehand."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tests.trainers.metrics.stand_in import ALL, StandIn, measured
from trainers.errors import StoppedError, UsageError
from trainers.metrics.anomaly import anomaly_scores, roc_curve, score_name
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import Capability, MetricSettings
from trainers.reporting import never, no_report


@settings(deadline=None)
@given(
    items=st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=60).filter(
        lambda items: len({is_anomalous for _, is_anomalous in items}) == 2
    )
)
def test_curve_and_area_equal_another_implementation_with_ties(items: list[tuple[int, bool]]) -> None:
    from sklearn import metrics

    scores, anomalous = (torch.tensor(values) for values in zip(*items, strict=True))
    curve = roc_curve(scores.double(), anomalous)
    false_alarms, found, _ = metrics.roc_curve(anomalous.numpy(), scores.numpy(), drop_intermediate=False)
    assert torch.allclose(curve.false_alarms, torch.from_numpy(false_alarms))
    assert torch.allclose(curve.found, torch.from_numpy(found))
    assert curve.area == pytest.approx(metrics.roc_auc_score(anomalous.numpy(), scores.numpy()))


def test_area_is_the_share_of_pairs_in_the_right_order() -> None:
    scores = torch.tensor([3.0, 1.0, 2.0, 2.0])
    anomalous = torch.tensor([True, False, True, False])
    assert roc_curve(scores, anomalous).area == pytest.approx((1.0 + 1.0 + 1.0 + 0.5) / 4)
    assert roc_curve(-scores, anomalous).area == pytest.approx(0.5 / 4)
    assert roc_curve(torch.zeros(4), anomalous).area == 0.5


@pytest.mark.parametrize("anomalous", [torch.zeros(3).bool(), torch.ones(3).bool(), torch.zeros(0).bool()])
def test_one_kind_alone_has_no_curve(anomalous: Tensor) -> None:
    with pytest.raises(UsageError, match="items of the class that was held out and of others"):
        roc_curve(torch.zeros(len(anomalous)), anomalous)


@pytest.mark.parametrize(
    ("lacking", "wanted", "name"),
    [
        (set(), "auto", "-log p(x)"),
        ({"exact_likelihood"}, "likelihood", "-evidence bound"),
        ({"exact_likelihood", "bound"}, "auto", "-importance-weighted bound"),
        ({"exact_likelihood", "likelihood"}, "auto", "reconstruction error"),
        (set(), "error", "reconstruction error"),
    ],
)
def test_scores_are_likelihoods_where_there_are_any(lacking: set[Capability], wanted: str, name: str) -> None:
    subject = StandIn(capabilities=ALL - lacking)
    chosen = MetricSettings.from_values({"anomaly_score": wanted})
    assert score_name(subject, chosen) == name
    measurement = measured("anomaly_auroc", subject, chosen)
    assert measurement.settings["score"] == name
    found = anomaly_scores(subject, chosen, no_report, never, "scores")
    values = torch.arange(150).double() / 150
    expected = {
        "-log p(x)": 4.0 * values,
        "-evidence bound": 2.0 * values + 1.0,
        "-importance-weighted bound": values - 0.5,
        "reconstruction error": values.pow(4),
    }[name]
    # Bounds are drawn: 0.1 and about 0.13 is the deviation of one draw.
    drawn = 0.7 if "bound" in name else 1e-5
    assert torch.allclose(found.scores, expected, atol=drawn)
    assert float((found.scores - expected).mean()) == pytest.approx(0.0, abs=0.05)
    assert found.anomalous.tolist() == [place % 3 == 2 for place in range(150)]
    assert measurement.value == roc_curve(found.scores, found.anomalous).area


def test_the_class_is_that_held_out_or_one_that_is_named() -> None:
    held_out = measured("anomaly_auroc")
    assert held_out.settings == {
        "class": "high",
        "held_out": "yes",
        "score": "-log p(x)",
        "anomalies": 50,
        "split": "test",
        "seed": 0,
    }
    assert held_out.count == 150
    # Of every three neighbours the last scores highest: 50 · 51 / 2 triples of 50², against each of two classes.
    assert held_out.value == pytest.approx(50 * 51 / 2 / 2500)
    named = measured("anomaly_auroc", settings=MetricSettings(anomalous_class="low"))
    assert (named.settings["class"], named.settings["held_out"]) == ("low", "no")
    assert named.value == pytest.approx(1.0 - held_out.value)


def test_scores_of_items_whose_class_the_model_is_told_say_so() -> None:
    subject = StandIn()
    assert "told" not in measured("anomaly_auroc", subject).settings
    subject.is_told = True
    assert measured("anomaly_auroc", subject).settings["told"] == "the condition of each item"


def test_what_cannot_be_measured_says_what_to_do() -> None:
    metric = METRICS["anomaly_auroc"]
    subject = StandIn(capabilities=frozenset({"encoder"}))
    with pytest.raises(UsageError, match="has no likelihood"):
        metric.check(subject, MetricSettings(anomaly_score="likelihood"))
    with pytest.raises(UsageError, match=r"no class named 'huge'.*low, middle, high"):
        metric.check(subject, MetricSettings(anomalous_class="huge"))
    subject.held_out_classes = ()
    with pytest.raises(UsageError, match=r"--hold-out-class.*--anomalous-class"):
        metric.check(subject, MetricSettings())
    metric.check(subject, MetricSettings(anomalous_class="low"))
    subject.class_names = ()
    with pytest.raises(UsageError, match="these have none"):
        metric.check(subject, MetricSettings())
    with pytest.raises(UsageError, match="of the class that was held out and of others"):
        measured("anomaly_auroc", settings=MetricSettings(limit=1))


def test_scoring_stops_when_asked() -> None:
    for score in ("error", "likelihood"):
        chosen = MetricSettings.from_values({"anomaly_score": score})
        with pytest.raises(StoppedError):
            anomaly_scores(StandIn(), chosen, no_report, lambda: True, "scores")


def test_it_is_usual_where_a_class_was_held_out_and_codes_are_quick_to_find() -> None:
    usual = METRICS["anomaly_auroc"].is_usual
    assert usual(frozenset({"labels", "held_out", "encoder"}))
    assert not usual(frozenset({"labels", "encoder"}))
    assert not usual(frozenset({"labels", "held_out"}))
