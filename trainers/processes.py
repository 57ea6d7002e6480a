"""What a model must know where several processes share the work of a step; with one process nothing changes."""

from collections.abc import Sequence

import torch
from torch import Tensor, distributed


class SharedGenerator(torch.Generator):
    """A source of randomness that every process holds in the same state.

    Noise is drawn for the items of all processes, and each takes the part of its own items, so that a step makes the
    same draws however many processes share it.

    process: number of this process, from 0, of `processes`.
    """

    process: int
    processes: int

    def __new__(cls, device: torch.device | str, process: int, processes: int) -> "SharedGenerator":
        """A generator on a device."""
        generator = super().__new__(cls, device)  # type: ignore[call-arg]  # undeclared, as all of its constructor
        generator.process, generator.processes = process, processes
        return generator


def normal_noise(shape: Sequence[int], generator: torch.Generator | None = None, *, axis: int = 0) -> Tensor:
    """Draws from N(0, 1) of the given shape, float32 on the generator's device (else the CPU).

    axis: the one that counts items, of which a `SharedGenerator` also draws those of the other processes.
    """
    drawn = torch.randn(_of_all(shape, generator, axis), generator=generator, device=_device(generator))
    return _own_part(drawn, generator, axis)


def uniform_noise(shape: Sequence[int], generator: torch.Generator | None = None, *, axis: int = 0) -> Tensor:
    """Draws from [0, 1) of the given shape, float32; otherwise like `normal_noise`."""
    drawn = torch.rand(_of_all(shape, generator, axis), generator=generator, device=_device(generator))
    return _own_part(drawn, generator, axis)


def random_integers(
    highest: int, shape: Sequence[int], generator: torch.Generator | None = None, *, axis: int = 0
) -> Tensor:
    """Whole numbers from 0 to below `highest`, int64; otherwise like `normal_noise`."""
    drawn = torch.randint(highest, _of_all(shape, generator, axis), generator=generator, device=_device(generator))
    return _own_part(drawn, generator, axis)


def summed_over_processes(values: Tensor) -> Tensor:
    """The sum over all processes of a tensor that each of them gives; the tensor itself where there is only one."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return values
    summed = values.clone()
    distributed.all_reduce(summed)
    return summed


def _of_all(shape: Sequence[int], generator: torch.Generator | None, axis: int) -> tuple[int, ...]:
    lengths = list(shape)
    if isinstance(generator, SharedGenerator):
        lengths[axis] *= generator.processes
    return tuple(lengths)


def _own_part(drawn: Tensor, generator: torch.Generator | None, axis: int) -> Tensor:
    if not isinstance(generator, SharedGenerator):
        return drawn
    return drawn.chunk(generator.processes, dim=axis)[generator.process]


def _device(generator: torch.Generator | None) -> torch.device:
    return torch.device("cpu") if generator is None else generator.device
