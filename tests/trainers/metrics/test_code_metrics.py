"""What codes tell of classes, factors and training items, on codes with known answers."""

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from tests.trainers.metrics.stand_in import ALL, StandIn, measured
from trainers.errors import StoppedError, UsageError
from trainers.metrics.attribute_predictability import balanced_accuracies, explained_variances
from trainers.metrics.importance_scores import ImportanceScores, disentanglement
from trainers.metrics.items import Items
from trainers.metrics.known_factors import FactorMetric, binned
from trainers.metrics.linear_probe import fitted_probe, probe_answers
from trainers.metrics.metric import METRICS, MetricSettings, check_subject
from trainers.metrics.mutual_information_gap import MutualInformationGap, entropy, mutual_information
from trainers.reporting import never, no_report

FACTOR_METRICS = ("mig", "dci", "sap")


def of_factors(name: str, codes: NDArray[np.float64], factors: NDArray[np.float64]) -> float:
    metric = METRICS[name]()
    assert isinstance(metric, FactorMetric)
    return metric.score(codes, factors, 0, no_report, never).value


def factors_drawn(count: int = 2000) -> NDArray[np.float64]:
    """Three independent factors, of which the last has two values."""
    drawn = np.random.default_rng(0).random((count, 3))
    drawn[:, 2] = (drawn[:, 2] > 0.4).astype(float)
    return drawn


@pytest.mark.parametrize(("name", "least"), [("mig", 0.9), ("dci", 0.9), ("sap", 0.45)])
def test_codes_that_are_the_factors_score_high_and_mixtures_low(name: str, least: float) -> None:
    factors = factors_drawn()
    apart = 3.0 * factors[:, [2, 0, 1]] - 1.0
    rotation = np.array([[1, 1, 1], [1, -1, 0], [1, 1, -2]]) / np.sqrt([[3], [2], [6]])
    mixed = (factors - factors.mean(axis=0)) / factors.std(axis=0) @ rotation
    assert of_factors(name, apart, factors) > least
    assert of_factors(name, mixed, factors) < 0.5 * of_factors(name, apart, factors)
    # The same twice leaves no gap, though each number is still about one factor.
    twice = np.concatenate([apart, apart], axis=1)
    if name != "dci":
        assert of_factors(name, twice, factors) == pytest.approx(0.0, abs=1e-9)


def test_the_gap_is_a_share_of_the_entropy_of_each_factor() -> None:
    # Every value of one beside every value of the other, so that neither tells anything of the other.
    factors = np.stack(np.meshgrid(np.arange(2.0), np.arange(7.0)), axis=-1).reshape(-1, 2).repeat(10, axis=0)
    score = MutualInformationGap().score(factors[:, ::-1], factors, 0, no_report, never)
    assert score.parts == pytest.approx((1.0, 1.0))
    half = np.where(np.arange(140) % 2 == 0, factors[:, 0], 0.0)
    (gap,) = MutualInformationGap().score(half[:, None], factors[:, :1], 0, no_report, never).parts
    assert gap == pytest.approx(mutual_information(half.astype(int), factors[:, 0].astype(int)) / math.log(2.0))


def test_unrelated_codes_predict_nothing() -> None:
    factors = factors_drawn()
    noise = np.random.default_rng(5).standard_normal((2000, 3))
    score = ImportanceScores().score(noise, factors, 0, no_report, never)
    assert float(score.settings["found_informativeness"]) < 0.4
    assert of_factors("sap", noise, factors) < 0.05
    assert of_factors("mig", noise, factors) < 0.02


def test_mutual_information_of_known_tables() -> None:
    first = np.array([0, 0, 1, 1] * 25)
    second = np.array([0, 1, 0, 1] * 25)
    assert mutual_information(first, first) == pytest.approx(math.log(2.0))
    assert mutual_information(first, second) == pytest.approx(0.0, abs=1e-12)
    assert entropy(np.array([0, 1, 2, 3])) == pytest.approx(math.log(4.0))


def test_mutual_information_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import mutual_info_score

    first, second = np.random.default_rng(0).integers(0, 6, (2, 500))
    second[:250] = first[:250]
    assert mutual_information(first, second) == pytest.approx(mutual_info_score(first, second))


def test_bins_are_equally_wide_and_few_values_stay_as_they_are() -> None:
    columns = np.stack([np.linspace(-1.0, 1.0, 401), np.arange(401) % 3 - 1.0], axis=1)
    places = binned(columns)
    assert len(np.bincount(places[:, 0])) == 20
    assert set(np.bincount(places[:, 0])) <= {19, 20, 21}
    assert (np.diff(places[:, 0]) >= 0).all()
    assert places[:4, 1].tolist() == [0, 1, 2, 0]


def test_disentanglement_is_1_for_one_factor_each_and_0_for_all_alike() -> None:
    per_row, weights = disentanglement(np.array([[3.0, 0.0], [0.5, 0.5], [0.0, 0.0]]))
    assert per_row.tolist() == pytest.approx([1.0, 0.0, 0.0])
    assert weights.tolist() == pytest.approx([0.75, 0.25, 0.0])


def test_explained_variance_is_the_squared_correlation() -> None:
    codes = np.random.default_rng(0).standard_normal((300, 2))
    factor = codes[:, 0] + 0.5 * np.random.default_rng(1).standard_normal(300)
    expected = np.corrcoef(codes[:, 0], factor)[0, 1] ** 2
    assert explained_variances(codes, factor)[0] == pytest.approx(expected)
    assert explained_variances(np.ones((300, 1)), factor).tolist() == [0.0]


def test_the_best_threshold_is_found_in_either_direction() -> None:
    factor = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    rising, falling = np.arange(6.0), -np.arange(6.0)
    tied = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
    codes = np.stack([rising, falling, tied, np.zeros(6)], axis=1)
    assert balanced_accuracies(codes, factor).tolist() == pytest.approx([1.0, 1.0, 5.0 / 6.0, 0.5])


@pytest.mark.parametrize("name", FACTOR_METRICS)
def test_factors_need_items_that_have_them(name: str) -> None:
    class Incomplete(StandIn):
        @property
        def factors(self) -> Tensor:
            return super().factors.index_fill(0, torch.arange(self.count // 2), torch.nan)

    with pytest.raises(UsageError, match=f"{name} needs data with known factors"):
        check_subject(METRICS[name], StandIn(capabilities=ALL - {"factors"}))
    with pytest.raises(UsageError, match="needs 100 items with numbers for all factors"):
        measured(name, Incomplete(150))
    with pytest.raises(UsageError, match="at least 100 items, and these are 99"):
        METRICS[name].check(StandIn(99), MetricSettings())
    assert measured(name, Incomplete(300)).count == 150
    assert measured(name).settings["factors"] == "height, is_odd"


def test_a_probe_tells_classes_apart_by_codes_of_training_items() -> None:
    class Labelled(StandIn):
        """Of the classes that its training codes have, but every fifth item is said to be of another."""

        def encode(self, items: Items) -> tuple[Tensor, Tensor | None]:
            assert items.labels is not None
            shown = items.labels + (torch.arange(len(items)) % 5 == 0).long()
            return torch.stack([shown % 3 / 2.0, shown % 3.0, torch.full((len(items),), 3.0)], dim=1), None

    measurement = measured("linear_probe", Labelled(320))
    assert measurement.value == pytest.approx(0.8, abs=0.01)
    assert measurement.standard_error == pytest.approx((0.16 / 320) ** 0.5, rel=0.05)
    assert measurement.settings["fitted_to"] == "300 training items"
    with pytest.raises(UsageError, match="linear_probe needs data with classes"):
        check_subject(METRICS["linear_probe"], StandIn(capabilities=ALL - {"labels"}))


def test_a_probe_is_the_regression_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(400) % 4
    centres = torch.randn(4, 6, generator=generator)
    codes = centres[labels] + torch.randn(400, 6, generator=generator) * torch.tensor([1.0, 9.0, 1.0, 1.0, 0.1, 1.0])
    weights = fitted_probe(codes, labels, 4)
    standard = ((codes - codes.mean(dim=0)) / codes.std(dim=0, correction=0)).numpy()
    oracle = LogisticRegression(C=1.0 / (2.0 * 1e-4 * 400), max_iter=5000, tol=1e-8).fit(standard, labels.numpy())
    shares = torch.from_numpy(oracle.predict_proba(standard))
    own = (codes.double() @ weights[:-1] + weights[-1]).softmax(dim=1)
    torch.testing.assert_close(own, shares.double(), rtol=0.0, atol=0.01)
    assert torch.equal(probe_answers(weights, codes), own.argmax(dim=1))
    with pytest.raises(StoppedError):
        fitted_probe(codes, labels, 4, stop_requested=lambda: True)


def test_samples_that_are_training_items_count_as_copies() -> None:
    class Copying(StandIn):
        """Every second sample is a training item, and the others lie nearer to one than most unseen items do."""

        def samples(self, count: int, *_rest: object) -> "list[Items]":  # type: ignore[override]
            grey = (torch.arange(count) % 256) / 255.0 + 0.2 / 255.0 * (torch.arange(count) % 2)
            return [Items(grey.view(-1, 1, 1, 1).expand(-1, 1, 2, 2))]

    class Between(Copying):
        def images(self) -> Tensor:
            places = torch.arange(self.count)
            offsets = torch.where(places % 5 < 2, 0.1, 0.3)
            return ((places % 100 + offsets) * 2.0 / 255.0).view(-1, 1, 1, 1).expand(-1, 1, 2, 2)

    measurement = measured("nearest_training_distance", Between(), MetricSettings(samples=200))
    assert measurement.value == pytest.approx(0.1 / 255.0, rel=1e-3)
    assert measurement.settings["found_share_of_copies"] == pytest.approx(0.5)
    assert measurement.settings["found_of_unseen_items"] == pytest.approx(0.22 / 255.0, rel=1e-3)
    assert measurement.settings["training_items"] == 256


def test_divergences_of_levels_add_up() -> None:
    class Deep(StandIn):
        unit_levels = (0, 2, 2)

        def bound_terms(self, items: Items, generator: Generator) -> tuple[Tensor, Tensor]:
            return torch.zeros(len(items)), torch.tensor([1.0, 2.0, 4.0]).expand(len(items), 3)

    measurement = measured("kl_per_level", Deep())
    assert measurement.value == 7.0
    assert measurement.per_unit == (1.0, 0.0, 6.0)
    assert measurement.settings["found_level_2"] == 6.0
    with pytest.raises(UsageError, match="kl_per_level needs a hierarchy of levels, which the model stand-in does not"):
        check_subject(METRICS["kl_per_level"], StandIn(capabilities=ALL - {"levels"}))


def test_training_items_are_not_compared_with_themselves() -> None:
    subject = StandIn()
    subject.split = "train"
    with pytest.raises(UsageError, match="items that the model has not seen; choose the test split"):
        METRICS["nearest_training_distance"].check(subject, MetricSettings())
