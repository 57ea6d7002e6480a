"""The prior of a model that has none of its own, fitted to the codes of its training data."""

from dataclasses import replace

import torch

from trainers.data.image_dataset import ImageDataset
from trainers.engine.encoding import encode_dataset
from trainers.models.latent_model import FittedPrior, LatentModel

_ITEMS = 10_000


def fit_prior(model: LatentModel, dataset: ImageDataset, seed: int) -> None:
    """Fit the prior to at most 10,000 items spread over the dataset; nothing for a model with its own prior.

    The process's random state is left as it was, so a fit more or less does not change the run.
    """
    if not isinstance(model, FittedPrior):
        return
    with torch.random.fork_rng(devices=[]):
        codes = torch.from_numpy(encode_dataset(model, _spread(dataset)).codes)
        model.fit_prior(codes.to(model.device), seed)


def _spread(dataset: ImageDataset) -> ImageDataset:
    count = len(dataset)
    if count <= _ITEMS:
        return dataset
    # Folders are sorted by class, so the first items may all be of one kind.
    places = torch.arange(_ITEMS) * count // _ITEMS
    return replace(dataset, images=dataset.images[places], labels=None, attributes=None)
