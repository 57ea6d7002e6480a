"""Arrays of the window as tensors of a model and back, and how networks share the processor."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.data.corruption import Corruption, corrupt_items, without_pixels
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset, Split
from trainers.engine.checkpoint import CheckpointHeader
from trainers.latent.mixture_prior import GaussianMixturePrior
from trainers.metrics.anomaly import roc_curve
from trainers.metrics.nearest_training_items import nearest_training_items
from trainers.metrics.picture_quality import psnr, ssim
from trainers.models.capabilities import capabilities
from trainers.models.latent_model import LatentModel, MixturePrior
from trainers.reporting import Report, StopRequested

# Items of a dataset: 8-bit images (count, channels, height, width), or points (count, 2) float32.
Items = NDArray[np.uint8] | NDArray[np.float32]
# One for all, (size,), or one for each, (count, size); flat, whatever shape the model gives its conditions.
Conditions = NDArray[np.floating] | Sequence[float]


class MixtureLaw:
    """A mixture of Gaussians of points (count, size).

    means, deviations: (components, size), of those components that are in use.
    """

    def __init__(self, mixture: GaussianMixturePrior) -> None:
        self._mixture = mixture
        used = mixture.weights > 0.0
        self.means = array(mixture.means[used])
        self.deviations = array(torch.linalg.vector_norm(mixture.factors[used], dim=2))

    def log_density(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """log p of points (count, size), (count,)."""
        return self._mixture.log_density(torch.from_numpy(points)).numpy()


class TensorModel:
    """A model with what its checkpoint says of it, that is given and gives arrays."""

    def __init__(self, model: LatentModel, header: CheckpointHeader) -> None:
        self._model = model
        self.header = header

    @property
    def levels(self) -> int:
        """How many levels of a hierarchy the codes have, and with it how many temperatures."""
        return self._model.latent_space.levels

    @property
    def latent_size(self) -> int:
        """How many numbers a code has."""
        return self._model.latent_space.size

    @property
    def is_told_classes(self) -> bool:
        """Whether the model is told a class beside the code."""
        return self._model.condition_spec.kind == "classes"

    @property
    def capabilities(self) -> frozenset[str]:
        """What the model can do, by the names of the trainers."""
        return frozenset(capabilities(self._model))

    def prior_along(self, axes: NDArray[np.floating]) -> "MixtureLaw | None":
        """The prior along axes (count, latent_size) where it is a mixture of Gaussians, else None."""
        if not isinstance(self._model, MixturePrior):
            return None
        return MixtureLaw(self._model.prior_along(torch.from_numpy(axes)))

    def usual_conditions(self, count: int) -> NDArray[np.float32]:
        """Conditions (count, size) where nobody chose any: every class in turn, every attribute in its middle.

        Of a model that takes none, (count, 0).
        """
        usual = self._model.condition_spec.usual(count)
        return np.empty((count, 0), np.float32) if usual is None else array(usual.flatten(1))

    def conditions_of(
        self, labels: NDArray[np.int64] | None, attributes: NDArray[np.float32] | None, count: int
    ) -> NDArray[np.float32]:
        """Conditions (count, size) of `count` items of the data; of a model that takes none, (count, 0).

        Raises `UsageError` where the items do not have what the model is to be told.
        """
        given = (None if part is None else torch.from_numpy(part) for part in (labels, attributes))
        told = self._model.condition_spec.of_items(*given)
        return np.empty((count, 0), np.float32) if told is None else array(told.flatten(1))

    def _told(self, condition: Conditions, count: int) -> Tensor | None:
        spec = self._model.condition_spec
        if spec.kind == "none":
            return None
        given = np.asarray(condition, np.float32)
        if given.size == 0:
            given = self.usual_conditions(1)[0]
        told = self._tensor(np.broadcast_to(given, (count, given.shape[-1])))
        return told.reshape(count, *spec.shape)

    def _tensor(self, codes: NDArray[np.floating]) -> Tensor:
        return torch.from_numpy(np.array(codes, dtype=np.float32, order="C")).to(self._model.device)

    def _scaled(self, items: Items) -> Tensor:
        placed = torch.from_numpy(items).to(self._model.device)
        return placed if placed.is_floating_point() else placed.float().div_(255.0)


def known_dataset(
    spec: DataSpec, split: Split, count: int, labels: NDArray[np.int64] | None, attributes: NDArray[np.float32] | None
) -> ImageDataset:
    """What is known of items as engines take it; the items themselves are blank, as their codes are known already."""
    blank = torch.zeros(1, *spec.shape, dtype=torch.uint8).expand(count, *spec.shape)
    given = (None if part is None else torch.from_numpy(part) for part in (labels, attributes))
    return ImageDataset(spec, split, blank, *given)


def condition_of(model: LatentModel, condition: Sequence[float]) -> Tensor | None:
    """A condition as a model takes it, (*shape); None for an empty one."""
    return torch.tensor(condition).reshape(model.condition_spec.shape) if condition else None


def picture_qualities(
    images: NDArray[np.float32], others: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """PSNR in dB, and SSIM, (count,) each, of images (count, channels, height, width) in [0, 1]."""
    pair = [torch.from_numpy(np.nan_to_num(part)).clamp(0.0, 1.0) for part in (images, others)]
    return array(psnr(*pair)), array(ssim(*pair))


def curve_of(
    scores: NDArray[np.float64], anomalous: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """False alarms and anomalies found, (points,) shares each, at falling thresholds of scores; and the area below.

    Raises `UsageError` unless there are items of both kinds.
    """
    curve = roc_curve(torch.from_numpy(scores), torch.from_numpy(anomalous))
    return curve.false_alarms.numpy(), curve.found.numpy(), curve.area


def nearest_places(
    images: NDArray[np.uint8], dataset: ImageDataset, report: Report, stop_requested: StopRequested
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Which item of a dataset is nearest to each image (count, channels, height, width), and how far, (count,) each.

    Raises `UsageError` without items, and `StoppedError`.
    """
    found = nearest_training_items(torch.from_numpy(images) / 255.0, dataset.images, report, stop_requested)
    return found.places.numpy(), array(found.distances)


def corrupted_images(
    images: NDArray[np.uint8], places: NDArray[np.int64], corruption: Corruption | NDArray[np.bool_], seed: int
) -> NDArray[np.float32]:
    """8-bit images (count, channels, height, width) as a corruption leaves them, in [0, 1].

    places: (count,) in their split, which decide what each suffers. corruption: or which pixels (height, width) are
    left of them all.
    """
    scaled = torch.from_numpy(np.ascontiguousarray(images)).float().div_(255.0)
    if isinstance(corruption, Corruption):
        return array(corrupt_items(scaled, torch.from_numpy(places), corruption, seed).images)
    return array(without_pixels(scaled, torch.from_numpy(corruption)).images)


def prepare_thread() -> None:
    """Set how networks share the processor with the window; called in the thread that runs them."""
    # One picture gains nothing from a second thread, and while a run trains on all cores it would wait for both.
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def array(tensor: Tensor) -> NDArray[np.float32]:
    """A tensor of any place and precision as an array."""
    return tensor.float().cpu().numpy()
