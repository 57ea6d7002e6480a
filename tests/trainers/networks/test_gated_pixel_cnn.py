"""The gated PixelCNN sees all earlier values and nothing else."""

import pytest
import torch
from torch import Tensor

from trainers.networks.gated_pixel_cnn import GatedPixelCnn, gate

HEIGHT, WIDTH = 5, 6


def _network(channels: int = 1, *, ordered: bool = True, condition_size: int = 0, levels: int = 4) -> GatedPixelCnn:
    torch.manual_seed(0)
    return GatedPixelCnn(
        levels, (HEIGHT, WIDTH), channels=channels, width=7, blocks=3, ordered=ordered, condition_size=condition_size
    ).double()


def _values(channels: int = 1, count: int = 1, levels: int = 4) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(levels, (count, channels, HEIGHT, WIDTH), generator=generator)


@pytest.mark.parametrize("kernel_size", [3, 5])
@pytest.mark.parametrize("ordered", [True, False], ids=["ordered", "indices"])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_value_depends_on_all_earlier_ones_and_on_no_other(
    channels: int, ordered: bool, kernel_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    # So wide that nowhere all rectifiers of a channel are shut.
    network = GatedPixelCnn(
        4, (HEIGHT, WIDTH), channels=channels, width=72, blocks=3, kernel_size=kernel_size, ordered=ordered
    ).double()
    entered = network.features(_values(channels)).detach().requires_grad_()
    monkeypatch.setattr(network, "features", lambda _values: entered)
    logits = network(_values(channels))
    # Raster order, and the order of channels within a cell.
    order = torch.arange(channels * HEIGHT * WIDTH).view(HEIGHT, WIDTH, channels).permute(2, 0, 1)

    for place in torch.cartesian_prod(torch.arange(channels), torch.arange(HEIGHT), torch.arange(WIDTH)):
        channel, row, column = place.tolist()
        weights = torch.randn(4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        (gradient,) = torch.autograd.grad(
            (weights * logits[0, channel, row, column]).sum(), entered, retain_graph=True, allow_unused=False
        )
        seen = gradient[0].abs().sum(dim=-1) != 0.0
        assert torch.equal(seen, order < order[channel, row, column]), place


def test_the_gate_lets_values_through_as_far_as_their_partners_say() -> None:
    features = torch.randn(2, 6, 3, 3)

    values, gates = features.chunk(2, dim=1)

    # One call of tanh stands for both: the logistic function of twice a number, on the scale from 0 to 2.
    assert torch.allclose(gate(features), 2.0 * torch.tanh(values) * torch.sigmoid(2.0 * gates), atol=1e-6)


def test_a_start_gives_every_value_the_frequencies_of_its_channel() -> None:
    network = _network(channels=2)
    frequencies = torch.tensor([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1]])

    network.start_from(frequencies)

    law = network(_values(2)).softmax(dim=-1).float()
    assert torch.allclose(law, frequencies[None, :, None, None].expand_as(law))


def test_what_a_place_adds_reaches_the_laws_of_that_place_and_of_later_ones() -> None:
    network = _network()
    values = _values()
    before = network(values)
    with torch.no_grad():
        network.of_row[:, 2] = torch.linspace(-1.0, 1.0, 14, dtype=torch.float64)[:, None]

    moved = (network(values) - before).abs().amax(dim=(0, 1, 4)) > 1e-9

    assert not bool(moved[:2].any())
    assert bool(moved[2:].all())


def test_a_condition_changes_every_law_even_that_of_the_first_value() -> None:
    network = _network(condition_size=3)
    values = _values().expand(2, -1, -1, -1)

    first, second = network(values, torch.eye(3, dtype=torch.float64)[:2])

    assert bool(((first - second).abs().amax(dim=-1) > 1e-6).all())


def test_a_missing_condition_is_told() -> None:
    with pytest.raises(ValueError, match="made for a condition"):
        _network(condition_size=3)(_values())


def test_unordered_values_have_vectors_of_their_own() -> None:
    features = _network(ordered=False).features(torch.arange(4))

    assert features.shape == (4, 7)
    assert torch.linalg.matrix_rank(features) == 4


def test_ordered_values_reach_from_minus_one_to_one() -> None:
    features = _network(levels=3).features(torch.arange(3))

    assert features.flatten().tolist() == [-1.0, 0.0, 1.0]
