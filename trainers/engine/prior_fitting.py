"""The prior of a model that has none of its own, fitted to the codes of its training data."""

import time

import torch
from torch import Tensor

from trainers.data.image_dataset import ImageDataset
from trainers.engine.encoding import encode_dataset
from trainers.engine.fitting_data import part_of
from trainers.models.latent_model import CodeTable, FittedPrior, LatentModel

_ITEMS = 10_000
_LARGEST_SHARE_OF_TIME = 0.1


class PriorFitter:
    """Fits the prior to at most 10,000 items spread over the dataset; does nothing for a model with its own prior.

    The process's random state is left as it was, so a fit more or less does not change the run.
    """

    def __init__(self, model: LatentModel, dataset: ImageDataset, seed: int) -> None:
        self._model = model
        self._dataset = dataset
        self._seed = seed
        self._next = 0.0

    def fit_if_due(self) -> None:
        """Fit, unless that would take more than a tenth of the time since the last fit."""
        if time.monotonic() >= self._next:
            self.fit()

    def fit(self) -> None:
        """Fit whatever it takes."""
        model = self._model
        if not isinstance(model, FittedPrior):
            return
        begun = time.monotonic()
        with torch.random.fork_rng(devices=[]):
            model.fit_prior(self._codes().to(model.device), self._seed)
        ended = time.monotonic()
        self._next = ended + (ended - begun) / _LARGEST_SHARE_OF_TIME

    def _codes(self) -> Tensor:
        model, dataset, count = self._model, self._dataset, len(self._dataset)
        # Folders are sorted by class, so the first items may all be of one kind.
        places = torch.arange(min(count, _ITEMS)) * count // min(count, _ITEMS)
        if isinstance(model, CodeTable):
            return model.training_codes().detach()[places]
        return torch.from_numpy(encode_dataset(model, part_of(dataset, places)).codes)
