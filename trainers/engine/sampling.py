"""Images drawn from a model's prior."""

from collections.abc import Sequence

import torch
from torch import Tensor

from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import evaluating
from trainers.errors import UsageError
from trainers.latent.latent_space import LatentSpace, Temperature
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report, part_of


def sample_images(
    model: LatentModel,
    count: int,
    seed: int = 0,
    temperature: Temperature = 1.0,
    condition: Tensor | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> Tensor:
    """Images (count, channels, height, width) in [0, 1] on the CPU; a seed gives the same noise at every temperature.

    condition: (count, *shape), the usual ones where a model that needs some is given none.
    Reports how far it is, also within the work of a model that draws or decodes number by number.
    Raises `StoppedError` when asked to stop, and `UsageError` for another number of temperatures than levels.
    """
    check_temperature(model.latent_space, temperature)
    told = model.condition_spec.usual(count) if condition is None else condition
    placed = None if told is None else told.to(model.device)
    generator = torch.Generator().manual_seed(seed)
    with torch.inference_mode(), evaluating(model):
        drawing, decoding = part_of(report, 0, 2), part_of(report, 1, 2)
        codes = model.sample_prior(count, temperature, placed, generator, report=drawing, stop_requested=stop_requested)
    return decode_codes(model, codes, placed, report=decoding, stop_requested=stop_requested)


def check_temperature(space: LatentSpace, temperature: Temperature) -> None:
    """Raise `UsageError` unless there is one temperature, or one for every level of the latent space."""
    if not isinstance(temperature, Sequence) or len(temperature) == space.levels:
        return
    levels = "one level" if space.levels == 1 else f"{space.levels} levels"
    raise UsageError(
        f"{len(temperature)} temperatures were given for {levels}: give one number, or one per level from the level "
        "nearest to the picture upwards."
    )
