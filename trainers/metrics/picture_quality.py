"""How alike two pictures are, in the two numbers that restored and compressed pictures are usually judged by."""

import torch
from torch import Tensor
from torch.nn import functional

# Pictures that differ by less are as good as the same: 100 dB.
_LEAST_ERROR = 1e-10
# The constants of the paper, for white of 1.
_WINDOW, _DEVIATION = 11, 1.5
_STEADY_MEANS, _STEADY_VARIANCES = 0.01**2, 0.03**2


def psnr(images: Tensor, others: Tensor) -> Tensor:
    """Peak signal-to-noise ratio (batch,) in dB between pictures (batch, …) in [0, 1], at most 100."""
    errors = (images.double() - others.double()).square().flatten(1).mean(dim=1)
    return -10.0 * torch.log10(errors.clamp(min=_LEAST_ERROR))


def ssim(images: Tensor, others: Tensor) -> Tensor:
    """Structural similarity (batch,) of pictures (batch, channels, height, width) in [0, 1], 1 for the same.

    The mean over channels and over all places of a Gaussian window that lies inside, see `ssim_window`.
    Source: Wang, Bovik, Sheikh and Simoncelli, Image Quality Assessment, 2004.
    """
    one, other = images.double().flatten(0, 1)[:, None], others.double().flatten(0, 1)[:, None]
    side = ssim_window(images.shape[2], images.shape[3])
    places = torch.arange(side, dtype=torch.float64, device=images.device) - side // 2
    weights = torch.exp(-0.5 * (places / _DEVIATION).square())
    kernel = (weights[:, None] * weights / weights.sum().square())[None, None]
    mean_one, mean_other, square_one, square_other, product = (
        functional.conv2d(values, kernel) for values in (one, other, one.square(), other.square(), one * other)
    )
    means = mean_one * mean_other
    variances = square_one - mean_one.square() + square_other - mean_other.square()
    alike = (2.0 * means + _STEADY_MEANS) * (2.0 * (product - means) + _STEADY_VARIANCES)
    most = (mean_one.square() + mean_other.square() + _STEADY_MEANS) * (variances + _STEADY_VARIANCES)
    of_channels: Tensor = (alike / most).flatten(1).mean(dim=1).unflatten(0, images.shape[:2])
    return of_channels.mean(dim=1)


def ssim_window(height: int, width: int) -> int:
    """Side of the window for pictures of a size: 11 pixels, or the most of an odd number that fits in."""
    return min(_WINDOW, (min(height, width) - 1) // 2 * 2 + 1)
