"""Codes as images, in parts that fit into memory."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.engine.encoding import evaluating
from trainers.errors import StoppedError
from trainers.models.latent_model import LatentModel, SequentialDecoder
from trainers.reporting import Report, StopRequested, never, no_report, part_of

_BATCH = 500


def decode_codes(
    model: LatentModel,
    codes: Tensor | NDArray[np.floating],
    condition: Tensor | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> Tensor:
    """Images (count, channels, height, width) in [0, 1] on the CPU for codes (count, latent_size).

    condition: (count, *shape) for a model that needs one.
    Raises `StoppedError` when asked to stop, also within the work of a model that decodes number by number.
    """
    placed = torch.as_tensor(codes, dtype=torch.float32).to(model.device)
    parts = placed.split(_BATCH)
    conditions = [None] * len(parts) if condition is None else condition.to(model.device).split(_BATCH)
    images = []
    with torch.inference_mode(), evaluating(model):
        for number, (part, told) in enumerate(zip(parts, conditions, strict=True)):
            within = part_of(report, number, len(parts))
            images.append(_decoded(model, part, told, within, stop_requested).float().cpu())
    return torch.cat(images)


def _decoded(
    model: LatentModel, codes: Tensor, condition: Tensor | None, report: Report, stop_requested: StopRequested
) -> Tensor:
    if stop_requested():
        raise StoppedError
    if not isinstance(model, SequentialDecoder):
        images = model.decode(codes, condition)
        report(1.0, "decoding")
        return images
    latest = codes.new_empty(0)
    for share, images in model.decode_steps(codes, condition):
        if stop_requested():
            raise StoppedError
        report(share, "decoding")
        latest = images
    return latest
