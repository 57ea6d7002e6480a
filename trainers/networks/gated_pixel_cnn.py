"""The gated PixelCNN: the law of every value of a grid given those before it.

Source: van den Oord et al., Conditional Image Generation with PixelCNN Decoders, 2016.
"""

import torch
from torch import Tensor, nn

from trainers.networks.masked_convolution import CellsBeforeConvolution, RowsAboveConvolution

# The layer next to the values looks further than the others, as in the paper.
_FIRST_KERNEL = 7


class GatedBlock(nn.Module):
    """One layer of both stacks: `above` sees rows above, `before` the cells before in the row and what `above` found.

    strict: for the layer next to the values, which must not see the cell itself; it has no residual connection.
    """

    def __init__(
        self, incoming: int, width: int, kernel_size: int, *, channels: int, condition_size: int, strict: bool = False
    ) -> None:
        super().__init__()
        self.strict = strict
        self.above = RowsAboveConvolution(incoming, 2 * width, kernel_size, strict=strict)
        self.before = CellsBeforeConvolution(
            incoming, 2 * width, taps=kernel_size // 2 + 1, channels=channels, halves=2, strict=strict
        )
        self.link = CellsBeforeConvolution(2 * width, 2 * width)
        self.mix = CellsBeforeConvolution(width, width, channels=channels)
        self.condition = nn.Linear(condition_size, 4 * width, bias=False) if condition_size else None

    def forward(
        self, rows: Tensor, cells: Tensor, condition: Tensor | None, of_places: Tensor | float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Features (batch, width, height, width of the grid) of both stacks from those of the layer below.

        of_places: what is added where in the grid, (2 · width, height, width of the grid).
        """
        of_rows, of_cells = self.biases(condition)
        found = self.above(rows) + of_rows + of_places
        gated = self.mix(gate(self.before(cells) + self.link(found) + of_cells))
        return gate(found), gated if self.strict else cells + gated

    def biases(self, condition: Tensor | None) -> tuple[Tensor | float, Tensor | float]:
        """What a condition (batch, condition_size) adds to each stack, (batch, 2 · width, 1, 1); 0 without one."""
        if self.condition is None:
            return 0.0, 0.0
        if condition is None:
            raise ValueError("the network was made for a condition and was given none")
        of_rows, of_cells = self.condition(condition)[:, :, None, None].chunk(2, dim=1)
        return of_rows, of_cells


class GatedPixelCnn(nn.Module):
    """Logits of every value of grids (batch, channels, height, width) of whole numbers from 0 to below `levels`.

    Values come in raster order, channels within a cell in their order. ordered: values are steps of a scale, as those
    of pixels are, and enter as numbers from -1 to 1; else each has a vector of its own. Without conditions
    `condition_size` is 0. grid: height and width. The layer next to the values knows where in the grid it is, since
    the deeper ones see too few rows to tell what an empty sky is above (the paper's location-dependent bias).
    """

    def __init__(
        self,
        levels: int,
        grid: tuple[int, int],
        *,
        channels: int = 1,
        width: int,
        blocks: int,
        kernel_size: int = 3,
        ordered: bool,
        condition_size: int = 0,
    ) -> None:
        super().__init__()
        self.levels, self.channels = levels, channels
        self.embedding = None if ordered else nn.Embedding(levels, width)
        features = channels if self.embedding is None else channels * width
        first = GatedBlock(
            features, width, _FIRST_KERNEL, channels=channels, condition_size=condition_size, strict=True
        )
        others = [
            GatedBlock(width, width, kernel_size, channels=channels, condition_size=condition_size)
            for _ in range(blocks - 1)
        ]
        self.blocks = nn.ModuleList([first, *others])
        self.of_row = nn.Parameter(torch.zeros(2 * width, grid[0], 1))
        self.of_column = nn.Parameter(torch.zeros(2 * width, 1, grid[1]))
        self.hidden = CellsBeforeConvolution(width, width, channels=channels)
        self.output = CellsBeforeConvolution(width, channels * levels, channels=channels)

    def forward(self, values: Tensor, condition: Tensor | None = None) -> Tensor:
        """Logits (batch, channels, height, width, levels) of int64 values (batch, channels, height, width)."""
        rows = cells = self.features(values).movedim(-1, 2).flatten(1, 2)
        of_places: Tensor | float = self.of_places()
        for block in self.blocks:
            rows, cells = block(rows, cells, condition, of_places)
            of_places = 0.0
        found = self.output(torch.relu(self.hidden(torch.relu(cells)))).permute(0, 2, 3, 1)
        # Levels lie next to each other in memory where the layout has channels last.
        logits: Tensor = found.unflatten(3, (self.channels, self.levels)).permute(0, 3, 1, 2, 4)
        return logits

    def of_places(self) -> Tensor:
        """What the first layer's upper stack is told of every place, (2 · width, height, width of the grid)."""
        return self.of_row + self.of_column

    def features(self, values: Tensor) -> Tensor:
        """What values of any shape enter as, (*shape, features of a value)."""
        if self.embedding is None:
            return (values[..., None].to(self.output.weight.dtype) * (2.0 / (self.levels - 1))) - 1.0
        found: Tensor = self.embedding(values)
        return found

    @torch.no_grad()
    def start_from(self, frequencies: Tensor) -> None:
        """Let the law of every value be that of its channel's frequencies (channels, levels), whatever came before."""
        self.output.bias.copy_(frequencies.clamp(min=1e-6).log().flatten())
        nn.init.zeros_(self.output.weight)


def gate(features: Tensor) -> Tensor:
    """Half of the features (batch, 2 · width, …), each let through as far as its partner in the other half says."""
    # The logistic function of twice a number is its tanh on the scale from 0 to 1, and one call for both is faster.
    values, gates = torch.tanh(features).chunk(2, dim=1)
    return torch.addcmul(values, values, gates)
