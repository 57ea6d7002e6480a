"""The plain autoencoder and its fitted prior."""

from typing import Any

import pytest
import torch

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.models.autoencoder import Autoencoder, AutoencoderConfig
from trainers.models.latent_model import FittedPrior, Likelihood
from trainers.models.training_plan import Progress, Terms

SPEC = DataSpec(name="grey", shape=(1, 4, 4))


def _autoencoder(**settings: object) -> Autoencoder:
    torch.manual_seed(0)
    small: dict[str, Any] = {"architecture": "mlp", "hidden_sizes": [8]}
    return Autoencoder(AutoencoderConfig.from_values(small | settings), SPEC)


def _terms(model: Autoencoder, images: torch.Tensor) -> Terms:
    batch = Batch(images, torch.arange(len(images)), torch.Generator().manual_seed(0))
    return model.phases()[0].objectives[0].loss(batch, Progress(0, 0.0))


def _images() -> torch.Tensor:
    return torch.rand(6, *SPEC.shape, generator=torch.Generator().manual_seed(1))


def test_squared_error_is_that_of_the_reconstruction() -> None:
    model, images = _autoencoder(), _images()

    terms = _terms(model, images)

    error = (model.decode(model.encode(images).mean) - images).square()
    assert torch.allclose(terms.scalars["squared_error"], error.mean())
    assert torch.allclose(terms.total, error.sum() / len(images))


def test_cross_entropy_is_that_of_the_reconstruction() -> None:
    model, images = _autoencoder(loss="bce"), _images()

    terms = _terms(model, images)

    decoded = model.decode(model.encode(images).mean)
    expected = torch.nn.functional.binary_cross_entropy(decoded, images, reduction="sum") / len(images)
    assert torch.allclose(terms.total, expected, rtol=1e-4)


def test_it_has_no_likelihood_and_needs_no_binary_data() -> None:
    model = _autoencoder(loss="bce")

    assert not isinstance(model, Likelihood)
    assert not model.needs_binary_data
    assert model.encode(_images()).log_variance is None


def test_sampling_draws_near_the_codes_the_prior_was_fitted_to() -> None:
    model = _autoencoder()
    codes = torch.randn(500, 2, generator=torch.Generator().manual_seed(0)) * 0.5 + torch.tensor([30.0, -7.0])
    assert isinstance(model, FittedPrior)

    model.fit_prior(codes, seed=0)

    drawn = model.sample_prior(5000, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(drawn.mean(dim=0), codes.mean(dim=0), atol=0.1)
    assert torch.allclose(model.prior_moments()[0], codes.mean(dim=0), atol=0.01)


def test_a_fitted_prior_is_part_of_the_saved_state() -> None:
    model, other = _autoencoder(), _autoencoder()
    model.fit_prior(torch.randn(50, 2, generator=torch.Generator().manual_seed(0)) + 5.0, seed=0)

    other.load_state_dict(model.state_dict())

    assert torch.equal(*(one.sample_prior(9, generator=torch.Generator().manual_seed(0)) for one in (model, other)))


def test_codes_too_long_for_full_covariances_are_refused() -> None:
    with pytest.raises(UsageError, match="from 1 to 512"):
        AutoencoderConfig.from_values({"latent_size": 1000})


def test_points_are_refused() -> None:
    with pytest.raises(UsageError, match="models images"):
        AutoencoderConfig().resolved(DataSpec(name="moons", kind="points", shape=(2,)))
