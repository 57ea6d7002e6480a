"""The penalty of critics whose slope is known."""

import pytest
import torch
from torch import Tensor, nn

from trainers.losses.gradient_penalty import gradient_norms, gradient_penalty, interpolated
from trainers.processes import SharedGenerator

SHAPE = (3, 4, 5)


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _images(count: int, seed: int = 1) -> Tensor:
    return torch.randn(count, *SHAPE, generator=_seeded(seed))


def _linear(weights: Tensor) -> nn.Sequential:
    layer = nn.Linear(weights.numel(), 1)
    with torch.no_grad():
        layer.weight.copy_(weights.view(1, -1))
    return nn.Sequential(nn.Flatten(), layer)


@pytest.mark.parametrize("count", [1, 3, 17])
@pytest.mark.parametrize("size", [0.5, 1.0, 4.0])
def test_of_a_linear_critic_it_is_known_for_any_batch_size(count: int, size: float) -> None:
    weights = torch.randn(60, generator=_seeded())
    critic = _linear(size * weights / weights.norm())

    norms = gradient_norms(critic, interpolated(_images(count), _images(count, seed=2), _seeded()))

    assert norms.shape == (count,)
    assert float(gradient_penalty(norms).detach()) == pytest.approx((size - 1.0) ** 2, abs=1e-5)


def test_the_norm_is_that_of_the_whole_image() -> None:
    norms = gradient_norms(lambda images: images.sum(dim=(1, 2, 3)), _images(4))

    assert torch.allclose(norms, torch.full((4,), 60.0**0.5))


def test_every_image_has_one_coefficient_of_its_own() -> None:
    shares = interpolated(torch.ones(200, *SHAPE), torch.zeros(200, *SHAPE), _seeded()).flatten(1)

    assert torch.equal(shares, shares[:, :1].expand_as(shares))
    assert len(shares[:, 0].unique()) == 200
    assert 0.0 <= float(shares.min()) < 0.05
    assert 0.95 < float(shares.max()) <= 1.0
    assert float(shares.mean()) == pytest.approx(0.5, abs=0.06)


def test_points_are_mixed_like_images() -> None:
    real, fake = torch.tensor([[1.0, 10.0], [2.0, 20.0]]), torch.zeros(2, 2)

    mixed = interpolated(real, fake, _seeded())

    assert torch.allclose(mixed[:, 1], 10.0 * mixed[:, 0])


def test_two_processes_mix_the_halves_of_what_one_mixes() -> None:
    real, fake = _images(6), _images(6, seed=2)
    halves = []
    for process in range(2):
        generator = SharedGenerator("cpu", process, 2)
        generator.manual_seed(5)
        halves.append(interpolated(real.chunk(2)[process], fake.chunk(2)[process], generator))

    assert torch.equal(torch.cat(halves), interpolated(real, fake, _seeded(5)))


def test_slopes_too_steep_and_too_flat_do_not_make_up_for_each_other() -> None:
    assert float(gradient_penalty(torch.tensor([0.0, 2.0]))) == 1.0
    assert float(gradient_penalty(torch.tensor([1.0, 1.0, 4.0]))) == 3.0


def test_its_gradient_pulls_the_weights_to_length_one() -> None:
    weights = torch.randn(60, generator=_seeded())
    critic = _linear(weights)

    penalty = gradient_penalty(gradient_norms(critic, _images(5)))
    (gradient,) = torch.autograd.grad(penalty, list(critic.parameters())[:1])

    expected = 2.0 * (weights.norm() - 1.0) * weights / weights.norm()
    assert torch.allclose(gradient[0], expected, rtol=1e-4, atol=1e-6)


def test_the_gradient_through_the_gradient_is_right() -> None:
    critic = nn.Sequential(nn.Flatten(), nn.Linear(60, 5), nn.Tanh(), nn.Linear(5, 1)).double()
    images = _images(3).double()

    def penalty(weights: Tensor) -> Tensor:
        def score(items: Tensor) -> Tensor:
            found: Tensor = torch.func.functional_call(critic, {"1.weight": weights}, (items,))
            return found

        return gradient_penalty(gradient_norms(score, images))

    weights = critic[1].weight
    assert isinstance(weights, Tensor)
    assert torch.autograd.gradcheck(penalty, (weights.detach().requires_grad_(),))


def test_a_flat_critic_is_no_end_of_training() -> None:
    critic = _linear(torch.zeros(60))

    penalty = gradient_penalty(gradient_norms(critic, _images(2)))
    (gradient,) = torch.autograd.grad(penalty, list(critic.parameters())[:1])

    assert float(penalty.detach()) == 1.0
    assert bool(gradient.isfinite().all())


def test_half_precision_around_it_changes_nothing() -> None:
    torch.manual_seed(0)
    critic = nn.Sequential(nn.Conv2d(3, 4, kernel_size=3), nn.Flatten(), nn.LeakyReLU(0.2), nn.Linear(24, 1))

    plain = gradient_norms(critic, _images(5))
    with torch.autocast("cpu", torch.bfloat16):
        inside = gradient_norms(critic, _images(5))

    assert inside.dtype == torch.float32
    assert torch.equal(plain, inside)
