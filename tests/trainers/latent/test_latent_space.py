"""Blocks of a flat code: names, places, priors and moments."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainers.latent.latent_space import LatentBlock, LatentSpace, Prior

DRAWN: tuple[Prior, ...] = ("normal", "uniform", "ball", "categorical")

_shapes = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)
_spaces = st.lists(_shapes, min_size=1, max_size=4).map(
    lambda shapes: LatentSpace(
        blocks=tuple(LatentBlock(name=f"block_{place}_", shape=shape) for place, shape in enumerate(shapes))
    )
)


def _draws(prior: Prior, size: int, temperature: float = 1.0, count: int = 20_000) -> torch.Tensor:
    space = LatentSpace(blocks=(LatentBlock(name="z", shape=(size,), prior=prior),))
    return space.sample(count, temperature, torch.Generator().manual_seed(0))


@settings(deadline=None)
@given(space=_spaces, batch=st.integers(1, 5))
def test_flat_codes_round_trip_their_blocks(space: LatentSpace, batch: int) -> None:
    codes = torch.randn(batch, space.size, generator=torch.Generator().manual_seed(0))

    blocks = space.split(codes)

    assert all(blocks[block.name].shape == (batch, *block.shape) for block in space.blocks)
    assert torch.equal(space.join(blocks), codes)
    assert len(space.dimension_names()) == len(set(space.dimension_names())) == space.size
    assert LatentSpace.model_validate_json(space.model_dump_json()) == space


def test_dimension_names_count_from_one_or_give_the_place() -> None:
    space = LatentSpace(blocks=(LatentBlock(name="z", shape=(2,)), LatentBlock(name="top", shape=(1, 2))))

    assert space.dimension_names() == ("z1", "z2", "top[0, 0]", "top[0, 1]")
    assert space.slices() == {"z": slice(0, 2), "top": slice(2, 4)}


@pytest.mark.parametrize("prior", DRAWN)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_draws_have_the_moments_the_space_tells(prior: Prior, size: int) -> None:
    codes = _draws(prior, size)
    mean, deviation = LatentSpace(blocks=(LatentBlock(name="z", shape=(size,), prior=prior),)).moments()

    assert codes.shape == (20_000, size)
    assert torch.allclose(codes.mean(dim=0), mean, atol=0.03)
    assert torch.allclose(codes.std(dim=0), deviation, atol=0.03)


def test_uniform_draws_fill_their_interval() -> None:
    codes = _draws("uniform", 3)

    assert float(codes.abs().max()) <= 1.0
    assert float(codes.min()) < -0.99
    assert float(codes.max()) > 0.99


def test_ball_draws_fill_the_unit_ball_evenly() -> None:
    radii = _draws("ball", 3).norm(dim=1)

    assert float(radii.max()) <= 1.0 + 1e-6
    assert float((radii < 0.5).float().mean()) == pytest.approx(0.125, abs=0.01)


def test_categorical_draws_are_one_hot() -> None:
    codes = _draws("categorical", 4, count=1000)

    assert torch.equal(codes.sum(dim=1), torch.ones(1000))
    assert set(codes.unique().tolist()) == {0.0, 1.0}
    assert bool((codes.sum(dim=0) > 180).all())


@pytest.mark.parametrize("prior", ["normal", "uniform", "ball"])
def test_temperature_scales_the_same_draws(prior: Prior) -> None:
    assert torch.allclose(_draws(prior, 3, 0.25, 50), 0.25 * _draws(prior, 3, 1.0, 50))


def test_an_empirical_block_is_left_to_its_model() -> None:
    space = LatentSpace(blocks=(LatentBlock(name="z", shape=(2,), prior="empirical"),))

    with pytest.raises(ValueError, match="no prior of its own"):
        space.sample(3)
    assert [moments.tolist() for moments in space.moments()] == [[0.0, 0.0], [1.0, 1.0]]
