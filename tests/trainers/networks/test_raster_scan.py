"""Drawing cell by cell gives what the whole network would give for every cell."""

import pytest
import torch
from torch import Tensor

from trainers.networks.gated_pixel_cnn import GatedPixelCnn
from trainers.networks.raster_scan import draw_in_raster_order

HEIGHT, WIDTH, COUNT, LEVELS = 6, 5, 4, 3


def _drawn_naively(network: GatedPixelCnn, condition: Tensor | None, draws: Tensor) -> tuple[Tensor, Tensor]:
    """Values and their logits, the whole network run anew for every value."""
    values = torch.zeros(COUNT, network.channels, HEIGHT, WIDTH, dtype=torch.int64)
    kept = torch.zeros(*values.shape, LEVELS)
    for row in range(HEIGHT):
        for column in range(WIDTH):
            for channel in range(network.channels):
                logits = network(values, condition)[:, channel, row, column]
                kept[:, channel, row, column] = logits
                values[:, channel, row, column] = _choice(logits, draws[:, channel, row, column])
    return values, kept


def _choice(logits: Tensor, draws: Tensor) -> Tensor:
    return (logits.softmax(dim=1).cumsum(dim=1)[:, :-1] < draws[:, None]).sum(dim=1)


@pytest.mark.parametrize("condition_size", [0, 3], ids=["unconditional", "conditional"])
@pytest.mark.parametrize("ordered", [True, False], ids=["ordered", "indices"])
@pytest.mark.parametrize(("channels", "kernel_size"), [(1, 3), (1, 5), (3, 3)])
@torch.no_grad()
def test_it_draws_what_the_whole_network_draws(
    channels: int, kernel_size: int, ordered: bool, condition_size: int
) -> None:
    torch.manual_seed(2)
    network = GatedPixelCnn(
        LEVELS,
        (HEIGHT, WIDTH),
        channels=channels,
        width=8,
        blocks=4,
        kernel_size=kernel_size,
        ordered=ordered,
        condition_size=condition_size,
    )
    # Weights large enough that every value depends strongly on those before.
    for parameter in network.parameters():
        parameter.mul_(1.5)
    network.of_row.normal_()
    network.of_column.normal_()
    condition = torch.randn(COUNT, condition_size) if condition_size else None
    draws = torch.rand(COUNT, channels, HEIGHT, WIDTH)
    kept = torch.zeros(COUNT, channels, HEIGHT, WIDTH, LEVELS)

    def choose(logits: Tensor, channel: int, row: int, column: int) -> Tensor:
        kept[:, channel, row, column] = logits
        return _choice(logits, draws[:, channel, row, column])

    *_, (_, values) = draw_in_raster_order(network, COUNT, HEIGHT, WIDTH, choose, condition)

    expected, expected_logits = _drawn_naively(network, condition, draws)
    assert torch.equal(values, expected)
    assert torch.allclose(kept, expected_logits, atol=1e-5)
    assert float(kept.std(dim=0).mean()) > 0.01


def test_every_row_is_reported() -> None:
    network = GatedPixelCnn(LEVELS, (HEIGHT, WIDTH), width=4, blocks=2, ordered=True)
    shares, drawn = [], []
    for share, values in draw_in_raster_order(
        network, 2, HEIGHT, WIDTH, lambda _logits, _channel, _row, _column: torch.tensor([1, 2])
    ):
        shares.append(share)
        drawn.append(int((values > 0).sum()))

    assert shares == [(row + 1) / HEIGHT for row in range(HEIGHT)]
    assert drawn == [2 * WIDTH * (row + 1) for row in range(HEIGHT)]
