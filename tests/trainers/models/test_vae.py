"""The variational autoencoder: its bound is a bound, and each setting does what it says."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.distributions import MultivariateNormal

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError
from trainers.losses.importance_bound import importance_bound
from trainers.models.training_plan import Progress, Terms
from trainers.models.vae import Vae, VaeConfig

GREY = DataSpec(name="grey", shape=(1, 4, 4))
COLOUR = DataSpec(name="colour", shape=(3, 4, 4))
SMALL: dict[str, Any] = {"architecture": "mlp", "hidden_sizes": [8]}


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _vae(spec: DataSpec = GREY, **settings: object) -> Vae:
    torch.manual_seed(0)
    return Vae(VaeConfig.from_values(SMALL | settings), spec)


def _images(spec: DataSpec = GREY, count: int = 6) -> Tensor:
    return torch.rand(count, *spec.shape, generator=_seeded(1)).round()


def _terms(model: Vae, epoch: float = 0.0, seed: int = 2) -> Terms:
    images = _images(model.data_spec)
    batch = Batch(images, torch.arange(len(images)), _seeded(seed))
    return model.phases()[0].objectives[0].loss(batch, Progress(0, epoch))


def _linear_gaussian(loadings: Tensor, deviation: float = 0.5) -> tuple[Vae, MultivariateNormal]:
    """A linear model in float64 whose encoder is the best factorised posterior, and its true law of images.

    loadings: (4, 2); the posterior is exact where their columns are at right angles.
    """
    spec = DataSpec(name="four pixels", shape=(1, 2, 2))
    model = _vae(spec, hidden_sizes=[], likelihood="gaussian", standard_deviation=deviation).double()
    variance = torch.exp(2.0 * model.log_deviation).double()
    precision = torch.eye(2).double() + loadings.T @ loadings / variance
    encoder, decoder = model.encoder[1], model.decoder[0]
    assert isinstance(encoder, nn.Linear)
    assert isinstance(decoder, nn.Linear)
    with torch.no_grad():
        decoder.weight.copy_(loadings)
        encoder.weight.zero_()[:2] = torch.linalg.solve(precision, loadings.T / variance)
        encoder.bias.zero_()[2:] = -precision.diagonal().log()
    law = MultivariateNormal(torch.zeros(4).double(), loadings @ loadings.T + variance * torch.eye(4).double())
    return model, law


def test_with_an_exact_posterior_every_importance_weight_is_the_likelihood() -> None:
    loadings = torch.tensor([[1.0, 0.5], [0.5, -1.0], [-1.0, 2.0], [2.0, 1.0]]).double()
    model, law = _linear_gaussian(loadings)
    images = torch.randn(5, 1, 2, 2, generator=_seeded(), dtype=torch.float64)

    log_weights = model.log_weights(images, 20, _seeded(1))

    expected = law.log_prob(images.flatten(1)).expand(20, 5)
    assert torch.allclose(log_weights, expected, rtol=0.0, atol=1e-9)


def test_with_a_factorised_posterior_more_samples_tighten_the_bound() -> None:
    loadings = torch.tensor([[1.0, 0.9], [0.8, 1.0], [1.0, 0.7], [0.6, 1.0]]).double()
    model, law = _linear_gaussian(loadings)
    images = law.sample((1,)).view(1, 1, 2, 2)

    log_weights = model.log_weights(images, 200_000, _seeded(1))[:, 0]
    bounds = [importance_bound(log_weights.view(-1, samples).T).mean().item() for samples in (1, 5, 50)]

    assert bounds[0] + 0.05 < bounds[1]
    assert bounds[1] + 0.01 < bounds[2]
    assert bounds[2] <= law.log_prob(images.flatten(1)).item() + 1e-3


def test_the_mean_of_single_sample_bounds_is_the_bound_of_both_terms() -> None:
    model, _ = _linear_gaussian(torch.tensor([[1.0, 0.9], [0.8, 1.0], [1.0, 0.7], [0.6, 1.0]]).double())
    images = torch.randn(1, 1, 2, 2, generator=_seeded(), dtype=torch.float64)

    single = model.log_weights(images, 100_000, _seeded(1))[:, 0]
    terms = model.bound_terms(images.expand(100_000, 1, 2, 2), _seeded(2))
    both = terms.log_likelihood - terms.kl.sum(dim=1)

    error = (single.var() / 100_000 + both.var() / 100_000).sqrt()
    assert abs(float((single.mean() - both.mean()).detach())) < 4.0 * float(error.detach())


def test_weights_are_the_same_gathered_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    model, law = _linear_gaussian(torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]).double())
    images = torch.randn(3, 1, 2, 2, generator=_seeded(), dtype=torch.float64)
    monkeypatch.setattr("trainers.models.vae._DECODED_AT_ONCE", 30)

    log_weights = model.log_weights(images, 11, _seeded(1))

    assert log_weights.shape == (11, 3)
    assert torch.allclose(log_weights, law.log_prob(images.flatten(1)).expand(11, 3), atol=1e-9)


def test_the_importance_objective_is_minus_the_bound_of_its_samples() -> None:
    model = _vae(importance_samples=5)

    terms = _terms(model, seed=3)

    expected = importance_bound(model.log_weights(_images(), 5, _seeded(3))).mean()
    assert torch.allclose(terms.total, -expected)
    assert float(terms.scalars["negative_bound"]) <= float(terms.scalars["negative_single_sample_bound"])


@pytest.mark.parametrize("epoch", [0.0, 1.0, 4.0, 9.0])
def test_warm_up_weighs_the_divergence_in_training(epoch: float) -> None:
    terms = _terms(_vae(beta=3.0, warm_up_epochs=4.0), epoch)

    weight = 3.0 * min(1.0, epoch / 4.0)
    expected = terms.scalars["reconstruction"] + weight * terms.scalars["kl"]
    assert torch.allclose(terms.total, expected)


def test_evaluation_and_curves_never_weigh_the_divergence() -> None:
    plain, weighed = _vae(), _vae(beta=7.0, warm_up_epochs=5.0, free_bits=2.0)

    bounds = [model.bound_terms(_images(), _seeded()) for model in (plain, weighed)]

    assert torch.equal(bounds[0].log_likelihood, bounds[1].log_likelihood)
    assert torch.equal(bounds[0].kl, bounds[1].kl)
    for epoch in (0.0, 2.0, 5.0):
        assert torch.equal(_terms(plain).scalars["negative_bound"], _terms(weighed, epoch).scalars["negative_bound"])
    assert torch.equal(*(model.log_weights(_images(), 3, _seeded()) for model in (plain, weighed)))


def test_free_bits_charge_at_least_the_allowance() -> None:
    terms = _terms(_vae(latent_size=3, free_bits=50.0))

    assert float((terms.total - terms.scalars["reconstruction"]).detach()) == pytest.approx(150.0, rel=1e-5)


@pytest.mark.parametrize(("part", "scalar"), [("reconstruction_only", "reconstruction"), ("kl_only", "kl")])
def test_a_part_of_the_objective_alone(part: str, scalar: str) -> None:
    terms = _terms(_vae(objective_terms=part))

    assert torch.equal(terms.total.detach(), terms.scalars[scalar])


def test_without_reconstruction_only_the_encoder_is_moved() -> None:
    model = _vae(objective_terms="kl_only")
    _terms(model).total.backward()

    moved = {id(parameter) for parameter in model.phases()[0].objectives[0].parameters}

    assert moved == {id(parameter) for parameter in model.encoder.parameters()}
    assert all(parameter.grad is None for parameter in model.decoder.parameters())
    assert all(parameter.grad is not None for parameter in model.encoder.parameters())


def test_the_learning_rate_falls_tenfold_in_the_epochs_said() -> None:
    factors = []
    for settings in ({}, {"decay_epochs": 4.0}):
        factor = _vae(GREY, **settings).phases()[0].objectives[0].optimizer.rate_factor
        assert factor is not None
        factors.append([factor(Progress(0, epoch)) for epoch in (0.0, 2.0, 4.0)])

    assert factors[0] == [1.0, 1.0, 1.0]
    assert factors[1] == pytest.approx([1.0, 0.1**0.5, 0.1])


@pytest.mark.parametrize(
    ("spec", "likelihood", "name", "binary"),
    [
        (GREY, "auto", "bernoulli", True),
        (COLOUR, "auto", "gaussian", False),
        (COLOUR, "bernoulli", "bernoulli", True),
        (GREY, "gaussian", "gaussian", False),
        (GREY, "grey_cross_entropy", None, False),
    ],
)
def test_likelihoods(spec: DataSpec, likelihood: str, name: str | None, binary: bool) -> None:
    model = _vae(spec, likelihood=likelihood)

    assert model.likelihood_name == name
    assert model.needs_binary_data is binary
    assert model.config.likelihood != "auto"


@pytest.mark.parametrize("spec", [GREY, COLOUR])
def test_a_prepared_model_starts_from_the_mean_image(spec: DataSpec) -> None:
    images = torch.randint(30, 220, (50, *spec.shape), dtype=torch.uint8, generator=_seeded())
    dataset = ImageDataset(spec, "train", images)
    model = _vae(spec)

    model.prepare(dataset, _seeded())

    assert torch.allclose(model.decode(torch.zeros(1, 2))[0], dataset.mean_image(), atol=1e-4)


def test_pixels_that_never_vary_do_not_make_the_start_infinite() -> None:
    images = torch.tensor([0, 255], dtype=torch.uint8).repeat(8).view(1, 1, 4, 4).repeat(3, 1, 1, 1)
    model = _vae()

    model.prepare(ImageDataset(GREY, "train", images), _seeded())

    assert bool(model.bound_terms(1.0 - images[:1] / 255.0, _seeded()).log_likelihood.isfinite().all())


def test_a_learned_deviation_falls_to_the_size_of_the_error() -> None:
    model = _vae(COLOUR, learn_deviation=True, standard_deviation=1.0)
    objective = model.phases()[0].objectives[0]
    optimizer = torch.optim.Adam(objective.parameters, lr=0.05)

    for _ in range(60):
        optimizer.zero_grad()
        _terms(model).total.backward()
        optimizer.step()

    assert any(parameter is model.log_deviation for parameter in objective.parameters)
    assert float(model.log_deviation.detach().exp()) < 0.7


@pytest.mark.parametrize(
    "settings", [{"beta": 2.0}, {"objective_terms": "kl_only"}, {"warm_up_epochs": 3.0}, {"free_bits": 0.1}]
)
def test_importance_weighting_with_anything_else_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="set importance_samples = 1"):
        VaeConfig.from_values({"importance_samples": 5, **settings})


def test_points_are_refused() -> None:
    with pytest.raises(UsageError, match="models images"):
        VaeConfig().resolved(DataSpec(name="moons", kind="points", shape=(2,)))


def test_training_raises_the_bound() -> None:
    model = _vae()
    optimizer = torch.optim.Adam(model.phases()[0].objectives[0].parameters, lr=0.01)
    before = float(_terms(model).scalars["negative_bound"])

    for step in range(150):
        optimizer.zero_grad()
        _terms(model, seed=step).total.backward()
        optimizer.step()

    assert float(_terms(model).scalars["negative_bound"]) < before - 2.0
