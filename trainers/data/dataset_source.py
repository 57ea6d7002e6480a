"""The contract of everything a dataset can be read from."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from trainers.data.data_spec import DataSpec
from trainers.data.dataset_cache import DatasetCache, OpenedSplit
from trainers.data.image_dataset import ImageDataset, Split
from trainers.data.import_report import ImportReport
from trainers.errors import FailureError
from trainers.reporting import Report, no_report


@dataclass(frozen=True)
class Items:
    """The items of one split, shaped like the fields of `ImageDataset`."""

    images: Tensor
    labels: Tensor | None = None
    attributes: Tensor | None = None


@dataclass(frozen=True)
class Contents:
    """Everything read from a source."""

    splits: Mapping[Split, Items]
    class_names: tuple[str, ...] = ()
    attribute_names: tuple[str, ...] = ()
    report: ImportReport = field(default_factory=ImportReport)


class DatasetSource(ABC):
    """Something that gives a training and a test split, decoded once and cached.

    name: registered name, or the absolute path of a folder, zip or table of points.
    title: the name as people write it.
    description: one line for a list of datasets.
    embedded: whether it needs no files beyond the installed packages.
    """

    name: str
    title: str
    description: str
    embedded: bool = False

    @abstractmethod
    def signature(self) -> str:
        """A text that changes whenever `read` would give something else; cheap."""

    @abstractmethod
    def read(self, report: Report) -> Contents:
        """Decode both splits from the sources; raises `FailureError` or `UsageError` naming the file at fault."""

    def location(self) -> str:
        """The folder or file the data come from, empty for embedded data."""
        return ""

    def is_available(self) -> bool:
        """Whether the sources are on this machine; cheap."""
        return True

    def missing_sentence(self) -> str:
        """What to do when `is_available` is false."""
        return f"{self.title} is not on this machine."

    def download(self, report: Report) -> None:
        """Fetch what is missing into the data folder and check it; raises `FailureError`."""
        report(1.0, f"{self.title} needs no download")

    def load(self, split: Split, report: Report = no_report) -> ImageDataset:
        """One split, from the cache or decoded; raises `FailureError` if the sources are missing or damaged."""
        return self.open(split, report).dataset

    def open(self, split: Split, report: Report = no_report) -> OpenedSplit:
        """Like `load`, with the report of the import, which the cache keeps too."""
        if not self.is_available():
            raise FailureError(self.missing_sentence())
        cache = DatasetCache(f"{self.location()}/{self.name}", self.signature())
        opened = cache.read(split)
        if opened is not None:
            return opened
        splits = self._decoded(report)
        try:
            cache.write(splits)
        except FailureError as error:
            # The images are here all the same; a cache that cannot be written only costs time.
            report(1.0, str(error))
            return splits[split]
        return cache.read(split) or splits[split]

    def _decoded(self, report: Report) -> dict[Split, OpenedSplit]:
        contents = self.read(report)
        train = contents.splits["train"]
        spec = DataSpec(
            name=self.name,
            kind="images" if train.images.ndim == 4 else "points",
            shape=tuple(train.images.shape[1:]),
            class_names=contents.class_names,
            attribute_names=contents.attribute_names,
            attribute_minima=_extremes(train.attributes, np.nanmin),
            attribute_maxima=_extremes(train.attributes, np.nanmax),
            count=len(train.images),
            fingerprint=_fingerprint(train),
        )
        return {
            split: OpenedSplit(ImageDataset(spec, split, items.images, items.labels, items.attributes), contents.report)
            for split, items in contents.splits.items()
        }


def _extremes(attributes: Tensor | None, extreme: Callable[..., NDArray[np.float32]]) -> tuple[float, ...]:
    return () if attributes is None else tuple(extreme(attributes.numpy(), axis=0).tolist())


def _fingerprint(items: Items) -> str:
    digest = hashlib.sha256()
    for tensor in (items.images, items.labels, items.attributes):
        if tensor is not None:
            digest.update(f"{tensor.dtype}{tuple(tensor.shape)}".encode())
            digest.update(tensor.contiguous().numpy().data)
    return digest.hexdigest()
