"""Lightning Fabric, which gives a run its device and its arithmetic, and later its processes."""

import importlib
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trainers.engine.devices import Precision

if TYPE_CHECKING:
    import torch
    from lightning_fabric import Fabric


def make_fabric(device: "torch.device", precision: Precision) -> "Fabric":
    """A fabric of one process on a device; it is never launched, so it may be made anywhere."""
    with _without("torchmetrics"):
        fabric_type: type[Fabric] = importlib.import_module("lightning_fabric").Fabric
    # It announces on stderr what the events of the run say already.
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
    return fabric_type(
        accelerator=device.type,
        devices=1 if device.index is None else [device.index],
        precision="bf16-mixed" if precision == "bfloat16" else "32-true",
    )


@contextmanager
def _without(package: str) -> Iterator[None]:
    # Fabric imports torchmetrics to learn its version, and with it SciPy and torchvision: more than a second.
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # what Python documents for "must not be imported"
    try:
        yield
    finally:
        del sys.modules[package]
