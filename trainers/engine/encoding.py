"""Codes of a whole dataset, and images through encoder and decoder."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.atomic_writing import write_atomically
from trainers.data.batching import evaluation_batches
from trainers.data.image_dataset import ImageDataset, Split
from trainers.engine.checkpoint import model_name
from trainers.engine.fitting_data import first_items, require_fitting_data
from trainers.errors import UsageError
from trainers.models.latent_model import CodeTable, Encoder, LatentModel
from trainers.reporting import Report, StopRequested, never, no_report

_BATCH = 500
_SEED = 0


@dataclass(frozen=True)
class Encodings:
    """Codes of the items of a split, in the split's order.

    codes: (count, latent_size) float32, posterior means or learned codes.
    log_variances: the same shape, or None for single codes. labels: (count,) int64 or None. data: name of the dataset.
    digest: SHA-256 of the checkpoint that encoded, empty for a model that came from none.
    """

    codes: NDArray[np.float32]
    log_variances: NDArray[np.float32] | None
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    data: str
    split: Split
    digest: str = ""

    def save(self, path: Path) -> None:
        """Write a compressed `.npz` without pickled objects; raises `FailureError` if it cannot be written."""
        arrays: dict[str, NDArray[Any]] = {"codes": self.codes}
        if self.log_variances is not None:
            arrays["log_variances"] = self.log_variances
        if self.labels is not None:
            arrays["labels"] = self.labels
        about = {"class_names": self.class_names, "data": self.data, "split": self.split, "digest": self.digest}
        content = io.BytesIO()
        # The checker takes any name to be that of the option allow_pickle.
        np.savez_compressed(content, about=np.array(json.dumps(about)), **arrays)  # type: ignore[arg-type]
        write_atomically(path, content.getvalue())

    @classmethod
    def load(cls, path: Path) -> "Encodings":
        """Read what `save` wrote; raises `UsageError` for a missing or foreign file."""
        if not path.is_file():
            raise UsageError(f"There are no codes at {path}; encode the data first.")
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                about = json.loads(str(arrays["about"]))
                loaded = cls(
                    codes=arrays["codes"],
                    log_variances=arrays.get("log_variances"),
                    labels=arrays.get("labels"),
                    class_names=tuple(about["class_names"]),
                    data=about["data"],
                    split=about["split"],
                    digest=about["digest"],
                )
            loaded._check()
        except Exception as error:
            # Whatever damaged bytes lead the reader to: it raises errors of zlib and of archives, among others.
            raise UsageError(f"{path} does not hold codes, or is damaged; encode the data again.") from error
        return loaded

    def _check(self) -> None:
        codes, log_variances, labels = self.codes, self.log_variances, self.labels
        if codes.ndim != 2 or codes.dtype != np.float32 or not np.isfinite(codes).all():
            raise ValueError("codes must be a table of finite numbers")
        if log_variances is not None and (log_variances.shape != codes.shape or log_variances.dtype != codes.dtype):
            raise ValueError("log_variances must be shaped like codes")
        if labels is not None and (labels.shape != codes.shape[:1] or labels.dtype != np.int64):
            raise ValueError("labels must be one whole number per code")
        if self.split not in get_args(Split):
            raise ValueError("split must be one of the two")


def encode_dataset(
    model: LatentModel,
    dataset: ImageDataset,
    report: Report = no_report,
    stop_requested: StopRequested = never,
    *,
    limit: int | None = None,
    digest: str = "",
) -> Encodings:
    """Codes of the first `limit` items, or of all; fewer where a stop was requested.

    Items are binarised as in training, with the same draw every time, and told to the model with their conditions.
    A model that learns a code per training item gives these, for its training split alone.
    Raises `UsageError` for a model that has neither, or for data that do not fit it.
    """
    require_fitting_data(model, dataset)
    part = first_items(dataset, limit)
    if isinstance(model, CodeTable) and not isinstance(model, Encoder):
        learned = _require_learned_codes(model, dataset)[: len(part)]
        report(1.0, f"{len(part):,} of {len(part):,} items")
        return _encodings(part, learned.float().cpu().numpy(), None, digest)
    encoder = require_encoder(model)
    means, log_variances = [], []
    done = 0
    batches = evaluation_batches(part, _BATCH, model.device, model.data_spec.binarisation, _SEED)
    with torch.inference_mode(), evaluating(model):
        for batch in batches:
            if stop_requested():
                break
            posterior = encoder.encode(batch.images, model.condition_of(batch))
            means.append(posterior.mean.float().cpu())
            if posterior.log_variance is not None:
                log_variances.append(posterior.log_variance.float().cpu())
            done += len(batch.indices)
            report(done / len(part), f"{done:,} of {len(part):,} items")
    empty = torch.empty(0, model.latent_space.size)
    codes = torch.cat([empty, *means]).numpy()
    return _encodings(part, codes, torch.cat(log_variances).numpy() if log_variances else None, digest)


def require_encoder(model: LatentModel) -> Encoder:
    """The model as an encoder; raises `UsageError` if it is none."""
    if not isinstance(model, Encoder):
        raise UsageError(f"The model {model_name(model)} has no encoder, so it cannot find codes for images.")
    return model


def split_with_codes(model: LatentModel, wanted: Split) -> Split | None:
    """The split that `encode_dataset` gives codes of: the one wanted, only "train", or None for a model without any."""
    if isinstance(model, Encoder):
        return wanted
    return "train" if isinstance(model, CodeTable) else None


def learned_codes(model: LatentModel, dataset: ImageDataset) -> Tensor | None:
    """Codes (count, latent_size) that a model learned for the items of a split; None for other models or items."""
    if not isinstance(model, CodeTable) or dataset.split != "train":
        return None
    codes = model.training_codes().detach()
    is_training_data = dataset.spec.fingerprint == model.data_spec.fingerprint and len(codes) == len(dataset)
    return codes if is_training_data else None


@contextmanager
def evaluating(model: LatentModel) -> Iterator[None]:
    """The model in evaluation mode for the block, then as it was."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)


def _require_learned_codes(model: LatentModel, dataset: ImageDataset) -> Tensor:
    codes = learned_codes(model, dataset)
    if codes is None:
        raise UsageError(
            f"The model {model_name(model)} has no encoder, only a code for every item it learned from; choose the "
            f"train split of {model.data_spec.name}."
        )
    return codes


def _encodings(
    items: ImageDataset, codes: NDArray[np.float32], log_variances: NDArray[np.float32] | None, digest: str
) -> Encodings:
    return Encodings(
        codes=codes,
        log_variances=log_variances,
        labels=None if items.labels is None else items.labels[: len(codes)].cpu().numpy(),
        class_names=items.spec.class_names,
        data=items.spec.name,
        split=items.split,
        digest=digest,
    )
