"""CelebA with its forty attributes, in torchvision's folder layout."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainers.data.attribute_table import AttributeTable
from trainers.data.dataset_source import Contents, DatasetSource
from trainers.data.file_listing import listed_files
from trainers.data.file_signature import file_signature
from trainers.data.image_import import chosen_for_test, import_images
from trainers.data.storage import data_folder
from trainers.errors import FailureError
from trainers.reporting import Report

_IMAGES, _ATTRIBUTES, _PARTITION = "img_align_celeba", "list_attr_celeba.txt", "list_eval_partition.txt"
_SIZE = (64, 64)
_TRAIN, _VALIDATION, _TEST = range(3)


class CelebA(DatasetSource):
    """202,599 photographs of faces, cropped about their middle to squares, attributes -1 or 1 (Liu et al. 2015).

    The folder of pictures may also be the zip that it comes in. Where the list of the authors' partition is there, its
    training and test parts are the splits, and its validation part is left out; else every tenth picture or so is for
    testing.
    """

    name = "celeba"
    title = "CelebA"
    description = "202,599 photographs of faces with 40 attributes, 64×64 colour"

    def location(self) -> str:
        """The folder of pictures and lists."""
        return str(self._folder())

    def signature(self) -> str:
        """Sizes and times of the lists, and of the folder or zip of pictures."""
        files = [self._images(), self._folder() / _ATTRIBUTES]
        partition = self._folder() / _PARTITION
        return file_signature([*files, partition] if partition.is_file() else files, "celeba 1", _SIZE)

    def is_available(self) -> bool:
        """Whether pictures and attributes are there."""
        return self._images().exists() and (self._folder() / _ATTRIBUTES).is_file()

    def missing_sentence(self) -> str:
        """Where to put the files: their distributor gives them to people only, not to programs."""
        return (
            f"{self.title} is not on this machine; download img_align_celeba.zip, {_ATTRIBUTES} and, if you like, "
            f"{_PARTITION} from https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html into {self._folder()}."
        )

    def download(self, report: Report) -> None:
        """Raise `FailureError` that says where to put the files, unless they are there."""
        if not self.is_available():
            raise FailureError(self.missing_sentence())
        report(1.0, f"{self.title} is in {self._folder()}")

    def read(self, report: Report) -> Contents:
        """Both splits; raises `FailureError` naming a damaged list."""
        table = self._table()
        parts = self._partition()

        def is_for_test(paths: Sequence[str]) -> NDArray[np.bool_]:
            if not parts:
                return chosen_for_test(paths)
            return np.array([parts[path.rsplit("/", 1)[-1]] == _TEST for path in paths])

        with listed_files(self._images()) as files:
            chosen = [file for file in files if not parts or parts.get(file.parts[-1]) in (_TRAIN, _TEST)]
            return import_images(self.title, chosen, _SIZE, report, table=table, is_for_test=is_for_test)

    def _table(self) -> AttributeTable:
        path = self._folder() / _ATTRIBUTES
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            names = tuple(lines[1].split())
            rows = {key: np.array(cells, np.float32) for key, *cells in (line.split() for line in lines[2:] if line)}
        except (OSError, ValueError, IndexError) as error:
            raise self._damaged(path) from error
        if not names or not rows or any(row.shape != (len(names),) for row in rows.values()):
            raise self._damaged(path)
        return AttributeTable(names, rows)

    def _partition(self) -> dict[str, int]:
        path = self._folder() / _PARTITION
        if not path.is_file():
            return {}
        try:
            rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line]
            parts = {key: int(part) for key, part in rows}
        except (OSError, ValueError) as error:
            raise self._damaged(path) from error
        if {_TRAIN, _TEST} - set(parts.values()) or set(parts.values()) - {_TRAIN, _VALIDATION, _TEST}:
            raise self._damaged(path)
        return parts

    def _damaged(self, path: Path) -> FailureError:
        return FailureError(f"{path} is truncated or of another kind; download it again.")

    def _images(self) -> Path:
        folder = self._folder() / _IMAGES
        packed = folder.with_suffix(".zip")
        return packed if packed.is_file() and not folder.is_dir() else folder

    def _folder(self) -> Path:
        return data_folder() / "celeba"
