"""Codes of images by any means a model has: its encoder, or a search for codes that decode to them."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from trainers.data.image_dataset import ImageDataset
from trainers.engine.encoding import evaluating, learned_codes
from trainers.errors import StoppedError
from trainers.latent.inversion import Inversion, InversionSettings, invert, nearest_starts
from trainers.models.latent_model import Encoder, LatentModel
from trainers.reporting import Report, StopRequested, never, no_report, part_of

# Codes decoded together, whatever number of starts is searched from: a part of the items takes some seconds then.
_CODES_AT_ONCE = 256


def _to_nobody(_inversion: Inversion) -> None:
    return


def must_search(model: LatentModel, dataset: ImageDataset) -> bool:
    """Whether codes of a split have to be searched for: the model has no encoder and did not learn codes for it."""
    return not isinstance(model, Encoder) and learned_codes(model, dataset) is None


def find_codes(
    model: LatentModel,
    images: Tensor,
    condition: Tensor | None = None,
    settings: InversionSettings | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> Tensor:
    """Codes (count, latent_size) of images (count, channels, height, width) in [0, 1], on the model's device.

    The means of the posterior where there is an encoder, else what `search_codes` finds with the settings.
    condition: (count, *shape) for a model that needs one. Raises `StoppedError` when asked to stop a search.
    """
    if isinstance(model, Encoder):
        told = None if condition is None else condition.to(model.device)
        with torch.inference_mode(), evaluating(model):
            return model.encode(images.to(model.device), told).mean
    found = search_codes(model, images, condition, settings, report=report, stop_requested=stop_requested)
    if not found.complete:
        raise StoppedError
    return found.codes


def reconstruct(
    model: LatentModel,
    images: Tensor,
    condition: Tensor | None = None,
    settings: InversionSettings | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> Tensor:
    """Images (count, channels, height, width) in [0, 1] decoded from the codes that `find_codes` gives.

    The same image and settings always give the same reconstruction.
    """
    codes = find_codes(model, images, condition, settings, report=report, stop_requested=stop_requested)
    told = None if condition is None else condition.to(model.device)
    with torch.inference_mode(), evaluating(model):
        return model.decode(codes, told)


def search_codes(
    model: LatentModel,
    images: Tensor,
    condition: Tensor | None = None,
    settings: InversionSettings | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
    partial: Callable[[Inversion], None] = _to_nobody,
    first: Tensor | None = None,
) -> Inversion:
    """Codes that decode to images, found by optimisation from several draws of the prior.

    Searched for in parts of some items. When asked to stop, it gives the best so far, `complete` being False: fewer
    items than were asked for, if some had not had their turn. partial: called now and then with the same.
    first: codes (count, latent_size) that are the first start in place of one of the draws.
    Weights and mode of the model stay as they are. Raises `UsageError` for a model whose pictures do not change
    smoothly with its codes.
    """
    settings = settings or InversionSettings()
    size = max(1, _CODES_AT_ONCE // settings.starts)
    starts = range(0, len(images), size)
    found: list[Inversion] = []
    # The search needs gradients also where none are wanted otherwise, and copies of images that were made there.
    with torch.inference_mode(False), evaluating(model):
        for number, start in enumerate(starts):
            part = slice(start, start + size)
            told = None if condition is None else condition[part]
            search = _Search(model, images[part], told, settings, None if first is None else first[part])
            found.append(
                search.run(
                    part_of(report, number, len(starts)), stop_requested, lambda now: partial(_joined([*found, now]))
                )
            )
            if not found[-1].complete:
                break
    return _joined(found)


class _Search:
    """The search for the codes of some items at once."""

    def __init__(
        self,
        model: LatentModel,
        images: Tensor,
        condition: Tensor | None,
        settings: InversionSettings,
        first: Tensor | None = None,
    ) -> None:
        self._model = model
        self._images = images.clone().to(model.device)
        self._condition = None if condition is None else condition.clone().to(model.device)
        self._settings = settings
        self._first = None if first is None else first.clone().to(model.device)[None]

    def run(self, report: Report, stop_requested: StopRequested, partial: Callable[[Inversion], None]) -> Inversion:
        model, settings = self._model, self._settings
        starts = nearest_starts(
            self._decode, self._images, self._draws(), settings.starts, stop_requested=stop_requested
        )
        if self._first is not None:
            starts = torch.cat([self._first, starts[: settings.starts - 1]])
        return invert(
            self._decode,
            model.latent_space,
            self._images,
            starts,
            settings,
            moments=model.prior_moments(),
            report=report,
            stop_requested=stop_requested,
            partial=partial,
        )

    def _draws(self) -> Tensor:
        """Codes of the prior (draws, items, latent_size)."""
        draws, count = max(self._settings.draws, self._settings.starts), len(self._images)
        told = self._condition
        repeated = None if told is None else told.repeat(draws, *[1] * (told.ndim - 1))
        generator = torch.Generator().manual_seed(self._settings.seed)
        with torch.no_grad():
            codes = self._model.sample_prior(draws * count, condition=repeated, generator=generator)
        return codes.view(draws, count, -1)

    def _decode(self, codes: Tensor, items: Tensor) -> Tensor:
        told = None if self._condition is None else self._condition[items]
        return self._model.decode(codes, told)


def _joined(parts: Sequence[Inversion]) -> Inversion:
    """Parts of the items, one after the other."""
    # A trail that has come to its end stays there.
    marks = max(len(part.trail) for part in parts)
    trails = [torch.cat([part.trail, part.trail[-1:].expand(marks - len(part.trail), -1, -1)]) for part in parts]
    return Inversion(
        codes=torch.cat([part.codes for part in parts]),
        errors=torch.cat([part.errors for part in parts]),
        candidates=torch.cat([part.candidates for part in parts], dim=1),
        candidate_errors=torch.cat([part.candidate_errors for part in parts], dim=1),
        trail=torch.cat(trails, dim=1),
        complete=all(part.complete for part in parts),
    )
