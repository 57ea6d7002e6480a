"""Where training runs, and in which arithmetic."""

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
