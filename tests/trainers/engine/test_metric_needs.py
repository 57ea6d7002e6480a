from typing import TYPE_CHECKING

import pytest

from trainers.data.catalogue import load_dataset
from trainers.engine.evaluation import evaluate
from trainers.engine.metric_needs import impossible_metrics
from trainers.errors import UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import MetricSettings
from trainers.models.catalogue import MODELS

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel


@pytest.mark.parametrize("name", ["vae", "autoencoder", "gan"])
def test_what_cannot_be_measured_says_what_measuring_would_say(make_model: "MakeModel", name: str) -> None:
    model = make_model(name, latent_size=4)
    found = impossible_metrics(model)
    assert set(found) < set(METRICS)
    dataset = load_dataset("digits", "test")
    for metric, reason in found.items():
        with pytest.raises(UsageError) as told:
            evaluate(model, dataset, [metric], MetricSettings(limit=4))
        assert str(told.value) == reason


def test_points_have_nothing_to_be_recognised_by() -> None:
    spec = load_dataset("moons", "test").spec
    model = MODELS["real_nvp"](MODELS["real_nvp"].config_type().resolved(spec), spec)
    found = impossible_metrics(model)
    assert "log_likelihood" not in found
    assert "moons" in found["fid_embedded"]
