"""What every registered model must keep, whatever its family."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.trainers.models.model_cases import BATCH, ITEMS, SETTINGS, Case, all_cases, batch_for, first_shapes, seeded
from trainers.engine.checkpoint import TrainingMark, all_finite, load_model, save_checkpoint
from trainers.engine.devices import Precision
from trainers.engine.fabric import make_fabric
from trainers.engine.loss_meter import LossMeter
from trainers.engine.phase_steps import PhaseSteps
from trainers.models.capabilities import capabilities, possible_capabilities
from trainers.models.catalogue import MODELS
from trainers.models.latent_model import (
    CodeTable,
    Critic,
    Encoder,
    ExactLikelihood,
    FittedPrior,
    LatentModel,
    Likelihood,
    Quantizer,
    SequentialDecoder,
    VariationalBound,
)
from trainers.models.training_plan import Objective, Phase, Progress

DRAWN_PRIORS = {"normal", "uniform", "ball"}


def _objectives(model: LatentModel) -> list[Objective]:
    return [objective for phase in model.phases() for objective in phase.objectives]


def _take_steps(model: LatentModel, objective: Objective, count: int = 1) -> dict[str, float]:
    """Train one objective as the loop does; gives the means of its terms."""
    meter = LossMeter()
    steps = PhaseSteps(Phase("alone", (objective,)), make_fabric(torch.device("cpu"), "float32"), meter)
    for step in range(count):
        steps.step(batch_for(model), Progress(step, step / 3), lambda: batch_for(model))
    return meter.means()


def _sample(model: LatentModel, count: int, seed: int = 0, temperature: float = 1.0) -> Tensor:
    return model.sample_prior(count, temperature, model.condition_spec.usual(count), seeded(seed))


def _decode(model: LatentModel, codes: Tensor) -> Tensor:
    return model.decode(codes, model.condition_spec.usual(len(codes)))


@pytest.fixture(params=all_cases(), ids=str)
def any_model(request: pytest.FixtureRequest) -> LatentModel:
    case: Case = request.param
    return case.build()


@pytest.fixture(params=first_shapes(), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def model(case: Case) -> LatentModel:
    return case.build()


def test_codes_decode_to_items_in_range(any_model: LatentModel) -> None:
    codes = _sample(any_model, 7)
    items = _decode(any_model, 10.0 * codes).detach()

    assert codes.shape == (7, any_model.latent_space.size)
    assert items.shape == (7, *any_model.data_spec.shape)
    assert items.dtype == torch.float32
    assert bool(items.isfinite().all())
    if any_model.data_spec.kind == "images":
        assert float(items.min()) >= 0.0
        assert float(items.max()) <= 1.0


def test_encoding_gives_flat_codes_that_decode(any_model: LatentModel) -> None:
    if not isinstance(any_model, Encoder):
        return
    batch = batch_for(any_model)
    condition = any_model.condition_of(batch)
    posterior = any_model.eval().encode(batch.images, condition)

    assert posterior.mean.shape == (BATCH, any_model.latent_space.size)
    assert posterior.log_variance is None or posterior.log_variance.shape == posterior.mean.shape
    assert any_model.decode(posterior.mean, condition).shape == batch.images.shape


def test_a_class_names_all_that_its_models_can_do(any_model: LatentModel) -> None:
    assert capabilities(any_model) <= possible_capabilities(type(any_model))


def test_codes_of_training_items_are_one_for_each(any_model: LatentModel) -> None:
    if not isinstance(any_model, CodeTable):
        return
    assert any_model.training_codes().shape == (ITEMS, any_model.latent_space.size)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_training_steps_stay_finite(any_model: LatentModel, precision: Precision) -> None:
    any_model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from its overloads
    for objective in _objectives(any_model):
        for step in range(3):
            with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
                terms = objective.loss(batch_for(any_model), Progress(step, step / 3))
            assert terms.total.dtype == torch.float32
            assert bool(terms.total.isfinite())
            assert all(bool(scalar.isfinite()) and not scalar.requires_grad for scalar in terms.scalars.values())
        _take_steps(any_model, objective, 3)
    assert all_finite(any_model)


def test_half_precision_changes_the_loss_only_slightly(model: LatentModel) -> None:
    for objective in _objectives(model):
        whole = objective.loss(batch_for(model), Progress(0, 0.0)).total
        with torch.autocast("cpu", torch.bfloat16):
            half = objective.loss(batch_for(model), Progress(0, 0.0)).total
        assert float(half.detach()) == pytest.approx(float(whole.detach()), rel=0.02, abs=0.05)


def test_gradients_reach_all_of_an_objectives_parameters(any_model: LatentModel) -> None:
    for objective in _objectives(any_model):
        # Layers that begin at zero pass gradients on only once they have moved.
        _take_steps(any_model, objective, 2)
        total = objective.loss(batch_for(any_model), Progress(2, 0.5)).total
        gradients = torch.autograd.grad(total, objective.parameters)

        reached = {
            id(own) for own, value in zip(objective.parameters, gradients, strict=True) if value.to_dense().any()
        }
        names = {id(value): name for name, value in any_model.named_parameters()}
        assert {names[id(own)] for own in objective.parameters} == {names[own] for own in reached}


def test_training_an_objective_moves_no_other_parameter(any_model: LatentModel) -> None:
    for objective in _objectives(any_model):
        own = {id(parameter) for parameter in objective.parameters}
        others = [value for value in any_model.parameters() if value.requires_grad and id(value) not in own]
        before = [value.detach().clone() for value in others]

        _take_steps(any_model, objective, 2)

        assert all(torch.equal(value, earlier) for value, earlier in zip(others, before, strict=True))
        assert all(value.grad is None or not value.grad.to_dense().any() for value in others)


def test_every_parameter_belongs_to_some_objective(model: LatentModel) -> None:
    own = {id(parameter) for objective in _objectives(model) for parameter in objective.parameters}

    assert {id(parameter) for parameter in model.parameters() if parameter.requires_grad} == own


def test_the_same_seed_gives_the_same_model_and_pictures(case: Case) -> None:
    first, second = case.build(), case.build()
    for one in (first, second):
        for objective in _objectives(one):
            _take_steps(one, objective)
        one.eval()

    pictures = [_decode(one, _sample(one, 5, seed=3)) for one in (first, second)]

    assert torch.equal(*pictures)
    assert not torch.equal(_sample(first, 5, seed=4), _sample(first, 5, seed=3))


def test_temperature_scales_how_far_samples_spread(model: LatentModel) -> None:
    cold, warm = (_sample(model, 200, temperature=temperature) for temperature in (0.1, 1.0))

    for block, place in zip(model.latent_space.blocks, model.latent_space.slices().values(), strict=True):
        if block.prior in DRAWN_PRIORS:
            assert float(cold[:, place].std()) < 0.5 * float(warm[:, place].std())


def test_every_level_has_a_temperature_of_its_own(model: LatentModel) -> None:
    space = model.latent_space
    for level in range(space.levels):
        temperatures = [0.0 if other == level else 1.0 for other in range(space.levels)]
        codes = model.sample_prior(50, temperatures, model.condition_spec.usual(50), seeded())
        for block, place in zip(space.blocks, space.slices().values(), strict=True):
            if block.prior in DRAWN_PRIORS:
                assert (float(codes[:, place].std()) == 0.0) == (block.level == level)


def test_flat_codes_round_trip_their_blocks(model: LatentModel) -> None:
    codes = _sample(model, 4)

    assert torch.equal(model.latent_space.join(model.latent_space.split(codes)), codes)
    assert len(model.latent_space.dimension_names()) == codes.shape[1]


def test_prior_moments_are_those_of_samples(model: LatentModel) -> None:
    mean, deviation = model.prior_moments()
    assert mean.shape == deviation.shape == (model.latent_space.size,)
    assert bool((deviation > 0.0).all())
    if any(block.prior == "empirical" for block in model.latent_space.blocks) and not isinstance(model, FittedPrior):
        return
    codes = _sample(model, 20_000)

    assert torch.allclose(codes.mean(dim=0), mean, atol=0.05)
    assert torch.allclose(codes.std(dim=0), deviation, rtol=0.05)


def test_saving_and_opening_gives_identical_pictures(any_model: LatentModel, tmp_path: Path) -> None:
    for objective in _objectives(any_model):
        _take_steps(any_model, objective)
    if isinstance(any_model, FittedPrior):
        any_model.fit_prior(torch.randn(200, any_model.latent_space.size, generator=seeded()), seed=0)
    file = tmp_path / "model.safetensors"
    save_checkpoint(file, any_model, TrainingMark(run="run", step=1, epoch=0.1, seed=0))

    opened = load_model(file)

    any_model.eval()
    codes = [_sample(one, 5, seed=5) for one in (any_model, opened)]
    assert torch.equal(*codes)
    assert torch.equal(_decode(any_model, codes[0]), _decode(opened, codes[0]))
    assert opened.config == any_model.config
    assert opened.latent_space == any_model.latent_space
    assert opened.condition_spec == any_model.condition_spec


@pytest.mark.parametrize("samples", [1, 7])
def test_importance_weights_are_exactly_as_many_as_asked_for(any_model: LatentModel, samples: int) -> None:
    if not isinstance(any_model, Likelihood):
        return
    batch = batch_for(any_model)
    weights = any_model.eval().log_weights(batch.images, samples, seeded(), any_model.condition_of(batch))

    exact = isinstance(any_model, ExactLikelihood)
    assert weights.shape == ((1, BATCH) if exact else (samples, BATCH))
    assert bool(weights.isfinite().all())


def test_an_exact_likelihood_is_the_same_by_either_name(any_model: LatentModel) -> None:
    if not isinstance(any_model, ExactLikelihood):
        return
    batch = batch_for(any_model)
    condition = any_model.eval().condition_of(batch)

    exact = any_model.log_likelihood(batch.images, seeded(), condition)

    assert torch.equal(any_model.log_weights(batch.images, 1, seeded(), condition)[0], exact)


def test_bound_terms_are_per_image_and_per_number(any_model: LatentModel) -> None:
    if not isinstance(any_model, VariationalBound):
        return
    batch = batch_for(any_model)
    terms = any_model.eval().bound_terms(batch.images, seeded(), any_model.condition_of(batch))

    assert terms.log_likelihood.shape == (BATCH,)
    assert terms.kl.shape == (BATCH, any_model.latent_space.size)
    assert float(terms.kl.detach().min()) >= 0.0


def test_a_critic_scores_every_item(any_model: LatentModel) -> None:
    if not isinstance(any_model, Critic):
        return
    batch = batch_for(any_model)
    scores = any_model.eval().score(batch.images, any_model.condition_of(batch))

    assert scores.shape == (BATCH,)
    assert bool(scores.isfinite().all())


def test_codes_round_trip_the_entries_of_their_codebook(any_model: LatentModel) -> None:
    if not isinstance(any_model, Quantizer):
        return
    codes = _sample(any_model, 5)
    for block in any_model.quantized_blocks:
        indices = any_model.code_indices(codes, block)
        other = (indices + 1) % len(any_model.codebook(block))

        assert torch.equal(any_model.code_indices(any_model.with_indices(codes, block, other), block), other)
        kept = any_model.with_indices(codes, block, indices)
        assert torch.equal(_decode(any_model.eval(), kept), _decode(any_model, codes))


def test_decoding_in_steps_ends_in_what_decoding_gives(model: LatentModel) -> None:
    if not isinstance(model, SequentialDecoder):
        return
    codes = _sample(model.eval(), 3)
    condition = model.condition_spec.usual(3)

    shares, pictures = zip(*model.decode_steps(codes, condition), strict=True)

    assert list(shares) == sorted(set(shares))
    assert shares[-1] == 1.0
    assert all(picture.shape == (3, *model.data_spec.shape) for picture in pictures)
    assert torch.equal(pictures[-1], model.decode(codes, condition))


def test_every_setting_is_described_and_bounded() -> None:
    for name, (field_name, field) in ((n, f) for n in MODELS for f in MODELS[n].config_type.model_fields.items()):
        assert field.description, f"{name}.{field_name} has no description"
        if field.annotation in {int, float}:
            bounds = {type(constraint).__name__ for constraint in field.metadata}
            assert bounds & {"Ge", "Gt"}, f"{name}.{field_name} has no lowest value"
            assert bounds & {"Le", "Lt"}, f"{name}.{field_name} has no highest value"


def test_every_model_has_its_cases() -> None:
    assert {file.stem for file in SETTINGS.glob("*.toml")} == set(MODELS)
    assert len(all_cases()) >= 20
