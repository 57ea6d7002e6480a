import math

import torch

from trainers.engine.loss_meter import LossMeter
from trainers.models.training_plan import Terms


def terms(loss: float, **scalars: float) -> Terms:
    return Terms(torch.tensor(loss, requires_grad=True), {name: torch.tensor(value) for name, value in scalars.items()})


def test_means_are_those_since_the_last_clearing() -> None:
    meter = LossMeter()
    meter.add(terms(1.0, kl=4.0))
    meter.add(terms(3.0, kl=8.0))
    assert meter.means() == {"loss": 2.0, "kl": 6.0}
    assert meter.means() == {"loss": 2.0, "kl": 6.0}
    meter.clear()
    assert meter.means() == {}
    meter.add(terms(5.0))
    assert meter.means() == {"loss": 5.0}


def test_objectives_are_told_apart_by_their_prefix() -> None:
    meter = LossMeter()
    meter.add(terms(1.0), "critic/")
    meter.add(terms(3.0), "critic/")
    meter.add(terms(7.0), "generator/")
    assert meter.means() == {"critic/loss": 2.0, "generator/loss": 7.0}


def test_one_bad_step_among_many_shows() -> None:
    meter = LossMeter()
    for value in (1.0, math.nan, 2.0):
        meter.add(terms(value))
    assert math.isnan(meter.means()["loss"])


def test_low_precision_terms_are_averaged_in_float32() -> None:
    meter = LossMeter()
    for _ in range(1000):
        meter.add(Terms(torch.tensor(1.0078125, dtype=torch.bfloat16)))
    assert meter.means() == {"loss": 1.0078125}
