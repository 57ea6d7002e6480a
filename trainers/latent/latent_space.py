"""The names, shapes and priors of the numbers in a flat code vector."""

import math
from collections.abc import Sequence
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from trainers.config import Config
from trainers.processes import normal_noise, random_integers, uniform_noise

Prior = Literal["normal", "uniform", "ball", "categorical", "empirical"]
# One for all levels of the hierarchy, or one per level from level 0, nearest to the picture, upwards.
Temperature = float | Sequence[float]


class LatentBlock(Config):
    """A named run of neighbouring numbers in the flat code that share a prior and a level of the hierarchy.

    Priors: `normal` is N(0, 1) per number; `uniform` is on [-1, 1]; `ball` is uniform in the unit ball;
    `categorical` is one-hot over the block; `empirical` means the model fits its own law to its codes.
    """

    name: str = Field(description="name shown beside its sliders")
    shape: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        min_length=1, description="shape of the block before flattening"
    )
    prior: Prior = Field(default="normal", description="law that sampling draws from")
    level: int = Field(default=0, ge=0, description="level of the hierarchy; 0 is nearest to the picture")

    @property
    def size(self) -> int:
        """How many numbers of the flat code the block holds."""
        return math.prod(self.shape)


class LatentSpace(Config):
    """The blocks of a flat code vector in order."""

    blocks: tuple[LatentBlock, ...] = Field(min_length=1, description="the blocks in the order of the flat code")

    @property
    def size(self) -> int:
        """Length of the flat code."""
        return sum(block.size for block in self.blocks)

    @property
    def levels(self) -> int:
        """How many levels the hierarchy has."""
        return 1 + max(block.level for block in self.blocks)

    def slices(self) -> dict[str, slice]:
        """Where each block lies in the flat code, by block name."""
        places, start = {}, 0
        for block in self.blocks:
            places[block.name] = slice(start, start + block.size)
            start += block.size
        return places

    def split(self, codes: Tensor) -> dict[str, Tensor]:
        """Flat codes (batch, size) as blocks (batch, *shape), by block name."""
        return {
            block.name: codes[:, place].unflatten(1, block.shape)
            for block, place in zip(self.blocks, self.slices().values(), strict=True)
        }

    def join(self, blocks: dict[str, Tensor]) -> Tensor:
        """The inverse of `split`: blocks (batch, *shape) as flat codes (batch, size)."""
        return torch.cat([blocks[block.name].flatten(1) for block in self.blocks], dim=1)

    def dimension_names(self) -> tuple[str, ...]:
        """One name per number of the flat code, such as z3, z1.3 of a block z1, or content[1, 0, 2]."""
        names: list[str] = []
        for block in self.blocks:
            if len(block.shape) == 1:
                stem = f"{block.name}." if block.name[-1:].isdigit() else block.name
                names += [f"{stem}{index + 1}" for index in range(block.size)]
            else:
                grid = torch.cartesian_prod(*(torch.arange(length) for length in block.shape))
                names += [f"{block.name}{index.tolist()}" for index in grid]
        return tuple(names)

    def sample(self, count: int, temperature: Temperature = 1.0, generator: torch.Generator | None = None) -> Tensor:
        """Draw codes (count, size) from the blocks' priors, on the generator's device.

        temperature: scales normal noise and the extent of uniform and ball draws; categories are not scaled.
        Raises `ValueError` for an empirical block, whose law only its model knows, and for another number of
        temperatures than levels.
        """
        return torch.cat(
            [
                _sample_block(block, count, temperature_of_level(temperature, block.level, self.levels), generator)
                for block in self.blocks
            ],
            dim=1,
        )

    def moments(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation (size,) of each number under its prior; 0 and 1 for empirical blocks."""
        means, deviations = zip(*(_moments(block) for block in self.blocks), strict=True)
        return torch.cat(means), torch.cat(deviations)


def temperature_of_level(temperature: Temperature, level: int, levels: int = 1) -> float:
    """The temperature of one level; raises `ValueError` where there is another number of them than levels."""
    if isinstance(temperature, int | float):
        return float(temperature)
    if len(temperature) != levels:
        raise ValueError(f"{len(temperature)} temperatures were given for {levels} levels")
    return float(temperature[level])


def _sample_block(block: LatentBlock, count: int, temperature: float, generator: torch.Generator | None) -> Tensor:
    shape = (count, block.size)
    if block.prior == "empirical":
        raise ValueError(f"block {block.name!r} has no prior of its own; its model must draw it")
    if block.prior == "categorical":
        chosen = random_integers(block.size, (count,), generator)
        return torch.nn.functional.one_hot(chosen, block.size).float()
    if block.prior == "uniform":
        return temperature * (2.0 * uniform_noise(shape, generator) - 1.0)
    noise = normal_noise(shape, generator)
    if block.prior == "ball":
        radius: Tensor = uniform_noise((count, 1), generator) ** (1.0 / block.size)
        directions: Tensor = noise / torch.linalg.vector_norm(noise, dim=1, keepdim=True)
        return temperature * radius * directions
    return temperature * noise


def _moments(block: LatentBlock) -> tuple[Tensor, Tensor]:
    mean, deviation = torch.zeros(block.size), torch.ones(block.size)
    if block.prior == "uniform":
        deviation /= math.sqrt(3.0)
    elif block.prior == "ball":
        deviation /= math.sqrt(block.size + 2.0)
    elif block.prior == "categorical":
        share = 1.0 / block.size
        mean += share
        deviation *= math.sqrt(share * (1.0 - share))
    return mean, deviation
