"""Codes as images, in parts that fit into memory."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.engine.encoding import evaluating
from trainers.models.latent_model import LatentModel

_BATCH = 500


def decode_codes(model: LatentModel, codes: Tensor | NDArray[np.floating], condition: Tensor | None = None) -> Tensor:
    """Images (count, channels, height, width) in [0, 1] on the CPU for codes (count, latent_size).

    condition: (count, *shape) for a model that needs one.
    """
    placed = torch.as_tensor(codes, dtype=torch.float32).to(model.device)
    parts = placed.split(_BATCH)
    conditions = [None] * len(parts) if condition is None else condition.to(model.device).split(_BATCH)
    with torch.inference_mode(), evaluating(model):
        images = [model.decode(part, told) for part, told in zip(parts, conditions, strict=True)]
        return torch.cat(images).float().cpu()
