from typing import TYPE_CHECKING

import pytest
import torch

from trainers.data.catalogue import load_dataset
from trainers.data.image_dataset import ImageDataset
from trainers.engine.evaluation import ModelSubject, evaluate, possible_metrics
from trainers.errors import StoppedError, UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.items import Items
from trainers.metrics.metric import MetricSettings
from trainers.models.latent_model import LatentModel

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel


@pytest.fixture
def held_out() -> ImageDataset:
    return load_dataset("digits", "test")


@pytest.fixture
def binary(make_model: "MakeModel") -> LatentModel:
    """A model of binarised images, as training would make it."""
    model = make_model()
    model.data_spec = model.data_spec.model_copy(update={"binarisation": "dynamic"})
    return model


@pytest.mark.parametrize("binarisation", ["none", "static", "dynamic"])
@pytest.mark.parametrize("name", METRICS.names())
def test_a_batch_of_7_measures_what_a_batch_of_1000_measures(
    name: str, binarisation: str, make_model: "MakeModel", held_out: ImageDataset
) -> None:
    model = make_model()
    model.data_spec = model.data_spec.model_copy(update={"binarisation": binarisation})
    (small,), (large,) = (
        evaluate(model, held_out, [name], MetricSettings(batch_size=size, importance_samples=5)) for size in (7, 1000)
    )
    assert small.count == large.count == len(held_out)
    assert small.value == pytest.approx(large.value, rel=1e-5)
    assert small.per_unit == pytest.approx(large.per_unit, rel=1e-4, abs=1e-6)


def test_the_split_is_drawn_the_same_way_every_time(binary: LatentModel, held_out: ImageDataset) -> None:
    draws = [Items.joined(list(ModelSubject(binary, held_out, size).batches())).images for size in (7, 100, 1000)]
    assert torch.equal(draws[0], draws[1])
    assert torch.equal(draws[0], draws[2])
    assert set(draws[0].unique().tolist()) == {0.0, 1.0}
    assert len(draws[0]) == len(held_out)


def test_the_same_settings_give_the_same_numbers(binary: LatentModel, held_out: ImageDataset) -> None:
    names = ["elbo", "iw_bound"]
    assert evaluate(binary, held_out, names) == evaluate(binary, held_out, names)
    other = evaluate(binary, held_out, names, MetricSettings(seed=1))
    assert other != evaluate(binary, held_out, names)


def test_measurements_come_in_the_order_asked_for(binary: LatentModel, held_out: ImageDataset) -> None:
    names = ["kl", "elbo", "reconstruction_error"]
    assert [measurement.name for measurement in evaluate(binary, held_out, names)] == names


def test_bounds_are_ordered_and_say_their_samples(binary: LatentModel, held_out: ImageDataset) -> None:
    elbo, bound = evaluate(binary, held_out, ["elbo", "iw_bound"], MetricSettings(importance_samples=20))
    assert elbo.value < bound.value
    assert 20 in bound.settings.values()
    assert elbo.settings["binarisation"] == binary.data_spec.binarisation == "dynamic"


def test_training_weights_are_not_part_of_a_reported_bound(make_model: "MakeModel", held_out: ImageDataset) -> None:
    plain, weighted = make_model(), make_model(beta=4.0, free_bits=1.0)
    weighted.load_state_dict(plain.state_dict())
    assert evaluate(plain, held_out, ["elbo"]) == evaluate(weighted, held_out, ["elbo"])


def test_a_limit_measures_only_the_first_items(binary: LatentModel, held_out: ImageDataset) -> None:
    (measurement,) = evaluate(binary, held_out, ["reconstruction_error"], MetricSettings(limit=50))
    assert measurement.count == 50


def test_everything_is_checked_before_the_first_is_measured(make_model: "MakeModel", held_out: ImageDataset) -> None:
    model = make_model("autoencoder")
    shares: list[float] = []
    with pytest.raises(UsageError, match="elbo needs"):
        evaluate(model, held_out, ["reconstruction_error", "elbo"], None, lambda share, _what: shares.append(share))
    with pytest.raises(UsageError, match="no metric named 'elb'; did you mean elbo"):
        evaluate(model, held_out, ["reconstruction_error", "elb"], None, lambda share, _what: shares.append(share))
    assert shares == []


def test_what_a_model_can_be_measured_by_can_be_measured(make_model: "MakeModel", held_out: ImageDataset) -> None:
    assert set(possible_metrics(make_model())) == set(METRICS)
    assert "elbo" not in possible_metrics(make_model(likelihood="grey_cross_entropy"))
    names = possible_metrics(make_model("autoencoder"))
    assert "reconstruction_error" in names
    assert len(evaluate(make_model("autoencoder"), held_out, names)) == len(names)


def test_progress_rises_over_all_metrics_and_a_stop_is_obeyed(binary: LatentModel, held_out: ImageDataset) -> None:
    shares: list[float] = []
    evaluate(binary, held_out, ["kl", "elbo"], None, lambda share, _what: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    with pytest.raises(StoppedError):
        evaluate(binary, held_out, ["kl"], None, lambda _share, _what: None, lambda: True)


def test_images_of_another_shape_are_refused(binary: LatentModel, held_out: ImageDataset) -> None:
    spec = held_out.spec.model_copy(update={"shape": (1, 28, 28), "name": "mnist"})
    other = ImageDataset(spec, "test", torch.zeros(2, 1, 28, 28, dtype=torch.uint8))
    with pytest.raises(UsageError, match="trained on items of 1 × 8 × 8"):
        evaluate(binary, other, ["kl"])


def test_measuring_leaves_a_model_in_training(binary: LatentModel, held_out: ImageDataset) -> None:
    binary.train()
    evaluate(binary, held_out, ["kl"])
    assert binary.training
    assert all(parameter.grad is None for parameter in binary.parameters())
