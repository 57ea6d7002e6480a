import math

import pytest
import torch
from scipy import ndimage
from torch import Tensor

from trainers.data.classical_restoration import CLASSICAL_NAMES, classical_restoration
from trainers.data.corruption import KINDS, Corrupted, Corruption, CorruptionKind, corrupt, without_pixels


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def smooth(count: int = 6, channels: int = 2) -> Tensor:
    """Pictures of soft hills, as pictures are: neighbours are alike."""
    places = torch.linspace(0.0, 1.0, 32)
    phases = 2.0 * math.pi * torch.rand(count, channels, 2, 1, generator=generator(3))
    waves = torch.sin(2.0 * math.pi * places + phases)
    return 0.5 + 0.2 * (waves[:, :, 0, :, None] + waves[:, :, 1, None, :])


def hills() -> Tensor:
    """Pictures whose power falls with the square of the frequency."""
    spectrum = torch.fft.fft2(torch.randn(40, 1, 32, 32, generator=generator(5)))
    down = torch.fft.fftfreq(32)
    power = (down[:, None].square() + down.square()).clamp(min=1.0 / 1024).reciprocal()
    found: Tensor = torch.fft.ifft2(spectrum * power.sqrt()).real
    return (0.5 + 0.12 * found / found.std()).clamp(0.0, 1.0)


def error(one: Tensor, other: Tensor) -> float:
    return float((one - other).square().mean())


def restored(images: Tensor, corruption: Corruption) -> tuple[Corrupted, Tensor]:
    corrupted = corrupt(images, corruption, generator())
    return corrupted, classical_restoration(corrupted, corruption)


@pytest.mark.parametrize("kind", KINDS)
def test_restored_pictures_are_nearer_than_corrupted_ones(kind: CorruptionKind) -> None:
    images = hills() if kind == "gaussian_blur" else smooth()
    corrupted, result = restored(images, Corruption(kind=kind, noise=0.15, blur=0.6, blur_noise=0.01, scale=4))
    assert kind in CLASSICAL_NAMES
    assert result.shape == images.shape
    assert 0.0 <= float(result.min()) <= float(result.max()) <= 1.0
    assert error(result, images) < 0.5 * error(corrupted.images, images)


def test_a_mix_is_restored_by_what_belongs_to_each_kind() -> None:
    images = torch.rand(40, 1, 12, 12, generator=generator(1))
    corruption = Corruption(kind="mix")
    corrupted, result = restored(images, corruption)
    for number, kind in enumerate(KINDS):
        chosen = corrupted.kinds == number
        _, alone = restored(images, corruption.model_copy(update={"kind": kind}))
        assert bool(chosen.any())
        assert torch.allclose(result[chosen], alone[chosen], atol=1e-6)


@pytest.mark.parametrize("kind", ["gaussian_noise", "salt_and_pepper"])
def test_the_median_is_that_of_scipy(kind: CorruptionKind) -> None:
    corrupted, result = restored(torch.rand(3, 2, 9, 7, generator=generator(2)), Corruption(kind=kind))
    expected = ndimage.median_filter(corrupted.images.numpy(), size=(1, 1, 3, 3), mode="nearest")
    assert torch.equal(result, torch.from_numpy(expected))


def test_missing_pixels_take_the_mean_of_those_around_and_the_others_stay() -> None:
    images = torch.zeros(1, 1, 28, 28)
    images[..., 14:] = 0.8
    known = torch.ones(28, 28, dtype=torch.bool)
    known[3:6, 3:6] = known[20:23, 22:25] = False
    corrupted = without_pixels(images, known)
    result = classical_restoration(corrupted, Corruption(kind="missing_rectangle"))
    assert torch.equal(result[:, :, known], images[:, :, known])
    assert torch.allclose(result, images, atol=0.02)
    # Far from every known pixel stands the mean of all of them.
    far = torch.zeros(28, 28, dtype=torch.bool)
    far[0, 0] = far[0, 27] = True
    alone = classical_restoration(without_pixels(images, far), Corruption(kind="missing_rectangle"))
    assert float(alone[0, 0, 27, 14]) == pytest.approx(0.4)


def test_bicubic_interpolation_makes_steps_a_slope() -> None:
    slope = torch.arange(24.0).expand(1, 1, 24, 24) / 24.0
    corrupted, result = restored(slope, Corruption(kind="down_scaling", scale=2))
    assert torch.allclose(result[..., 6:-6], slope[..., 6:-6], atol=0.005)
    assert error(result, slope) < 0.1 * error(corrupted.images, slope)


def test_without_noise_a_blur_is_almost_undone() -> None:
    corrupted, result = restored(hills(), Corruption(kind="gaussian_blur", blur=0.6, blur_noise=0.0))
    assert error(result, hills()) < 0.05 * error(corrupted.images, hills())


def test_the_wiener_filter_is_as_strong_as_its_noise_asks() -> None:
    corruption = Corruption(kind="gaussian_blur", blur=1.5, blur_noise=0.05)
    corrupted, result = restored(hills(), corruption)
    for factor in (0.3, 3.0):
        other = corruption.model_copy(update={"blur_noise": factor * 0.05})
        assert error(classical_restoration(corrupted, other), hills()) > error(result, hills())


def test_a_picture_of_one_pixel_can_be_restored() -> None:
    images = torch.full((2, 1, 1, 1), 0.3)
    for kind in KINDS:
        _, result = restored(images, Corruption(kind=kind))
        assert bool(result.isfinite().all())
