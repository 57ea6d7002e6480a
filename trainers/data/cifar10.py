"""CIFAR-10, read through torchvision."""

import tarfile
from pathlib import Path

import torch

from trainers.atomic_writing import replacement
from trainers.data.dataset_source import Contents, DatasetSource, Items
from trainers.data.download import download_file, unwritable
from trainers.data.file_signature import file_signature
from trainers.data.storage import data_folder
from trainers.errors import FailureError
from trainers.reporting import Report

_FOLDER = "cifar-10-batches-py"
_FILES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta")


class Cifar10(DatasetSource):
    """60,000 photographs; the files are pickles, so they are only opened after their checksums were compared."""

    name = "cifar10"
    title = "CIFAR-10"
    description = "60,000 photographs of ten kinds of things, 32×32 colour"

    def location(self) -> str:
        """The folder of the batches."""
        return str(data_folder() / _FOLDER)

    def signature(self) -> str:
        """Sizes and times of the batches."""
        return file_signature(self._files(), "cifar 1")

    def is_available(self) -> bool:
        """Whether all batches are there."""
        return all(file.is_file() for file in self._files())

    def missing_sentence(self) -> str:
        """How to get the files."""
        return (
            f"{self.title} is not on this machine; run 'python -m trainers data get {self.name}', "
            f"or unpack cifar-10-python.tar.gz into {data_folder()}."
        )

    def read(self, report: Report) -> Contents:
        """Both splits; raises `FailureError` if a batch is damaged."""
        from torchvision.datasets import CIFAR10

        report(0.0, f"reading {self.title}")
        try:
            train, test = (CIFAR10(data_folder(), train=is_train) for is_train in (True, False))
        except RuntimeError as error:
            raise FailureError(
                f"A file in {data_folder() / _FOLDER} is damaged; "
                f"delete the folder and run 'python -m trainers data get {self.name}'."
            ) from error
        splits = {
            split: Items(torch.from_numpy(source.data).permute(0, 3, 1, 2).contiguous(), torch.tensor(source.targets))
            for split, source in (("train", train), ("test", test))
        }
        return Contents({"train": splits["train"], "test": splits["test"]}, class_names=tuple(train.classes))

    def download(self, report: Report) -> None:
        """Fetch the archive, check it, and unpack the batches, unless all of them are there and undamaged."""
        from torchvision.datasets import CIFAR10

        if self._is_intact():
            report(1.0, f"{self.title} is in {data_folder()}")
            return
        archive = data_folder() / CIFAR10.filename
        download_file([CIFAR10.url], CIFAR10.tgz_md5, archive, report)
        try:
            with tarfile.open(archive) as packed:
                for target in self._files():
                    member = packed.extractfile(f"{_FOLDER}/{target.name}")
                    if member is not None:
                        with replacement(target) as temporary:
                            temporary.write_bytes(member.read())
            archive.unlink()
        except OSError as error:
            raise unwritable(data_folder(), error) from error
        report(1.0, f"{self.title} is in {data_folder()}")

    def _is_intact(self) -> bool:
        from torchvision.datasets import CIFAR10
        from torchvision.datasets.utils import check_integrity

        checksums = dict([*CIFAR10.train_list, *CIFAR10.test_list, (CIFAR10.meta["filename"], CIFAR10.meta["md5"])])
        return all(check_integrity(file, checksums[file.name]) for file in self._files())

    def _files(self) -> list[Path]:
        return [data_folder() / _FOLDER / name for name in _FILES]
