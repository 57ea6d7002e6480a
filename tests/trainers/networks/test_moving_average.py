"""The average of a network's weights over the steps of its training."""

import pytest
import torch
from torch import Tensor, nn

from trainers.networks.moving_average import MovingAverage


class _Number(nn.Module):
    def __init__(self, value: float = 0.0) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.tensor(value))

    def forward(self, inputs: Tensor) -> Tensor:
        return inputs * self.value


def _number(average: MovingAverage) -> float:
    network = average.network
    assert isinstance(network, _Number)
    return float(network.value)


def _averaged(values: list[float], decay: float) -> list[float]:
    average = MovingAverage(_Number(-5.0), decay)
    found = []
    for value in values:
        average.update(_Number(value))
        found.append(_number(average))
    return found


def test_it_begins_as_the_network_and_its_first_update_copies() -> None:
    average = MovingAverage(_Number(7.0), 0.999)
    assert _number(average) == 7.0

    average.update(_Number(3.0))

    assert _number(average) == 3.0


def test_its_value_after_some_updates_is_known() -> None:
    second = 1.0 / 11.0 * 1.0 + 10.0 / 11.0 * 2.0
    third = 2.0 / 12.0 * second + 10.0 / 12.0 * 6.0

    assert _averaged([1.0, 2.0, 6.0], decay=0.999) == pytest.approx([1.0, second, third])


def test_the_ramp_ends_at_the_decay() -> None:
    *_, before, after = _averaged([0.0] * 200 + [1.0], decay=0.9)

    assert before == 0.0
    assert after == pytest.approx(0.1)


def test_it_has_left_the_start_long_before_the_decay_would_have() -> None:
    assert _averaged([100.0] + [0.0] * 50, decay=0.9999)[-1] < 1e-6


def test_of_a_constant_network_it_is_the_network_to_the_bit() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    average = MovingAverage(network, 0.99)
    for _ in range(300):
        average.update(network)

    for name, value in average.network.state_dict().items():
        assert torch.equal(value, network.state_dict()[name])


def test_statistics_of_batches_are_averaged_and_counters_copied() -> None:
    torch.manual_seed(0)
    network = nn.BatchNorm1d(2)
    average = MovingAverage(network, 0.5)
    means = []
    for _ in range(2):
        network(5.0 + torch.randn(8, 2))
        average.update(network)
        assert network.running_mean is not None
        means.append(network.running_mean.clone())

    averaged = average.network
    assert isinstance(averaged, nn.BatchNorm1d)
    assert averaged.running_mean is not None
    assert torch.allclose(averaged.running_mean, means[0] / 11.0 + 10.0 * means[1] / 11.0)
    assert averaged.num_batches_tracked is not None
    assert int(averaged.num_batches_tracked) == 2


def test_it_is_never_trained_and_leaves_the_network_alone() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    whole = nn.ModuleDict({"network": network, "average": MovingAverage(network, 0.9)}).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    average = whole["average"]
    assert isinstance(average, MovingAverage)
    average.update(network)
    averages = {name: value.clone() for name, value in average.state_dict().items()}

    average(torch.randn(5, 3))

    assert network.training
    assert not any(module.training for module in average.modules())
    assert not any(parameter.requires_grad for parameter in average.parameters())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(torch.equal(value, averages[name]) for name, value in average.state_dict().items())


def test_saved_and_restored_it_goes_on_as_before() -> None:
    one, other = MovingAverage(_Number(), 0.99), MovingAverage(_Number(), 0.99)
    for value in (1.0, 4.0, 2.0):
        one.update(_Number(value))

    other.load_state_dict(one.state_dict())
    for average in (one, other):
        average.update(_Number(9.0))

    assert _number(one) == _number(other)
