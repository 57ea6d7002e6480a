import pytest
import torch
from torch.nn import functional

from trainers.losses.laplacian_pyramid import collapsed, laplacian_distance, laplacian_pyramid

SHAPES = [(1, 8, 8), (3, 28, 28), (1, 5, 9), (1, 1, 7), (3, 1, 1), (1, 17, 2)]


def _images(*shape: int) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("levels", [0, 1, 4])
def test_a_pyramid_sums_back_to_its_image(shape: tuple[int, ...], levels: int) -> None:
    images = _images(2, *shape)
    torch.testing.assert_close(collapsed(laplacian_pyramid(images, levels)), images, atol=1e-6, rtol=0.0)


def test_levels_halve_and_round_up_until_one_pixel_is_left() -> None:
    sizes = [tuple(picture.shape[-2:]) for picture in laplacian_pyramid(_images(1, 1, 5, 9), 8)]
    assert sizes == [(5, 9), (3, 5), (2, 3), (1, 2), (1, 1)]


def test_a_level_is_blurred_with_the_binomial_filter_and_its_edges_repeated() -> None:
    images = _images(2, 1, 9, 6)
    row = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    padded = functional.pad(images, (2, 2, 2, 2), mode="replicate")
    expected = functional.conv2d(padded, torch.outer(row, row)[None, None], stride=2)
    torch.testing.assert_close(laplacian_pyramid(images, 1)[1], expected)


def test_an_even_picture_has_nothing_but_its_lowest_level() -> None:
    *bands, rest = laplacian_pyramid(torch.full((1, 3, 16, 12), 0.4), 3)
    assert all(float(band.abs().max()) < 1e-6 for band in bands)
    torch.testing.assert_close(rest, torch.full((1, 3, 2, 2), 0.4))


def test_each_level_weighs_four_times_the_one_before() -> None:
    # Two even pictures differ by 0.5 in the four pixels of the last of three levels, whose weight is 4 * 4.
    light, dark = torch.full((2, 1, 8, 8), 0.75), torch.full((2, 1, 8, 8), 0.25)
    expected = 4**2 * 4 * 0.5 / 64
    torch.testing.assert_close(laplacian_distance(light, dark, 2), torch.full((2,), expected))


def test_without_levels_it_is_the_mean_absolute_difference() -> None:
    images, others = _images(4, 3, 6, 5).split(2)
    expected = (images - others).abs().mean(dim=(1, 2, 3))
    torch.testing.assert_close(laplacian_distance(images, others, 0), expected)


def test_it_is_the_weighted_distance_of_both_pyramids() -> None:
    images, others = _images(4, 3, 13, 10).split(2)
    pairs = zip(laplacian_pyramid(images, 3), laplacian_pyramid(others, 3), strict=True)
    expected = sum(4.0**level * (one - other).abs().sum(dim=(1, 2, 3)) for level, (one, other) in enumerate(pairs))
    torch.testing.assert_close(laplacian_distance(images, others, 3), expected / 390)


def test_half_precision_leaves_the_distance_as_it_is() -> None:
    images, others = _images(4, 1, 28, 28).split(2)
    with torch.autocast("cpu", torch.bfloat16):
        mixed = laplacian_distance(images, others, 3)
    assert torch.equal(mixed, laplacian_distance(images, others, 3))
