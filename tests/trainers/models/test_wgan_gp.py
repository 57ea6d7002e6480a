"""What is particular to the Wasserstein network: its distance, its penalty, and that it finds the data."""

import math

import pytest
import torch
from torch import Tensor, nn

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.fabric import make_fabric
from trainers.engine.loss_meter import LossMeter
from trainers.engine.phase_steps import PhaseSteps
from trainers.models.training_plan import OptimizerSpec, Progress
from trainers.models.wgan_gp import WganGp, WganGpConfig

IMAGES = DataSpec(name="grey", shape=(1, 6, 6))
POINTS = DataSpec(name="eight piles", kind="points", shape=(2,))


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _model(spec: DataSpec = IMAGES, **settings: object) -> WganGp:
    torch.manual_seed(0)
    return WganGp(WganGpConfig.from_values(settings), spec)


def test_by_default_it_is_trained_as_its_recipe_says() -> None:
    model = _model()
    critic, generator = model.phases()[0].objectives

    assert critic.optimizer == generator.optimizer == OptimizerSpec(learning_rate=1e-4, betas=(0.0, 0.9))
    assert (critic.repeats, generator.repeats) == (5, 1)
    assert model.config.penalty_weight == 10.0
    assert not any(isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) for module in model.critic.modules())


def test_of_a_linear_critic_all_terms_are_known() -> None:
    model = _model(architecture="mlp", hidden_sizes=[], penalty_weight=7.0)
    weights = model.critic[-1].weight
    assert isinstance(weights, Tensor)
    real, fake = torch.randn(2, 9, 1, 6, 6, generator=_seeded())

    terms = model.critic_terms(real, fake, _seeded())

    distance = float(((real.mean(dim=0) - fake.mean(dim=0)).flatten() @ weights[0]).detach())
    slope = float(weights.detach().norm())
    assert float(terms.scalars["wasserstein"]) == pytest.approx(distance, rel=1e-4)
    assert float(terms.scalars["slope"]) == pytest.approx(slope, rel=1e-5)
    assert float(terms.total.detach()) == pytest.approx(7.0 * (slope - 1.0) ** 2 - distance, rel=1e-4)


def test_layer_normalisation_is_an_option_of_the_critic() -> None:
    kinds = [
        sum(isinstance(module, nn.GroupNorm) for module in _model(layer_normalisation=chosen).critic.modules())
        for chosen in (False, True)
    ]

    assert kinds == [0, 3]


def _eight_piles(count: int) -> Tensor:
    """Points around eight places on a circle."""
    angles = torch.arange(count) % 8 * (math.pi / 4.0)
    places = torch.stack([angles.cos(), angles.sin()], dim=1)
    return 3.0 * places + 0.1 * torch.randn(count, 2, generator=_seeded(1))


def _energy_distance(one: Tensor, other: Tensor) -> float:
    between, within = torch.cdist(one, other).mean(), torch.cdist(one, one).mean() + torch.cdist(other, other).mean()
    return float(2.0 * between - within)


def test_its_samples_come_nearer_to_the_data() -> None:
    points = _eight_piles(512)
    networks = {
        "hidden_sizes": [32, 32],
        "latent_size": 2,
        "moving_average_decay": 0.9,
        "batch_normalisation": False,
    }
    # A critic far ahead of the generator keeps the two from circling.
    model = _model(POINTS, learning_rate=5e-4, critic_learning_rate=5e-3, critic_repeats=10, **networks)
    model.prepare(ImageDataset(POINTS, "train", points), _seeded())
    steps = PhaseSteps(model.phases()[0], make_fabric(torch.device("cpu"), "float32"), LossMeter())
    generator = _seeded(2)

    def draw() -> Batch:
        chosen = torch.randint(len(points), (64,), generator=generator)
        return Batch(points[chosen], chosen, generator)

    def distance() -> float:
        return _energy_distance(model.decode(model.sample_prior(512, generator=_seeded(3))), points)

    start = distance()
    for step in range(120):
        steps.step(draw(), Progress(step, step / 8), draw)

    assert distance() < 0.25 * start
