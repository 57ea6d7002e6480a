"""The linear map a network begins with, against the network itself."""

import pytest
import torch
from torch import nn

from trainers.networks.affine_start import linear_start


def test_it_is_the_first_layer_up_to_the_activation() -> None:
    first = nn.Linear(4, 3)
    network = nn.Sequential(first, nn.ReLU(), nn.Linear(3, 2))
    assert torch.equal(linear_start(network), first.weight)


def test_batch_normalisation_counts_with_its_averages_and_stays_as_it_is() -> None:
    network = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU())
    network(torch.randn(50, 4) * 3.0)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    weights = linear_start(network)
    first, second = torch.randn(2, 1, 4)
    network.eval()
    change = network[1](network[0](first)) - network[1](network[0](second))
    assert torch.allclose(change, (first - second) @ weights.T, atol=1e-5)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_linear_layers_in_a_row_are_one() -> None:
    one, two = nn.Linear(4, 5), nn.Linear(5, 6)
    weights = linear_start(nn.Sequential(one, two, nn.Unflatten(1, (2, 3))))
    assert torch.allclose(weights, two.weight @ one.weight, atol=1e-6)


def test_a_network_that_bends_first_has_none() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        linear_start(nn.Sequential(nn.ReLU(), nn.Linear(2, 2)))
