"""What every registered model must keep, whatever its family."""

from itertools import product
from pathlib import Path

import pytest
import torch
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.checkpoint import TrainingMark, load_model, save_checkpoint
from trainers.models.catalogue import MODELS
from trainers.models.latent_model import Encoder, FittedPrior, LatentModel, Likelihood, VariationalBound
from trainers.models.training_plan import Objective, Progress, Terms

SHAPES = ((1, 8, 8), (3, 8, 8), (1, 28, 28), (3, 64, 64), (1, 5, 9))
SMALL = {"channels": [6, 8], "dense_size": 16, "hidden_sizes": [16]}


def _variants() -> list[tuple[str, str]]:
    """Every model with each of its architectures."""
    found = []
    for name in MODELS:
        field = MODELS[name].config_type.model_fields.get("architecture")
        choices = getattr(field.annotation, "__args__", ("",)) if field else ("",)
        found += [(name, choice) for choice in choices]
    return found


def _model(name: str, architecture: str, shape: tuple[int, ...]) -> LatentModel:
    torch.manual_seed(0)
    config_type = MODELS[name].config_type
    settings: dict[str, object] = {key: value for key, value in SMALL.items() if key in config_type.model_fields}
    if architecture:
        settings["architecture"] = architecture
    spec = DataSpec(name="random", shape=shape)
    config = config_type.from_values(settings | {"latent_size": 3}).resolved(spec)
    model = MODELS[name](config, spec)
    model.prepare(_dataset(spec), _seeded())
    return model


def _dataset(spec: DataSpec) -> ImageDataset:
    images = torch.randint(256, (40, *spec.shape), dtype=torch.uint8, generator=_seeded())
    return ImageDataset(spec, "train", images)


def _images(model: LatentModel, count: int = 12) -> Tensor:
    images = torch.rand(count, *model.data_spec.shape, generator=_seeded(1))
    return images.round() if model.needs_binary_data else images


def _batch(model: LatentModel) -> Batch:
    images = _images(model)
    return Batch(images, torch.arange(len(images)), _seeded(2))


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _objectives(model: LatentModel) -> list[Objective]:
    return [objective for phase in model.phases() for objective in phase.objectives]


def _take_step(model: LatentModel, objective: Objective) -> Terms:
    optimizer = torch.optim.Adam(objective.parameters, lr=1e-3)
    terms = objective.loss(_batch(model), Progress(0, 0.0))
    optimizer.zero_grad()
    terms.total.backward()
    optimizer.step()
    return terms


@pytest.fixture(params=_variants(), ids="-".join)
def variant(request: pytest.FixtureRequest) -> tuple[str, str]:
    name, architecture = request.param
    return name, architecture


@pytest.fixture(params=SHAPES, ids=str)
def any_model(request: pytest.FixtureRequest, variant: tuple[str, str]) -> LatentModel:
    return _model(*variant, request.param)


@pytest.fixture
def model(variant: tuple[str, str]) -> LatentModel:
    return _model(*variant, (1, 8, 8))


def test_codes_decode_to_images_in_range(any_model: LatentModel) -> None:
    codes = any_model.sample_prior(7, generator=_seeded())
    images = any_model.decode(10.0 * codes).detach()

    assert codes.shape == (7, any_model.latent_space.size)
    assert images.shape == (7, *any_model.data_spec.shape)
    assert images.dtype == torch.float32
    assert float(images.min()) >= 0.0
    assert float(images.max()) <= 1.0


def test_encoding_gives_flat_codes_that_decode(any_model: LatentModel) -> None:
    if not isinstance(any_model, Encoder):
        return
    posterior = any_model.encode(_images(any_model))

    assert posterior.mean.shape == (12, any_model.latent_space.size)
    assert posterior.log_variance is None or posterior.log_variance.shape == posterior.mean.shape
    assert any_model.decode(posterior.mean).shape == (12, *any_model.data_spec.shape)


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16], ids=["float32", "bfloat16"])
def test_training_steps_stay_finite(any_model: LatentModel, precision: torch.dtype) -> None:
    any_model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from its overloads
    for objective in _objectives(any_model):
        for _ in range(3):
            with torch.autocast("cpu", precision, enabled=precision != torch.float32):
                terms = _take_step(any_model, objective)
            assert terms.total.dtype == torch.float32
            assert bool(terms.total.isfinite())
            assert all(bool(scalar.isfinite()) and not scalar.requires_grad for scalar in terms.scalars.values())
    assert all(bool(parameter.isfinite().all()) for parameter in any_model.parameters())


def test_half_precision_changes_the_loss_only_slightly(model: LatentModel) -> None:
    for objective in _objectives(model):
        whole = objective.loss(_batch(model), Progress(0, 0.0)).total
        with torch.autocast("cpu", torch.bfloat16):
            half = objective.loss(_batch(model), Progress(0, 0.0)).total
        assert float(half.detach()) == pytest.approx(float(whole.detach()), rel=0.02)


def test_gradients_reach_exactly_the_objectives_own_parameters(any_model: LatentModel) -> None:
    for objective in _objectives(any_model):
        any_model.zero_grad(set_to_none=True)
        objective.loss(_batch(any_model), Progress(0, 0.0)).total.backward()

        moved = {name for name, value in any_model.named_parameters() if value.grad is not None and value.grad.any()}
        touched = {name for name, value in any_model.named_parameters() if value.grad is not None}
        own = {id(parameter) for parameter in objective.parameters}
        named = {name for name, value in any_model.named_parameters() if id(value) in own}
        assert moved == touched == named


def test_every_parameter_belongs_to_some_objective(model: LatentModel) -> None:
    own = {id(parameter) for objective in _objectives(model) for parameter in objective.parameters}

    assert {id(parameter) for parameter in model.parameters() if parameter.requires_grad} == own


def test_the_same_seed_gives_the_same_model_and_pictures(variant: tuple[str, str]) -> None:
    first, second = (_model(*variant, (1, 8, 8)) for _ in range(2))
    for one in (first, second):
        for objective in _objectives(one):
            _take_step(one, objective)

    pictures = [one.decode(one.sample_prior(5, generator=_seeded(3))) for one in (first, second)]
    other = first.sample_prior(5, generator=_seeded(4))

    assert torch.equal(*pictures)
    assert not torch.equal(other, first.sample_prior(5, generator=_seeded(3)))


def test_temperature_scales_how_far_samples_spread(model: LatentModel) -> None:
    cold, warm = (model.sample_prior(500, temperature, generator=_seeded()) for temperature in (0.1, 1.0))

    assert float(cold.std()) < 0.5 * float(warm.std())


def test_flat_codes_round_trip_their_blocks(model: LatentModel) -> None:
    codes = model.sample_prior(4, generator=_seeded())

    assert torch.equal(model.latent_space.join(model.latent_space.split(codes)), codes)
    assert len(model.latent_space.dimension_names()) == codes.shape[1]


def test_prior_moments_are_those_of_samples(model: LatentModel) -> None:
    codes = model.sample_prior(20_000, generator=_seeded())
    mean, deviation = model.prior_moments()

    assert torch.allclose(codes.mean(dim=0), mean, atol=0.05)
    assert torch.allclose(codes.std(dim=0), deviation, rtol=0.05)


def test_saving_and_opening_gives_identical_pictures(any_model: LatentModel, tmp_path: Path) -> None:
    for objective in _objectives(any_model):
        _take_step(any_model, objective)
    if isinstance(any_model, FittedPrior):
        any_model.fit_prior(torch.randn(200, any_model.latent_space.size, generator=_seeded()), seed=0)
    file = tmp_path / "model.safetensors"
    save_checkpoint(file, any_model, TrainingMark(run="run", step=1, epoch=0.1, seed=0))

    opened = load_model(file)

    codes = [one.sample_prior(5, generator=_seeded(5)) for one in (any_model, opened)]
    assert torch.equal(*codes)
    assert torch.equal(any_model.eval().decode(codes[0]), opened.decode(codes[0]))
    assert opened.config == any_model.config
    assert opened.latent_space == any_model.latent_space


@pytest.mark.parametrize("samples", [1, 7])
def test_importance_weights_are_exactly_as_many_as_asked_for(any_model: LatentModel, samples: int) -> None:
    if not isinstance(any_model, Likelihood):
        return
    weights = any_model.log_weights(_images(any_model), samples, _seeded())

    assert weights.shape in {(samples, 12), (1, 12)}
    assert bool(weights.isfinite().all())


def test_bound_terms_are_per_image_and_per_number(any_model: LatentModel) -> None:
    if not isinstance(any_model, VariationalBound):
        return
    terms = any_model.bound_terms(_images(any_model), _seeded())

    assert terms.log_likelihood.shape == (12,)
    assert terms.kl.shape == (12, any_model.latent_space.size)
    assert float(terms.kl.detach().min()) >= 0.0


def test_every_setting_is_described_and_bounded() -> None:
    for name, (field_name, field) in ((n, f) for n in MODELS for f in MODELS[n].config_type.model_fields.items()):
        assert field.description, f"{name}.{field_name} has no description"
        if field.annotation in {int, float}:
            bounds = {type(constraint).__name__ for constraint in field.metadata}
            assert bounds & {"Ge", "Gt"}, f"{name}.{field_name} has no lowest value"
            assert bounds & {"Le", "Lt"}, f"{name}.{field_name} has no highest value"


def test_the_contract_covers_several_models() -> None:
    assert {("autoencoder", "mlp"), ("vae", "convolutional")} <= set(_variants())
    assert len(list(product(_variants(), SHAPES))) >= 20
