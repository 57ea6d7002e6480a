"""All datasets by name, and the way from a name or path to one of their splits."""

import os
from pathlib import Path

from trainers.data.celeba import CelebA
from trainers.data.cifar10 import Cifar10
from trainers.data.data_spec import DataSpec
from trainers.data.dataset_source import DatasetSource
from trainers.data.digits import Digits
from trainers.data.faces import Faces
from trainers.data.file_listing import readable
from trainers.data.held_out import without_classes
from trainers.data.image_dataset import ImageDataset, Split
from trainers.data.image_folder import ImageFolder
from trainers.data.mnist_family import MnistFamily
from trainers.data.point_table import SUFFIXES, PointTable
from trainers.data.storage import data_folder
from trainers.data.toy_points import TOY_POINTS
from trainers.errors import UsageError
from trainers.registry import Registry, unknown_name
from trainers.reporting import Report, no_report

DATASETS: Registry[DatasetSource] = Registry("dataset")

_MARKS_OF_PATHS = ("/", "\\", ".", "~")

_FASHION = "T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot"
_KUZUSHIJI = "o, ki, su, tsu, na, ha, ma, ya, re, wo"

for _source in (
    Digits(),
    Faces(),
    MnistFamily("mnist", "MNIST", "70,000 handwritten digits, 28×28 grey", "MNIST"),
    MnistFamily(
        "fashion_mnist",
        "FashionMNIST",
        "70,000 pieces of clothing, 28×28 grey",
        "FashionMNIST",
        tuple(_FASHION.split(", ")),
    ),
    MnistFamily(
        "kmnist",
        "KMNIST",
        "70,000 cursive Japanese characters, 28×28 grey",
        "KMNIST",
        tuple(_KUZUSHIJI.split(", ")),
    ),
    Cifar10(),
    CelebA(),
    *TOY_POINTS,
):
    DATASETS.register(_source.name)(_source)


def load_dataset(
    name_or_path: str,
    split: Split,
    *,
    allow_download: bool = False,
    report: Report | None = None,
    image_size: tuple[int, int] | None = None,
) -> ImageDataset:
    """One split of a registered dataset or of a person's own data, from the cache where it is up to date.

    A person's own data are a folder or zip of images, or a table of points, see `PointTable`.

    allow_download: fetch a registered dataset that is not on this machine.
    image_size: (height, width) that the images of a folder or zip get, None for their common size.
    Raises `UsageError` for an unknown name or a path without usable items, `FailureError` for data that are not
    on this machine or are damaged.
    """
    source = dataset_source(name_or_path, image_size)
    if allow_download and not source.is_available():
        source.download(report or no_report)
    return source.load(split, report or no_report)


def load_split_of(
    spec: DataSpec, split: Split, name_or_path: str | None = None, report: Report | None = None
) -> ImageDataset:
    """A split of the data that a model learned from, without the classes held out of its training; or of other data.

    name_or_path: other data, taken whole; the model's own by their name are those it learned from.
    Raises like `load_dataset`.
    """
    dataset = load_dataset(name_or_path or spec.name, split, report=report)
    return without_classes(dataset, spec.held_out_classes) if dataset.spec.name == spec.name else dataset


def dataset_available(name_or_path: str) -> bool:
    """Whether `load_dataset` would find the data without a download; cheap."""
    try:
        return dataset_source(name_or_path).is_available()
    except UsageError:
        return False


def dataset_source(name_or_path: str, image_size: tuple[int, int] | None = None) -> DatasetSource:
    """The source behind a registered name or a path; raises `UsageError` if it is neither.

    Images that are not here are looked for in the folder of downloaded datasets.
    image_size: (height, width) that the images of a folder or zip get, None for their common size.
    """
    if name_or_path in DATASETS:
        return DATASETS[name_or_path]
    if readable(name_or_path) != name_or_path:
        raise UsageError(f"The name of {readable(name_or_path)} is no valid text and cannot be recorded; rename it.")
    path = Path(os.path.expanduser(name_or_path))
    if path.suffix.lower() in SUFFIXES and not path.is_dir():
        if not path.is_file():
            raise UsageError(f"There is no table of points at {path.absolute()}.")
        return PointTable(path)
    if name_or_path and path.exists():
        return ImageFolder(path, image_size)
    if name_or_path and (data_folder() / path).exists():
        return ImageFolder(data_folder() / path, image_size)
    if any(mark in name_or_path for mark in _MARKS_OF_PATHS):
        raise UsageError(f"There is no folder or zip of images at {path.absolute()}.")
    raise UsageError(unknown_name("dataset", name_or_path, DATASETS.names()))
