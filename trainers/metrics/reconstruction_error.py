"""How far decoded codes are from the images they came from."""

from typing import ClassVar

from torch import Tensor

from trainers.metrics.metric import METRICS, Capability
from trainers.metrics.picture_quality import psnr, ssim, ssim_window
from trainers.metrics.reconstructions import ReconstructionMetric


@METRICS.register("reconstruction_error")
class ReconstructionError(ReconstructionMetric):
    """Mean squared error per pixel and channel of decoded codes, for images in [0, 1].

    A code is the posterior mean, or the one learned for a training image. Where a model has neither, codes are searched
    for; without a limit, those of the first 256 images.
    """

    name = "reconstruction_error"
    unit = "squared error per pixel"
    better = "lower"
    description = "mean squared error of the decoded posterior mean, or of a code found by optimisation"
    needs: ClassVar[frozenset[Capability]] = frozenset()

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Except where decoding goes number by number: a whole split would take very long."""
        return "sequential" not in capabilities

    def of_images(self, images: Tensor, decoded: Tensor) -> Tensor:
        """The mean over pixels (batch,)."""
        return (decoded - images).square().flatten(1).mean(dim=1)


class _PictureQuality(ReconstructionMetric):
    better = "higher"
    needs: ClassVar[frozenset[Capability]] = frozenset({"images"})

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Never: usually `reconstruction_error` says enough."""
        return False


@METRICS.register("psnr")
class PeakSignalToNoise(_PictureQuality):
    """Peak signal-to-noise ratio of reconstructions found as for `reconstruction_error`, where white is 1."""

    name = "psnr"
    unit = "dB"
    description = "peak signal-to-noise ratio of reconstructions, the mean of that of each image"

    def of_images(self, images: Tensor, decoded: Tensor) -> Tensor:
        """The ratio (batch,) in dB."""
        return psnr(images, decoded)


@METRICS.register("ssim")
class StructuralSimilarity(_PictureQuality):
    """Structural similarity of reconstructions found as for `reconstruction_error` (Wang et al. 2004)."""

    name = "ssim"
    unit = "similarity"
    description = "structural similarity of reconstructions, 1 for the same picture"

    def of_images(self, images: Tensor, decoded: Tensor) -> Tensor:
        """The similarity (batch,)."""
        return ssim(images, decoded)

    def also(self, images: Tensor) -> dict[str, str | int | float]:
        """The side of the window in pixels."""
        return {"window": ssim_window(images.shape[2], images.shape[3])}
