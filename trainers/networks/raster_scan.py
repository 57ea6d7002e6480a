"""Drawing value by value from a gated PixelCNN without computing the whole grid for each."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import torch
from torch import Tensor
from torch.nn import functional

from trainers.networks.gated_pixel_cnn import GatedBlock, GatedPixelCnn, gate

# choose(logits (count, levels), channel, row, column) gives the values (count,), int64.
Choose = Callable[[Tensor, int, int, int], Tensor]


def draw_in_raster_order(
    network: GatedPixelCnn, count: int, height: int, width: int, choose: Choose, condition: Tensor | None = None
) -> Iterator[tuple[float, Tensor]]:
    """After every row the share done and the grids so far (count, channels, height, width), int64, 0 where undrawn.

    condition: (count, condition_size) for a network made for one. What is drawn has no gradient.
    """
    scan = RasterScan(network, count, width, condition)
    values = torch.zeros(count, network.channels, height, width, dtype=torch.int64, device=scan.device)
    for row in range(height):
        scan.begin_row()
        for column in range(width):
            for channel in range(network.channels):
                chosen = choose(scan.logits(column, channel), channel, row, column)
                values[:, channel, row, column] = chosen
                scan.put(column, channel, chosen)
        yield (row + 1) / height, values


def exact_convolutions() -> AbstractContextManager[None]:
    """Convolutions in single precision on every device inside the block.

    By default those of a GPU are rounded to half of its digits, and a picture would differ from the one its code says.
    """
    context: AbstractContextManager[None] = torch.backends.cudnn.flags(enabled=True, allow_tf32=False)
    return context


class RasterScan:
    """The logits of one cell after another, at the cost of one column of every layer.

    Rows above change nothing any more once a row has begun, so their stack is computed once per row; of the cells
    before, every layer keeps those of the row.
    """

    def __init__(self, network: GatedPixelCnn, count: int, width: int, condition: Tensor | None = None) -> None:
        self.device = network.output.weight.device
        self._network = network
        self._blocks = [_BlockScan(block, count, width, condition) for block in _blocks(network)]
        self._hidden = _matrix(network.hidden.masked_weight()), network.hidden.bias
        self._outputs = [
            (weight, bias)
            for weight, bias in zip(
                _matrix(network.output.masked_weight()).split(network.levels, dim=1),
                network.output.bias.split(network.levels),
                strict=True,
            )
        ]
        size = network.features(torch.zeros(1, dtype=torch.int64, device=self.device)).shape[1]
        self._row = torch.zeros(count, width, network.channels, size, device=self.device)
        self._of_places = iter(network.of_places().detach().split(1, dim=1))

    @torch.no_grad()
    def begin_row(self) -> None:
        """Go on to the next row; the cells of the last one must all be put."""
        row = self._row.flatten(2)
        of_places: Tensor | float = next(self._of_places)
        with exact_convolutions():
            for block in self._blocks:
                row = block.begin_row(row, of_places)
                of_places = 0.0
        self._row = torch.zeros_like(self._row)

    @torch.no_grad()
    def logits(self, column: int, channel: int) -> Tensor:
        """Logits (count, levels) of a value, once all values before it are put."""
        cell = self._row[:, column].flatten(1)
        for block in self._blocks:
            cell = block.cell(column, cell)
        weight, bias = self._hidden
        hidden = torch.relu(torch.addmm(bias, torch.relu(cell), weight))
        weight, bias = self._outputs[channel]
        return torch.addmm(bias, hidden, weight)

    @torch.no_grad()
    def put(self, column: int, channel: int, values: Tensor) -> None:
        """Say what the values (count,) of a channel of a cell are."""
        self._row[:, column, channel] = self._network.features(values)
        self._blocks[0].keep(column, self._row[:, column].flatten(1))


class _BlockScan:
    """What one block keeps between cells: rows of the stack above, and cells of the row with room before them."""

    @torch.no_grad()
    def __init__(self, block: GatedBlock, count: int, width: int, condition: Tensor | None) -> None:
        self._block = block
        self._of_rows, self._of_cells = block.biases(condition)
        self._before = _matrix(block.before.masked_weight())
        self._mix = _matrix(block.mix.masked_weight())
        device = block.mix.weight.device
        rows, incoming, taps = block.above.rows, block.above.in_channels, block.before.taps
        self._above = torch.zeros(count, incoming, rows, width + 2 * block.above.side, device=device)
        self._cells = torch.zeros(count, taps - 1 + width, incoming, device=device)
        self._of_above = torch.empty(0)

    def begin_row(self, row: Tensor, of_places: Tensor | float) -> Tensor:
        """The stack above for the next row, (count, width, features), from that of the layer below.

        of_places: what is added to it, (2 · features, 1, width).
        """
        block, side = self._block, self._block.above.side
        self._above = torch.cat([self._above[:, :, 1:], functional.pad(row.mT[:, :, None], (side, side))], dim=2)
        found = functional.conv2d(self._above, block.above.weight, block.above.bias) + self._of_rows + of_places
        linked = block.link(found) + self._of_cells + block.before.bias[:, None, None]
        self._of_above = linked[:, :, 0].permute(2, 0, 1).contiguous()
        return gate(found)[:, :, 0].mT

    def keep(self, column: int, cell: Tensor) -> None:
        """Note the features of the layer below (count, incoming) for a cell of the row."""
        self._cells[:, column + self._block.before.taps - 1] = cell

    def cell(self, column: int, cell: Tensor) -> Tensor:
        """The features (count, width) of a cell from those of the layer below, which are kept."""
        self.keep(column, cell)
        taps = self._block.before.taps
        window = self._cells[:, column : column + taps].flatten(1)
        gated = gate(torch.addmm(self._of_above[column], window, self._before))
        mixed = torch.addmm(self._block.mix.bias, gated, self._mix)
        return mixed if self._block.strict else cell + mixed


def _matrix(weight: Tensor) -> Tensor:
    """A kernel (outgoing, incoming, 1, taps) as a matrix (taps · incoming, outgoing)."""
    return weight[:, :, 0].permute(2, 1, 0).flatten(0, 1).contiguous()


def _blocks(network: GatedPixelCnn) -> list[GatedBlock]:
    return [block for block in network.blocks if isinstance(block, GatedBlock)]
