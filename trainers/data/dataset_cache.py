"""Decoded splits on disk, one memory-mapped file each, so that reading them again costs no decoding and no copy."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from trainers.atomic_writing import replacement
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset, Split
from trainers.data.import_report import ImportReport
from trainers.data.storage import cache_folder
from trainers.errors import FailureError

_FORMAT = "latent-explorer dataset 2"


@dataclass(frozen=True)
class OpenedSplit:
    """One split with what was said about the files it came from."""

    dataset: ImageDataset
    report: ImportReport


@dataclass(frozen=True)
class DatasetCache:
    """The files that hold the splits of one dataset.

    key: what makes it another dataset, such as its name and folder; decides the file names.
    signature: changes when the sources change; files of another signature are not read.
    """

    key: str
    signature: str

    def path(self, split: Split) -> Path:
        """File of a split; it need not exist."""
        label = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(self.key).name)[:40]
        digest = hashlib.sha256(self.key.encode()).hexdigest()[:16]
        return cache_folder() / "datasets" / f"{label}-{digest}-{split}.safetensors"

    def read(self, split: Split) -> OpenedSplit | None:
        """The memory-mapped split, or None if its file is missing, damaged or of another signature."""
        try:
            with safe_open(self.path(split), framework="pt") as file:
                metadata = file.metadata() or {}
                if metadata.get("format") != _FORMAT or metadata.get("signature") != self.signature:
                    return None
                tensors = {name: file.get_tensor(name) for name in file.keys()}
            spec = DataSpec.model_validate_json(metadata["spec"])
            report = ImportReport.model_validate_json(metadata["report"])
            dataset = ImageDataset(spec, split, tensors["images"], tensors.get("labels"), tensors.get("attributes"))
        except (OSError, SafetensorError, KeyError, ValidationError):
            return None
        return OpenedSplit(dataset, report)

    def write(self, splits: Mapping[Split, OpenedSplit]) -> None:
        """Write every split, each complete or not at all; raises `FailureError` where that is impossible."""
        try:
            for split, opened in splits.items():
                self._write_split(self.path(split), opened)
        except (OSError, SafetensorError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise FailureError(
                f"The decoded images cannot be kept in {cache_folder()} ({reason}), so they will be read again "
                "next time; set LATENT_EXPLORER_CACHE to a folder with space that can be written."
            ) from error

    def _write_split(self, path: Path, opened: OpenedSplit) -> None:
        dataset = opened.dataset
        tensors = {"images": dataset.images, "labels": dataset.labels, "attributes": dataset.attributes}
        metadata = {
            "format": _FORMAT,
            "signature": self.signature,
            "spec": dataset.spec.model_dump_json(),
            "report": opened.report.model_dump_json(),
        }
        present = {name: tensor.contiguous() for name, tensor in tensors.items() if tensor is not None}
        with replacement(path) as temporary:
            save_file(present, temporary, metadata)
