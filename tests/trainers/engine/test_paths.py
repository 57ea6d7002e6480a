"""Paths through the space of a trained model."""

from pathlib import Path

import numpy as np
import pytest
import torch

from trainers.engine.checkpoint import load_model
from trainers.engine.decoding import decode_codes
from trainers.engine.paths import PathKind, PathWish, find_path
from trainers.errors import StoppedError, UsageError
from trainers.latent.paths import key_places, step_lengths
from trainers.models.latent_model import LatentModel

DIGITS = Path(__file__).parents[3] / "resources/checkpoints/digits.safetensors"
KEYS = np.array([[-1.5, 0.5], [1.5, -1.0], [0.0, 2.0]])
DATA = np.random.default_rng(0).standard_normal((500, 2))


@pytest.fixture(scope="module")
def model() -> LatentModel:
    return load_model(DIGITS)


@pytest.mark.parametrize("kind", ["linear", "spherical", "neighbours", "geodesic"])
def test_every_kind_goes_through_its_key_points(model: LatentModel, kind: PathKind) -> None:
    path = find_path(model, PathWish(kind, KEYS, 15), DATA)
    assert path.shape == (15, 2)
    np.testing.assert_allclose(path[key_places(3, 15)], KEYS)


def test_a_closed_path_ends_where_it_begins(model: LatentModel) -> None:
    path = find_path(model, PathWish("linear", KEYS, 13, closed=True))
    np.testing.assert_allclose(path[[0, 4, 8, 12]], KEYS[[0, 1, 2, 0]])


def test_pictures_change_less_and_more_evenly_on_a_geodesic(model: LatentModel) -> None:
    ways = {kind: find_path(model, PathWish(kind, KEYS[:2], 21)) for kind in ("linear", "geodesic")}
    lengths = {kind: step_lengths(decode_codes(model, way).numpy()) for kind, way in ways.items()}
    assert lengths["geodesic"].sum() < 0.98 * lengths["linear"].sum()
    assert lengths["geodesic"].std() < lengths["linear"].std()


def test_a_geodesic_leaves_weights_and_mode_as_they_are(model: LatentModel) -> None:
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with torch.inference_mode():
        find_path(model, PathWish("geodesic", KEYS[:2], 5))
    assert not model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_path_through_neighbours_without_data_is_refused(model: LatentModel) -> None:
    with pytest.raises(UsageError, match="needs encoded data"):
        find_path(model, PathWish("neighbours", KEYS, 9))


def test_a_search_can_be_stopped(model: LatentModel) -> None:
    with pytest.raises(StoppedError):
        find_path(model, PathWish("geodesic", KEYS, 9), stop_requested=lambda: True)
