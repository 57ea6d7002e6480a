"""What a model must know where several processes share the work of a step; with one process nothing changes."""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import torch
from torch import Tensor, distributed

from trainers.errors import FailureError

# Set once this process has been connected to others.
has_shared_a_run = threading.Event()


class ProcessLostError(FailureError):
    """Another process of the run takes part no longer, so that this one cannot go on either."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(
            sentence or "A process of the run ended unexpectedly; resume the run to go on from its last saved state."
        )


def launched_process() -> int:
    """Number of this process among those that torchrun started, 0 for a process that it did not start."""
    return int(os.environ["RANK"]) if is_launched() else 0


def is_launched() -> bool:
    """Whether torchrun started this process, as one of several or alone."""
    return "TORCHELASTIC_RUN_ID" in os.environ


def end_process(code: int) -> NoReturn:
    """End this process at once with all that it has written, for one that has been connected to others.

    Threads of gloo may still have something of Python's to give back, and abort an interpreter that ends under them
    (https://github.com/pytorch/pytorch/pull/179291).
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def answered() -> Iterator[None]:
    """What processes say to each other inside the block; raises `ProcessLostError` where one no longer answers."""
    try:
        yield
    except RuntimeError as error:
        raise ProcessLostError from error


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
    return own_part(drawn, generator, axis=axis)


def uniform_noise(shape: Sequence[int], generator: torch.Generator | None = None, *, axis: int = 0) -> Tensor:
    """Draws from [0, 1) of the given shape, float32; otherwise like `normal_noise`."""
    drawn = torch.rand(_of_all(shape, generator, axis), generator=generator, device=_device(generator))
    return own_part(drawn, generator, axis=axis)


def random_integers(
    highest: int, shape: Sequence[int], generator: torch.Generator | None = None, *, axis: int = 0
) -> Tensor:
    """Whole numbers from 0 to below `highest`, int64; otherwise like `normal_noise`."""
    drawn = torch.randint(highest, _of_all(shape, generator, axis), generator=generator, device=_device(generator))
    return own_part(drawn, generator, axis=axis)


def summed_over_processes(values: Tensor) -> Tensor:
    """The sum over all processes of a tensor that each of them gives; the tensor itself where there is only one."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return values
    summed = values.clone()
    with answered():
        distributed.all_reduce(summed)
    return summed


def gathered_over_processes(values: Tensor) -> Tensor:
    """What all processes give, equally long, one after another along axis 0; the tensor itself where there is one."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return values
    parts = [torch.empty_like(values) for _ in range(distributed.get_world_size())]
    with answered():
        distributed.all_gather(parts, values.contiguous())
    return torch.cat(parts)


def own_part(values: Tensor, generator: torch.Generator | None, *, axis: int = 0) -> Tensor:
    """Of a tensor for the items of all processes that share a generator, the equal part of this one; else all of it."""
    if not isinstance(generator, SharedGenerator):
        return values
    return values.chunk(generator.processes, dim=axis)[generator.process]


def _of_all(shape: Sequence[int], generator: torch.Generator | None, axis: int) -> tuple[int, ...]:
    lengths = list(shape)
    if isinstance(generator, SharedGenerator):
        lengths[axis] *= generator.processes
    return tuple(lengths)


def _device(generator: torch.Generator | None) -> torch.device:
    return torch.device("cpu") if generator is None else generator.device
