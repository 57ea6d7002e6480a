"""Images drawn from a model's prior."""

import torch
from torch import Tensor

from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import evaluating
from trainers.models.latent_model import LatentModel


def sample_images(
    model: LatentModel, count: int, seed: int = 0, temperature: float = 1.0, condition: Tensor | None = None
) -> Tensor:
    """Images (count, channels, height, width) in [0, 1] on the CPU; a seed gives the same noise at every temperature.

    condition: (count, *shape) for a model that needs one.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.inference_mode(), evaluating(model):
        codes = model.sample_prior(count, temperature, condition, generator)
    return decode_codes(model, codes, condition)
