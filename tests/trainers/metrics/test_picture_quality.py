"""How alike pictures are, against other implementations and answers known beforehand."""

import math

import pytest
import torch
from torch import Tensor

from tests.trainers.metrics.stand_in import StandIn, measured
from trainers.errors import UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import check_subject
from trainers.metrics.picture_quality import psnr, ssim, ssim_window


def _pictures(seed: int, shape: tuple[int, ...] = (5, 3, 28, 20)) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def _alike() -> tuple[Tensor, Tensor]:
    first = _pictures(1)
    strengths = torch.linspace(0.02, 0.5, 5).view(5, 1, 1, 1)
    return first, (first + strengths * (_pictures(2) - 0.5)).clamp(0.0, 1.0)


def test_psnr_of_a_known_error() -> None:
    images = torch.full((2, 1, 4, 4), 0.5)
    others = images + torch.tensor([0.1, 0.01]).view(2, 1, 1, 1)
    assert psnr(images, others).tolist() == pytest.approx([20.0, 40.0], rel=1e-5)
    assert psnr(images, images).tolist() == [100.0, 100.0]


def test_both_equal_another_implementation() -> None:
    from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure

    images, others = _alike()
    # Its own mean takes in places whose window sticks out over mirrored edges.
    told = structural_similarity_index_measure(others, images, data_range=1.0, reduction="none", return_full_image=True)
    expected = told[1][..., 5:-5, 5:-5].flatten(1).mean(dim=1)
    assert torch.allclose(ssim(images, others), expected.double(), atol=1e-5)
    ratios = peak_signal_noise_ratio(others, images, data_range=1.0, reduction="none", dim=(1, 2, 3))
    assert torch.allclose(psnr(images, others), ratios.double(), atol=1e-4)
    assert float(expected.max() - expected.min()) > 0.1


def test_similarity_of_flat_pictures_is_that_of_their_means() -> None:
    images, others = torch.full((1, 1, 16, 16), 0.2), torch.full((1, 1, 16, 16), 0.6)
    expected = (2.0 * 0.12 + 1e-4) / (0.04 + 0.36 + 1e-4)
    assert float(ssim(images, others)) == pytest.approx(expected, rel=1e-6)


def test_the_same_picture_is_most_alike_and_its_negative_least() -> None:
    images = _pictures(3)
    assert torch.allclose(ssim(images, images), torch.ones(5, dtype=torch.float64))
    assert bool((ssim(images, 1.0 - images) < 0.0).all())


@pytest.mark.parametrize(("height", "width", "side"), [(28, 28, 11), (11, 40, 11), (10, 40, 9), (8, 8, 7), (1, 5, 1)])
def test_the_window_is_as_large_as_fits(height: int, width: int, side: int) -> None:
    assert ssim_window(height, width) == side
    images = _pictures(4, (2, 1, height, width))
    assert bool(ssim(images, 1.0 - images).isfinite().all())


def test_the_metrics_are_means_over_images() -> None:
    subject = StandIn()
    images = subject.images()
    decoded = images + images.square()
    for name, values in (("psnr", psnr(images, decoded)), ("ssim", ssim(images, decoded))):
        measurement = measured(name, subject)
        assert measurement.value == pytest.approx(float(values.mean()))
        assert measurement.standard_error == pytest.approx(float(values.std()) / math.sqrt(150))
        assert measurement.better == "higher"
    assert measured("ssim").settings == {"window": 1}
    searched = measured("psnr", StandIn(count=300, capabilities=frozenset()))
    assert (searched.count, searched.settings["codes"]) == (256, "found by optimisation")


def test_points_are_no_pictures() -> None:
    with pytest.raises(UsageError, match="ssim needs data with pictures"):
        check_subject(METRICS["ssim"], StandIn(capabilities=frozenset()))
