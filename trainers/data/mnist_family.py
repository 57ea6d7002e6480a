"""MNIST and its relatives, read from torchvision's folder layout."""

import gzip
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import torch

from trainers.atomic_writing import replacement
from trainers.data.dataset_source import Contents, DatasetSource, Items
from trainers.data.download import download_file, unwritable
from trainers.data.file_signature import file_signature
from trainers.data.idx_file import read_idx
from trainers.data.image_dataset import Split
from trainers.data.storage import data_folder
from trainers.errors import FailureError
from trainers.reporting import Report, part_of

_PREFIXES: dict[Split, str] = {"train": "train", "test": "t10k"}
_FILES = tuple(f"{prefix}-{kind}-ubyte" for prefix in _PREFIXES.values() for kind in ("images-idx3", "labels-idx1"))


@dataclass(frozen=True)
class MnistFamily(DatasetSource):
    """A dataset in the four idx files of MNIST, below the data folder; nothing is written there when reading.

    torchvision_class: class of torchvision.datasets with its addresses and checksums; also names the folder.
    """

    name: str
    title: str
    description: str
    torchvision_class: str
    class_names: tuple[str, ...] = field(default=tuple(str(digit) for digit in range(10)))

    def location(self) -> str:
        """The folder of the four files."""
        return str(self._folder())

    def signature(self) -> str:
        """Sizes and times of the four files."""
        return file_signature((self._file(name) for name in _FILES), "idx 1")

    def is_available(self) -> bool:
        """Whether all four files are there, plain or as .gz."""
        return all(self._file(name).is_file() for name in _FILES)

    def missing_sentence(self) -> str:
        """How to get the files."""
        return (
            f"{self.title} is not on this machine; run 'python -m trainers data get {self.name}', "
            f"or put {', '.join(_FILES)} into {self._folder()}."
        )

    def read(self, report: Report) -> Contents:
        """Both splits; raises `FailureError` naming a truncated or foreign file."""
        splits = {}
        for share, (split, prefix) in enumerate(_PREFIXES.items()):
            report(share / 2, f"reading {self.title}")
            splits[split] = self._read_split(prefix)
        return Contents(splits, self.class_names)

    def download(self, report: Report) -> None:
        """Fetch the files that are missing or damaged and check them against torchvision's checksums."""
        from torchvision import datasets

        source = getattr(datasets, self.torchvision_class)
        unusable = self._unusable_files()
        for place, (archive, md5) in enumerate(source.resources):
            target = self._folder() / archive.removesuffix(".gz")
            if target.name in unusable:
                part = part_of(report, place, len(source.resources))
                self._download_one([mirror + archive for mirror in source.mirrors], md5, target, part)
        report(1.0, f"{self.title} is in {self._folder()}")

    def _download_one(self, addresses: list[str], md5: str, target: Path, report: Report) -> None:
        archive = target.with_name(target.name + ".gz")
        download_file(addresses, md5, archive, report)
        try:
            with gzip.open(archive) as packed, replacement(target) as temporary, temporary.open("wb") as file:
                shutil.copyfileobj(packed, file)
            archive.unlink()
        except OSError as error:
            raise unwritable(target, error) from error

    def _read_split(self, prefix: str) -> Items:
        image_file, label_file = self._file(f"{prefix}-images-idx3-ubyte"), self._file(f"{prefix}-labels-idx1-ubyte")
        images, labels = read_idx(image_file, 3), read_idx(label_file, 1)
        if len(images) != len(labels) or len(images) == 0:
            raise FailureError(f"{label_file} has {len(labels):,} labels for {len(images):,} images in {image_file}.")
        if int(labels.max()) >= len(self.class_names):
            raise FailureError(f"{label_file} is damaged: {self.title} has no class {int(labels.max())}.")
        return Items(images.unsqueeze(1), labels.to(torch.int64))

    def _unusable_files(self) -> set[str]:
        """Names of the files because of which `read` would fail; both of a split where each is whole alone."""
        unusable: set[str] = set()
        for prefix in _PREFIXES.values():
            try:
                self._read_split(prefix)
            except FailureError:
                pair = {name for name in _FILES if name.startswith(prefix)}
                unusable |= {name for name in pair if not self._is_whole(name)} or pair
        return unusable

    def _is_whole(self, name: str) -> bool:
        try:
            read_idx(self._file(name), 3 if "idx3" in name else 1)
        except FailureError:
            return False
        return True

    def _folder(self) -> Path:
        return data_folder() / self.torchvision_class / "raw"

    def _file(self, name: str) -> Path:
        packed = self._folder() / f"{name}.gz"
        plain = self._folder() / name
        return packed if packed.is_file() and not plain.is_file() else plain
