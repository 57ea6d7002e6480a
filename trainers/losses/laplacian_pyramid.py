"""Differences of images at several scales.

Source: Burt and Adelson, The Laplacian Pyramid as a Compact Image Code, 1983; as a loss of learned codes: Bojanowski,
Joulin, Lopez-Paz and Szlam, Optimizing the Latent Space of Generative Networks, 2018.
"""

import torch
from torch import Tensor
from torch.nn import functional

_BINOMIAL = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)


def laplacian_pyramid(images: Tensor, levels: int) -> tuple[Tensor, ...]:
    """Images (batch, channels, height, width) as what each scale adds, the finest first, and the rest that is left.

    A level halves both axes, rounding up. There are at most `levels` + 1 pictures, and fewer for images that shrink
    to a single pixel before; `collapsed` puts them together again.
    """
    bands = []
    for _ in range(levels):
        if images.shape[-2:].numel() == 1:
            break
        smaller = _resized(images, [_shrinking(length, images) for length in images.shape[-2:]])
        bands.append(images - _enlarged(smaller, images))
        images = smaller
    return (*bands, images)


def collapsed(pyramid: tuple[Tensor, ...]) -> Tensor:
    """The images (batch, channels, height, width) of a pyramid, up to rounding."""
    images = pyramid[-1]
    for band in reversed(pyramid[:-1]):
        images = band + _enlarged(images, band)
    return images


def laplacian_distance(images: Tensor, others: Tensor, levels: int) -> Tensor:
    """Weighted absolute differences of two pyramids, (batch,), per number of an image (batch, channels, height, width).

    Level j, of which a picture has 4^j times fewer pixels, has the weight 4^j.
    """
    # The pyramid is linear, so that of the difference is the difference of both.
    pyramid = laplacian_pyramid(images - others, levels)
    sums = torch.stack([4.0**level * picture.abs().flatten(1).sum(dim=1) for level, picture in enumerate(pyramid)])
    return sums.sum(dim=0) / images[0].numel()


def _enlarged(smaller: Tensor, larger: Tensor) -> Tensor:
    lengths = zip(smaller.shape[-2:], larger.shape[-2:], strict=True)
    return _resized(smaller, [_enlarging(few, many, smaller) for few, many in lengths])


def _resized(images: Tensor, axes: list[Tensor]) -> Tensor:
    rows, columns = axes
    # On a processor two products of matrices take a third of the time of the convolution they stand for. Half
    # precision would not let the pyramid add up to the image.
    with torch.autocast(images.device.type, enabled=False):
        return rows @ (images @ columns.T)


def _shrinking(length: int, like: Tensor) -> Tensor:
    """Matrix (shorter, length) that blurs an axis with repeated ends and keeps every second place."""
    centres = torch.arange(0, length, 2, device=like.device)
    matrix = like.new_zeros(len(centres), length)
    for offset, weight in enumerate(_BINOMIAL, start=-2):
        places = (centres + offset).clamp(0, length - 1)
        matrix.scatter_add_(1, places[:, None], matrix.new_full((len(centres), 1), weight))
    return matrix


def _enlarging(length: int, larger: int, like: Tensor) -> Tensor:
    """Matrix (larger, length) that interpolates an axis linearly."""
    unit = torch.eye(length, device=like.device, dtype=like.dtype)
    return functional.interpolate(unit[None], size=larger, mode="linear", align_corners=False)[0].T
