"""Where training runs, and in which arithmetic."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import torch
from torch import nn

from trainers.errors import UsageError
from trainers.registry import unknown_name

Precision = Literal["float32", "bfloat16"]
PrecisionChoice = Literal["auto", "float32", "bfloat16"]

# Measured on a processor with AVX-512 BF16: below, converting costs more than the faster products gain.
_WORTHWHILE_PARAMETERS = 100_000


def available_devices() -> tuple[str, ...]:
    """Names of the devices of this machine, the processor first."""
    names = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        names.append("mps")
    return tuple(names)


def choose_device(name: str) -> torch.device:
    """The device of that name; "auto" is the first CUDA device, else the processor.

    Raises `UsageError` with the names there are.
    """
    devices = available_devices()
    if name == "auto":
        return torch.device("cuda:0" if "cuda:0" in devices else "cpu")
    full_name = "cuda:0" if name == "cuda" else name
    if full_name not in devices:
        raise UsageError(unknown_name("device", name, ("auto", *devices)))
    return torch.device(full_name)


def check_device_count(first: torch.device, count: int) -> None:
    """Raise `UsageError` if a machine has not as many devices as `count` processes need from the first one on."""
    if count == 1 or first.type == "cpu":
        return
    if first.type != "cuda":
        raise UsageError(f"There is only one device {first}; choose devices = 1, or the device cpu.")
    number = first.index or 0
    available = torch.cuda.device_count() - number
    if count > available:
        raise UsageError(
            f"There are not {count} CUDA devices from {first} on but {available}; choose devices = {available}, or "
            "the device cpu."
        )


def device_of_process(first: torch.device, number: int) -> torch.device:
    """The device of a machine's process of that number from 0, if that of number 0 is `first`."""
    return torch.device("cuda", (first.index or 0) + number) if first.type == "cuda" else first


@contextmanager
def fast_arithmetic() -> Iterator[None]:
    """Numbers too small for a normal float count as zero: they cost a hundred times the time and mean nothing here."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """So many threads compute, as far as there are processors; sums split among others differ in their last bits."""
    before = torch.get_num_threads()
    torch.set_num_threads(min(count, os.cpu_count() or count))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def threads_of_each(processes: int) -> int:
    """Threads for each of a machine's processes that train together; OMP_NUM_THREADS says it for each."""
    own = torch.get_num_threads()
    return own if "OMP_NUM_THREADS" in os.environ else max(1, own // processes)


def choose_precision(choice: PrecisionChoice, device: torch.device, parameters: int) -> Precision:
    """The arithmetic of the forward pass; parameters and losses stay in float32.

    "auto" is bfloat16 where the hardware multiplies it natively and the model has parameters enough to gain from
    it. Raises `UsageError` where CUDA cannot do it.
    """
    if choice == "auto":
        is_worthwhile = parameters >= _WORTHWHILE_PARAMETERS and _multiplies_bfloat16(device)
        return "bfloat16" if is_worthwhile else "float32"
    if choice == "bfloat16" and device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        raise UsageError(f"{device} cannot compute in bfloat16; choose the precision float32.")
    return choice


def is_convolutional(model: nn.Module) -> bool:
    """Whether any layer of a model is a convolution over pictures."""
    return any(isinstance(module, nn.Conv2d | nn.ConvTranspose2d) for module in model.modules())


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error means that the memory of a device, or of the machine, was not enough."""
    # The allocator of the processor's memory raises a plain RuntimeError.
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)
    )


def _multiplies_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return False
