"""Shortest ways on surfaces where they are known."""

import numpy as np
import pytest
import torch
from torch import Tensor

from trainers.errors import StoppedError, UsageError
from trainers.latent.geodesics import geodesic


def sphere(codes: Tensor) -> Tensor:
    """Longitude and latitude to points on the unit sphere."""
    longitude, latitude = codes[:, 0], codes[:, 1]
    return torch.stack([latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()], dim=1)


def line(start: list[float], end: list[float], count: int = 25) -> Tensor:
    share = torch.linspace(0.0, 1.0, count, dtype=torch.float64)[:, None]
    return (1 - share) * torch.tensor(start, dtype=torch.float64) + share * torch.tensor(end, dtype=torch.float64)


def test_on_a_sphere_it_is_the_great_circle() -> None:
    straight = line([0.0, 0.9], [2.0, 0.9])
    way = geodesic(sphere, straight)
    points = sphere(way).numpy()
    start, end = points[0], points[-1]
    angle = np.arccos(start @ end)
    share = np.linspace(0.0, 1.0, len(points))[:, None]
    great_circle = (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)
    np.testing.assert_allclose(points, great_circle, atol=2e-3)
    assert torch.equal(way[[0, -1]], straight[[0, -1]])


def test_its_steps_are_equally_long() -> None:
    way = geodesic(sphere, line([0.0, 0.2], [1.5, 1.2]))
    lengths = (sphere(way)[1:] - sphere(way)[:-1]).norm(dim=1)
    assert float(lengths.max() / lengths.min()) < 1.02


def test_in_a_flat_space_it_is_the_straight_line() -> None:
    straight = line([-1.0, 2.0], [3.0, 0.5])
    torch.testing.assert_close(geodesic(lambda codes: 3.0 * codes, straight), straight)


def test_something_may_be_told_beside_the_codes() -> None:
    straight = line([0.0, 0.9], [2.0, 0.9])
    way = geodesic(lambda codes: sphere(torch.cat([codes, codes.new_ones(len(codes), 3)], dim=1)), straight)
    torch.testing.assert_close(way, geodesic(sphere, straight))


def test_two_codes_have_nothing_between_them() -> None:
    ends = line([0.0, 0.0], [1.0, 1.0], count=2)
    torch.testing.assert_close(geodesic(sphere, ends), ends)


@pytest.mark.parametrize("weight", [torch.ones(2), torch.ones(2, requires_grad=True)], ids=["none", "of weights alone"])
def test_pictures_that_do_not_change_smoothly_are_refused(weight: Tensor) -> None:
    with pytest.raises(UsageError, match="do not change smoothly"):
        geodesic(lambda codes: codes.detach().round() * weight, line([0.0, 0.0], [1.0, 1.0]))


def test_pictures_without_numbers_are_refused() -> None:
    with pytest.raises(UsageError, match="to no pictures"):
        geodesic(lambda codes: codes / 0.0, line([0.0, 0.0], [1.0, 1.0]))


def test_it_can_be_stopped() -> None:
    with pytest.raises(StoppedError):
        geodesic(sphere, line([0.0, 0.9], [2.0, 0.9]), stop_requested=lambda: True)
