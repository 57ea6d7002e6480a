"""The game of generator and critic: who moves whom, and whose pictures are shown."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.fabric import make_fabric
from trainers.engine.loss_meter import LossMeter
from trainers.engine.phase_steps import PhaseSteps
from trainers.models.adversarial_model import AdversarialModel
from trainers.models.gan import Gan, GanConfig
from trainers.models.training_plan import Objective, Phase, Progress
from trainers.models.wgan_gp import WganGp, WganGpConfig

IMAGES = DataSpec(name="grey", shape=(1, 6, 6))
POINTS = DataSpec(name="points", kind="points", shape=(2,))
SMALL: dict[str, Any] = {
    "channels": [5, 6],
    "dense_size": 12,
    "hidden_sizes": [12],
    "latent_size": 3,
    "batch_normalisation": False,
}
Make = Callable[..., AdversarialModel]
LOSSES = ["minimax", "non_saturating", "least_squares", "hinge"]


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _gan(spec: DataSpec = IMAGES, **settings: object) -> AdversarialModel:
    torch.manual_seed(0)
    return Gan(GanConfig.from_values(SMALL | settings), spec)


def _wgan(spec: DataSpec = IMAGES, **settings: object) -> AdversarialModel:
    torch.manual_seed(0)
    return WganGp(WganGpConfig.from_values(SMALL | settings), spec)


def _points(count: int = 500) -> ImageDataset:
    items = torch.randn(count, 2, generator=_seeded()) * torch.tensor([3.0, 0.5]) + torch.tensor([10.0, -7.0])
    return ImageDataset(POINTS, "train", items)


def _batch(spec: DataSpec = IMAGES, seed: int = 1, count: int = 16) -> Batch:
    draw = torch.rand if spec.kind == "images" else torch.randn
    return Batch(draw(count, *spec.shape, generator=_seeded(seed)), torch.arange(count), _seeded(seed + 1))


def _objective(model: AdversarialModel, name: str) -> Objective:
    return next(objective for objective in model.phases()[0].objectives if objective.name == name)


def _steps(*objectives: Objective) -> PhaseSteps:
    return PhaseSteps(Phase("training", objectives), make_fabric(torch.device("cpu"), "float32"), LossMeter())


def _state(module: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def _is_unchanged(module: nn.Module, before: dict[str, Tensor]) -> bool:
    return all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


@pytest.fixture(params=["gan", "gan-spectral", "wgan_gp", "wgan_gp-normalised"])
def model(request: pytest.FixtureRequest) -> AdversarialModel:
    makers: dict[str, Callable[[], AdversarialModel]] = {
        "gan": _gan,
        "gan-spectral": lambda: _gan(spectral_normalisation=True, critic_repeats=3),
        "wgan_gp": _wgan,
        "wgan_gp-normalised": lambda: _wgan(layer_normalisation=True, batch_normalisation=True),
    }
    return makers[request.param]()


def test_generator_steps_leave_the_critic_as_it_is(model: AdversarialModel) -> None:
    critic, generator = _state(model.critic), _state(model.generator)
    steps = _steps(_objective(model, "generator"))
    for seed in range(3):
        steps.step(_batch(seed=seed), Progress(seed, 0.0), _batch)

    assert _is_unchanged(model.critic, critic)
    assert model.critic.training
    assert not _is_unchanged(model.generator, generator)


def test_critic_steps_leave_the_generator_and_its_average_as_they_are(model: AdversarialModel) -> None:
    critic, average = _state(model.critic), _state(model.average)
    generator = [parameter.detach().clone() for parameter in model.generator.parameters()]
    steps = _steps(_objective(model, "critic"))
    for seed in range(3):
        steps.step(_batch(seed=seed), Progress(seed, 0.0), _batch)

    assert not _is_unchanged(model.critic, critic)
    assert _is_unchanged(model.average, average)
    assert all(torch.equal(*pair) for pair in zip(model.generator.parameters(), generator, strict=True))


def test_no_step_leaves_a_gradient_behind(model: AdversarialModel) -> None:
    _steps(*model.phases()[0].objectives).step(_batch(), Progress(0, 0.0), _batch)

    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize(
    "make", [*(lambda loss=loss: _gan(loss=loss) for loss in LOSSES), _wgan], ids=[*LOSSES, "wgan"]
)
def test_every_generator_step_raises_a_frozen_critics_score_of_its_fakes(make: Make) -> None:
    model = make()
    both = _steps(*model.phases()[0].objectives)
    for seed in range(20):
        both.step(_batch(seed=seed), Progress(seed, 0.0), _batch)
    alone = _steps(_objective(model, "generator"))
    for seed in range(8):
        codes = model.latent_space.sample(16, 1.0, _batch(seed=seed).generator)
        before = model._scores(model._generated(model.generator, codes)).mean()
        alone.step(_batch(seed=seed), Progress(20 + seed, 0.0), _batch)
        after = model._scores(model._generated(model.generator, codes)).mean()
        assert float(after.detach()) > float(before.detach())


def test_the_generator_starts_from_the_mean_image() -> None:
    items = torch.randint(256, (50, 1, 6, 6), dtype=torch.uint8, generator=_seeded())
    dataset = ImageDataset(IMAGES, "train", items)
    model = _gan()
    model.prepare(dataset, _seeded())

    # Without biases a code of zeros passes through all layers but the last one's bias.
    assert torch.allclose(model.decode(torch.zeros(1, 3))[0], dataset.mean_image(), atol=1e-5)


def test_pictures_are_those_of_the_moving_average() -> None:
    model = _gan(moving_average_decay=0.9)
    steps = _steps(*model.phases()[0].objectives)
    for seed in range(5):
        steps.step(_batch(seed=seed), Progress(seed, 0.0), _batch)
    codes = model.sample_prior(4, generator=_seeded())

    assert int(model.average.updates) == 5
    assert torch.equal(model.decode(codes), 0.5 + 0.5 * torch.tanh(model.average(codes)))
    assert not torch.allclose(model.decode(codes), 0.5 + 0.5 * torch.tanh(model.generator(codes)), atol=1e-6)


def test_pictures_are_the_same_while_training_and_afterwards() -> None:
    model = _gan(batch_normalisation=True)
    _steps(*model.phases()[0].objectives).step(_batch(), Progress(0, 0.0), _batch)
    codes = model.sample_prior(4, generator=_seeded())

    assert torch.equal(model.train().decode(codes), model.eval().decode(codes))


def test_codes_can_be_found_through_the_average() -> None:
    model = _gan()
    codes = torch.randn(2, 3, generator=_seeded()).requires_grad_()

    (gradient,) = torch.autograd.grad(model.decode(codes).sum(), codes)

    assert bool(gradient.any())


@pytest.mark.parametrize("make", [_gan, _wgan])
def test_points_are_standardised_wherever_they_lie(make: Make) -> None:
    near, far = make(POINTS), make(POINTS)
    near.prepare(_points(), _seeded())
    moved = ImageDataset(POINTS, "train", 100.0 * _points().images + 1000.0)
    far.prepare(moved, _seeded())
    codes = near.sample_prior(5, generator=_seeded())
    items = _points().images[:5]

    assert near.config.architecture == "mlp"
    assert torch.allclose(near._standardised(_points().images).std(dim=0, correction=0), torch.ones(2), atol=1e-4)
    assert torch.allclose(far.decode(codes), 100.0 * near.decode(codes) + 1000.0, rtol=1e-4)
    assert torch.allclose(far.score(100.0 * items + 1000.0), near.score(items), atol=1e-3)


def test_points_on_a_line_do_not_divide_by_zero() -> None:
    items = torch.randn(20, 2, generator=_seeded()) * torch.tensor([1.0, 0.0])
    model = _gan(POINTS)
    model.prepare(ImageDataset(POINTS, "train", items), _seeded())

    assert bool(model.score(items).isfinite().all())


def test_a_uniform_prior_is_what_the_networks_are_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _gan(prior="uniform")
    seen: list[Tensor] = []
    model.generator.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    _steps(*model.phases()[0].objectives).step(_batch(count=500), Progress(0, 0.0), _batch)
    codes = torch.cat(seen)

    assert model.latent_space.blocks[0].prior == "uniform"
    assert codes.shape == (1000, 3)
    assert float(codes.abs().max()) <= 1.0
    assert float(codes.std()) == pytest.approx(3.0**-0.5, rel=0.05)


@pytest.mark.parametrize("make", [_gan, _wgan])
@pytest.mark.parametrize("broken", ["critic", "generator"])
def test_weights_that_are_no_numbers_show_in_the_losses(make: Make, broken: str) -> None:
    model = make()
    with torch.no_grad():
        next(getattr(model, broken).parameters()).fill_(float("nan"))

    losses = [objective.loss(_batch(), Progress(0, 0.0)).total for objective in model.phases()[0].objectives]

    assert not any(bool(loss.isfinite()) for loss in losses)
