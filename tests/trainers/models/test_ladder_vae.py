"""The ladder VAE: its bound is the one of the hierarchy, written in the noise of every level."""

from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli, MultivariateNormal, Normal, kl_divergence

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError
from trainers.losses.importance_bound import importance_bound
from trainers.models.ladder_vae import LadderLevel, LadderVae, LadderVaeConfig
from trainers.models.training_plan import Progress, Terms
from trainers.processes import SharedGenerator, normal_noise

GREY = DataSpec(name="grey", shape=(1, 4, 4))
SMALL: dict[str, Any] = {"latent_sizes": [4, 3, 2], "hidden_sizes": [12, 10, 8], "hidden_layers": 1}
INFERENCES = ("ladder", "bottom_up")


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _ladder(spec: DataSpec = GREY, **settings: object) -> LadderVae:
    torch.manual_seed(0)
    return LadderVae(LadderVaeConfig.from_values(SMALL | settings), spec)


def _images(count: int = 6) -> Tensor:
    return torch.rand(count, 1, 4, 4, generator=_seeded(1)).round()


def _settled(**settings: object) -> LadderVae:
    """A model in float64 whose running statistics and weights have seen a few steps, in evaluation mode."""
    model = _ladder(GREY, **settings)
    _train(model, 20)
    return model.double().eval()


def _train(model: LadderVae, steps: int) -> None:
    optimizer = torch.optim.Adam(model.phases()[0].objectives[0].parameters, lr=0.01)
    for step in range(steps):
        optimizer.zero_grad()
        _terms(model, seed=step).total.backward()
        optimizer.step()


def _terms(model: LadderVae, epoch: float = 0.0, seed: int = 2, count: int = 6) -> Terms:
    batch = Batch(_images(count), torch.arange(count), _seeded(seed))
    return model.phases()[0].objectives[0].loss(batch, Progress(0, epoch))


class _Hierarchy(NamedTuple):
    """What a model says of images in its own variables, from the top level down."""

    variables: list[Tensor]
    posteriors: list[Normal]
    priors: list[Normal]
    logits: Tensor


def _normal(output: Tensor) -> Normal:
    mean, unbounded = output.chunk(2, dim=1)
    return Normal(mean, (nn.functional.softplus(unbounded) + 1e-4).sqrt())


def _product(first: Normal, second: Normal) -> Normal:
    precision = 1.0 / first.variance + 1.0 / second.variance
    mean = (first.mean / first.variance + second.mean / second.variance) / precision
    return Normal(mean, precision.rsqrt())


def _levels(model: LadderVae) -> list[LadderLevel]:
    """The levels from the top down."""
    return [level for level in reversed(model.levels) if isinstance(level, LadderLevel)]


def _hierarchy(model: LadderVae, images: Tensor, noise: list[Tensor]) -> _Hierarchy:
    """The equations of the paper in z, with noise (batch, size) for every level from the top down."""
    features, estimates = images.flatten(1), []
    for level in reversed(_levels(model)):
        features = level.up(features)
        estimates.append(_normal(level.estimate(features)))
    estimates.reverse()
    posteriors, variables = [], []
    priors = [Normal(torch.zeros_like(noise[0]), torch.ones_like(noise[0]))]
    for index, level in enumerate(_levels(model)):
        merges = model.config.inference == "ladder" and index > 0
        posteriors.append(_product(estimates[index], priors[index]) if merges else estimates[index])
        variables.append(posteriors[index].mean + posteriors[index].stddev * noise[index])
        features = level.down(variables[index])
        if level.below is not None:
            priors.append(_normal(level.below(features)))
    return _Hierarchy(variables, posteriors, priors, model.decoder(features))


def _noise(model: LadderVae, count: int, batch: int, seed: int) -> list[Tensor]:
    """What the model draws for `count` samples per image, from the top level down, (count · batch, size) each."""
    generator = _seeded(seed)
    sizes = [block.size for block in model.latent_space.blocks]
    return [normal_noise((count, batch, size), generator, axis=1).flatten(0, 1).double() for size in sizes]


def _linear_gaussian(inference: str) -> tuple[LadderVae, MultivariateNormal]:
    """x = A·z₁ + noise, z₁ = B·z₂ + c + noise with A's columns at right angles, and its true law of images.

    What the picture says of either level is set to what it does say, so the ladder's posterior is exact.
    """
    spec = DataSpec(name="four pixels", shape=(1, 2, 2))
    settings = {"latent_sizes": [2, 2], "hidden_sizes": [1, 1], "hidden_layers": 0, "inference": inference}
    model = _ladder(spec, **settings, likelihood="gaussian", standard_deviation=0.5).double()
    loadings = torch.tensor([[1.0, 0.5], [0.5, -1.0], [-1.0, 2.0], [2.0, 1.0]]).double()
    scale, shift = torch.tensor([1.5, -0.8]).double(), torch.tensor([0.3, -1.0]).double()
    spread, noise = torch.tensor([0.3, 0.6]).double(), torch.exp(2.0 * model.log_deviation).double()
    gram = (loadings.T @ loadings).diagonal()
    from_picture = loadings.T / gram[:, None]
    unsure = spread + noise / gram
    precision = 1.0 + scale.square() / unsure
    with torch.no_grad():
        second, first = _levels(model)
        _set(model.decoder[0], loadings)
        _set(second.below, torch.diag(scale), shift, spread)
        _set(first.estimate, from_picture, torch.zeros(2), noise / gram)
        weights = (scale / unsure / precision)[:, None]
        _set(second.estimate, weights * from_picture, -weights[:, 0] * shift, 1.0 / precision)
    covariance = loadings @ (torch.diag(scale.square() + spread)) @ loadings.T + noise * torch.eye(4).double()
    return model, MultivariateNormal(loadings @ shift, covariance)


def _set(layer: object, weight: Tensor, bias: Tensor | None = None, variances: Tensor | None = None) -> None:
    assert isinstance(layer, nn.Linear)
    layer.weight.zero_()[: len(weight)] = weight
    if bias is not None and variances is not None:
        layer.bias.copy_(torch.cat([bias, torch.expm1(variances - 1e-4).log()]))


def test_merging_with_the_prior_makes_every_importance_weight_of_a_linear_hierarchy_the_likelihood() -> None:
    model, law = _linear_gaussian("ladder")
    images = torch.randn(5, 1, 2, 2, generator=_seeded(), dtype=torch.float64)

    log_weights = model.log_weights(images, 20, _seeded(1))

    assert torch.allclose(log_weights, law.log_prob(images.flatten(1)).expand(20, 5), rtol=0.0, atol=1e-9)


def test_the_bound_of_a_linear_hierarchy_averages_to_the_likelihood() -> None:
    model, law = _linear_gaussian("ladder")
    images = torch.randn(1, 1, 2, 2, generator=_seeded(), dtype=torch.float64)

    terms = model.bound_terms(images.expand(50_000, 1, 2, 2), _seeded(1))

    bounds = (terms.log_likelihood - terms.kl.sum(dim=1)).detach()
    error = float(bounds.std()) / len(bounds) ** 0.5
    assert abs(float(bounds.mean() - law.log_prob(images.flatten(1)))) < 4.0 * error


def test_without_merging_more_samples_tighten_the_bound() -> None:
    model, law = _linear_gaussian("bottom_up")
    images = law.sample((1,)).view(1, 1, 2, 2)

    log_weights = model.log_weights(images, 200_000, _seeded(1))[:, 0]
    bounds = [importance_bound(log_weights.view(-1, samples).T).mean().item() for samples in (1, 5, 50)]

    assert bounds[0] + 0.05 < bounds[1]
    assert bounds[1] + 0.01 < bounds[2]
    assert bounds[2] <= law.log_prob(images.flatten(1)).item() + 1e-3


def test_weights_are_the_same_gathered_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    model, law = _linear_gaussian("ladder")
    images = torch.randn(3, 1, 2, 2, generator=_seeded(), dtype=torch.float64)
    monkeypatch.setattr("trainers.models.ladder_vae._DECODED_AT_ONCE", 30)

    log_weights = model.log_weights(images, 11, _seeded(1))

    assert torch.allclose(log_weights, law.log_prob(images.flatten(1)).expand(11, 3), atol=1e-9)


@pytest.mark.parametrize("inference", INFERENCES)
def test_the_divergence_at_every_level_is_from_the_prior_given_the_level_above_as_drawn(inference: str) -> None:
    model, images = _settled(inference=inference), _images().double()

    terms = model.bound_terms(images, _seeded(5))

    found = _hierarchy(model, images, _noise(model, 1, 6, 5))
    pairs = zip(found.posteriors, found.priors, strict=True)
    assert torch.allclose(terms.kl, torch.cat([kl_divergence(*pair) for pair in pairs], dim=1), rtol=1e-9)
    likelihood = Bernoulli(logits=found.logits).log_prob(images).flatten(1).sum(dim=1)
    assert torch.allclose(terms.log_likelihood, likelihood, rtol=1e-9)


@pytest.mark.parametrize("inference", INFERENCES)
def test_weights_in_noise_are_those_of_the_densities_of_the_variables(inference: str) -> None:
    model, images = _settled(inference=inference), _images().double()

    log_weights = model.log_weights(images, 3, _seeded(5))

    repeated = images.repeat(3, 1, 1, 1)
    found = _hierarchy(model, repeated, _noise(model, 3, 6, 5))
    expected = Bernoulli(logits=found.logits).log_prob(repeated).flatten(1).sum(dim=1)
    for variables, posterior, prior in zip(found.variables, found.posteriors, found.priors, strict=True):
        expected = expected + (prior.log_prob(variables) - posterior.log_prob(variables)).sum(dim=1)
    assert torch.allclose(log_weights, expected.view(3, 6), rtol=1e-9)


@pytest.mark.parametrize("inference", INFERENCES)
def test_divergences_equal_monte_carlo_at_every_level(inference: str) -> None:
    model, draws = _settled(inference=inference), 40_000
    images = _images(1).double().expand(draws, 1, 4, 4)
    with torch.no_grad():
        kl = model.bound_terms(images, _seeded(3)).kl
        found = _hierarchy(model, images, _noise(model, 1, draws, 4))

    levels = zip(found.variables, found.posteriors, found.priors, strict=True)
    ratios = [(posterior.log_prob(z) - prior.log_prob(z)).sum(dim=1) for z, posterior, prior in levels]

    for level, ratio in zip(kl.split([2, 3, 4], dim=1), ratios, strict=True):
        differences = level.sum(dim=1).mean() - ratio.mean()
        error = ((level.sum(dim=1).var() + ratio.var()) / draws).sqrt()
        assert abs(float(differences)) < 4.0 * float(error)


@pytest.mark.parametrize("inference", INFERENCES)
def test_decoding_the_mean_noise_reconstructs_along_the_means(inference: str) -> None:
    model, images = _settled(inference=inference), _images().double()

    posterior = model.encode(images)

    found = _hierarchy(model, images, [torch.zeros(6, size).double() for size in (2, 3, 4)])
    assert torch.allclose(model.decode(posterior.mean), torch.sigmoid(found.logits), atol=1e-9)
    assert posterior.log_variance is not None
    for log_variance, q, p in zip(
        posterior.log_variance.split([2, 3, 4], dim=1), found.posteriors, found.priors, strict=True
    ):
        assert torch.allclose(log_variance, (q.variance / p.variance).log(), atol=1e-9)


def _variables(model: LadderVae, codes: Tensor) -> list[Tensor]:
    """z of every level from the top down, for noise."""
    found, prior = [], None
    for level, noise in zip(_levels(model), codes.split([2, 3, 4], dim=1), strict=True):
        found.append(noise if prior is None else prior.mean + prior.stddev * noise)
        if level.below is not None:
            prior = _normal(level.below(level.down(found[-1])))
    return found


def _decoded(model: LadderVae, lowest: Tensor) -> Tensor:
    return torch.sigmoid(model.decoder(_levels(model)[-1].down(lowest)))


def test_moving_the_top_redraws_everything_below_with_the_same_noise() -> None:
    model = _settled()
    codes = torch.randn(5, 9, generator=_seeded()).double()
    moved = codes.clone()
    moved[:, 0] += 2.0

    before, after = _variables(model, codes), _variables(model, moved)

    assert all(bool((one != other).any(dim=1).all()) for one, other in zip(before, after, strict=True))
    assert torch.allclose(model.decode(moved), _decoded(model, after[-1]), atol=1e-12)
    assert torch.allclose(model.decode(codes), _decoded(model, before[-1]), atol=1e-12)
    assert not torch.allclose(model.decode(codes), model.decode(moved), atol=1e-3)


def test_a_level_of_temperature_zero_lies_where_the_level_above_puts_it() -> None:
    model = _settled()

    codes = model.sample_prior(50, [1.0, 0.0, 1.0], generator=_seeded()).double()

    _, middle, lowest = _variables(model, codes)
    top = _levels(model)[0]
    assert top.below is not None
    assert torch.equal(middle, _normal(top.below(top.down(codes[:, :2]))).mean)
    assert torch.allclose(model.decode(codes), _decoded(model, lowest))
    top_alone = model.sample_prior(2, [0.0, 0.0, 1.0], generator=_seeded()).double()
    assert not bool(top_alone[:, 2:].any())
    assert torch.equal(*model.decode(model.sample_prior(2, 0.0, generator=_seeded()).double()))


def test_the_top_level_is_first_in_the_code_and_level_zero_is_nearest_to_the_picture() -> None:
    space = _ladder().latent_space

    assert [(block.name, block.size, block.level) for block in space.blocks] == [
        ("z3", 2, 2),
        ("z2", 3, 1),
        ("z1", 4, 0),
    ]
    assert space.dimension_names()[:3] == ("z3.1", "z3.2", "z2.1")


def test_curves_show_the_divergence_of_every_level() -> None:
    model = _ladder(batch_normalisation=False)

    terms = _terms(model, seed=7)

    kl = model.bound_terms(_images(), _seeded(7)).kl.detach().mean(dim=0)
    expected = {"kl_1": kl[5:].sum(), "kl_2": kl[2:5].sum(), "kl_3": kl[:2].sum()}
    assert {name: float(terms.scalars[name]) for name in expected} == pytest.approx(
        {name: float(value) for name, value in expected.items()}
    )
    assert float(terms.scalars["kl"]) == pytest.approx(float(kl.sum()))


@pytest.mark.parametrize("epoch", [0.0, 1.0, 4.0, 9.0])
def test_warm_up_weighs_the_divergence_in_training_alone(epoch: float) -> None:
    model, plain = _ladder(warm_up_epochs=4.0), _ladder()

    terms = _terms(model, epoch)

    expected = terms.scalars["reconstruction"] + min(1.0, epoch / 4.0) * terms.scalars["kl"]
    assert torch.allclose(terms.total, expected)
    assert torch.equal(terms.scalars["negative_bound"], _terms(plain).scalars["negative_bound"])


def test_evaluation_never_weighs_the_divergence() -> None:
    plain, weighed = _ladder().eval(), _ladder(beta=7.0, warm_up_epochs=5.0, free_bits=2.0).eval()

    bounds = [model.bound_terms(_images(), _seeded()) for model in (plain, weighed)]

    assert torch.equal(bounds[0].log_likelihood, bounds[1].log_likelihood)
    assert torch.equal(bounds[0].kl, bounds[1].kl)
    assert torch.equal(*(model.log_weights(_images(), 3, _seeded()) for model in (plain, weighed)))


def test_free_bits_charge_at_least_the_allowance_for_every_number() -> None:
    terms = _terms(_ladder(free_bits=50.0))

    assert float((terms.total - terms.scalars["reconstruction"]).detach()) == pytest.approx(9 * 50.0, rel=1e-5)


def test_evaluation_uses_running_statistics() -> None:
    model, images = _settled(), _images().double()

    alone = torch.cat([model.encode(image[None]).mean for image in images])

    assert torch.allclose(model.encode(images).mean, alone, atol=1e-9)


def test_processes_that_share_images_make_the_draws_of_one() -> None:
    model, images = _settled(), _images().double()
    whole = model.log_weights(images, 3, _seeded(8))

    for process, part in enumerate(images.chunk(2)):
        shared = SharedGenerator("cpu", process, 2)
        shared.manual_seed(8)
        assert torch.allclose(model.log_weights(part, 3, shared), whole.chunk(2, dim=1)[process])


def test_batch_normalisation_can_be_left_out() -> None:
    with_it, without = _ladder(), _ladder(batch_normalisation=False)

    assert any(isinstance(module, nn.BatchNorm1d) for module in with_it.modules())
    assert not any(isinstance(module, nn.BatchNorm1d) for module in without.modules())


def test_training_raises_the_bound_and_uses_more_than_one_level() -> None:
    model = _ladder(warm_up_epochs=0.0)
    before = float(_terms(model).scalars["negative_bound"])

    _train(model, 150)

    after = _terms(model).scalars
    assert float(after["negative_bound"]) < before - 2.0
    assert sum(float(after[f"kl_{level}"]) > 0.05 for level in (1, 2, 3)) >= 2


def test_a_prepared_model_starts_from_the_mean_image() -> None:
    images = torch.randint(30, 220, (50, 1, 4, 4), dtype=torch.uint8, generator=_seeded())
    dataset = ImageDataset(GREY, "train", images)
    model, unprepared = _ladder().eval(), _ladder().eval()
    codes = torch.zeros(1, 9)

    model.prepare(dataset, _seeded())

    moved = torch.logit(model.decode(codes)) - torch.logit(unprepared.decode(codes))
    assert torch.allclose(moved[0], torch.logit(dataset.mean_image()), atol=1e-4)


def test_levels_without_layers_are_refused() -> None:
    with pytest.raises(UsageError, match="latent_sizes has 2 levels and hidden_sizes 5"):
        LadderVaeConfig.from_values({"latent_sizes": [4, 2]})


def test_points_are_refused() -> None:
    with pytest.raises(UsageError, match="ladder_vae models images"):
        LadderVaeConfig().resolved(DataSpec(name="moons", kind="points", shape=(2,)))
