"""Codes of a whole dataset, and images through encoder and decoder."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
from trainers.errors import UsageError
from trainers.models.latent_model import Encoder, LatentModel
from trainers.reporting import Report, StopRequested, never, no_report

_BATCH = 500
_SEED = 0


@dataclass(frozen=True)
class Encodings:
    """Codes of the items of a split, in the split's order.

    codes: (count, latent_size) float32, the posterior means. log_variances: the same shape, or None for an encoder
    that gives single codes. labels: (count,) int64 or None. data: name of the dataset.
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

    Items are binarised as in training, with the same draw every time.
    Raises `UsageError` for a model without an encoder or for images of another shape.
    """
    encoder = require_encoder(model)
    require_shape(model, dataset)
    part = first_items(dataset, limit)
    means, log_variances = [], []
    done = 0
    batches = evaluation_batches(part, _BATCH, model.device, model.data_spec.binarisation, _SEED)
    with torch.inference_mode(), evaluating(model):
        for batch in batches:
            if stop_requested():
                break
            posterior = encoder.encode(batch.images)
            means.append(posterior.mean.float().cpu())
            if posterior.log_variance is not None:
                log_variances.append(posterior.log_variance.float().cpu())
            done += len(batch.indices)
            report(done / len(part), f"{done:,} of {len(part):,} items")
    empty = torch.empty(0, model.latent_space.size)
    return Encodings(
        codes=torch.cat([empty, *means]).numpy(),
        log_variances=torch.cat(log_variances).numpy() if log_variances else None,
        labels=None if part.labels is None else part.labels[:done].cpu().numpy(),
        class_names=part.spec.class_names,
        data=part.spec.name,
        split=part.split,
        digest=digest,
    )


def reconstruct(model: LatentModel, images: Tensor) -> Tensor:
    """Images (batch, channels, height, width) in [0, 1] through encoder and decoder; raises `UsageError` without one.

    The code of an image is the mean of its posterior, so the same image always gives the same reconstruction.
    """
    encoder = require_encoder(model)
    with torch.inference_mode(), evaluating(model):
        return model.decode(encoder.encode(images.to(model.device)).mean)


def require_encoder(model: LatentModel) -> Encoder:
    """The model as an encoder; raises `UsageError` if it is none."""
    if not isinstance(model, Encoder):
        raise UsageError(f"The model {model_name(model)} has no encoder, so it cannot find codes for images.")
    return model


def require_shape(model: LatentModel, dataset: ImageDataset) -> None:
    """Raise `UsageError` if a model was made for items of another shape."""
    if model.data_spec.shape != dataset.spec.shape:
        wanted, given = (" × ".join(map(str, spec.shape)) for spec in (model.data_spec, dataset.spec))
        raise UsageError(
            f"The model was trained on items of {wanted}, and those of {dataset.spec.name} are {given}; "
            "choose data of the same shape."
        )


def first_items(dataset: ImageDataset, limit: int | None) -> ImageDataset:
    """The first `limit` items of a split, or the split itself."""
    if limit is None or limit >= len(dataset):
        return dataset
    labels, attributes = dataset.labels, dataset.attributes
    return replace(
        dataset,
        images=dataset.images[:limit],
        labels=None if labels is None else labels[:limit],
        attributes=None if attributes is None else attributes[:limit],
    )


@contextmanager
def evaluating(model: LatentModel) -> Iterator[None]:
    """The model in evaluation mode for the block, then as it was."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
