"""One trained state as one `.safetensors` file that says itself what it holds."""

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import Field
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as safetensors_bytes
from torch import nn

from trainers.atomic_writing import write_atomically
from trainers.config import Config
from trainers.data.data_spec import DataSpec, data_title
from trainers.errors import UsageError
from trainers.latent.latent_space import LatentSpace
from trainers.models.catalogue import MODELS
from trainers.models.condition_spec import ConditionSpec
from trainers.models.latent_model import LatentModel

FORMAT = 1
SUFFIX = ".safetensors"
CHECKPOINT_FOLDER = "checkpoints"
RUN_FILE = "run.json"
# One entry for everything: the library writes several in an order that changes from file to file.
_KEY = "latent_explorer"


class TrainingMark(Config):
    """Where in a run a checkpoint was taken."""

    run: str = Field(description="name of the run folder")
    step: int = Field(ge=0, description="optimiser steps done")
    epoch: float = Field(ge=0.0, description="epochs done, with their fraction")
    seed: int = Field(description="seed of the run")


@dataclass(frozen=True)
class CheckpointHeader:
    """What a checkpoint says of itself, without its weights.

    config: complete settings of the model. digest: SHA-256 of the file, hexadecimal.
    """

    model: str
    config: Mapping[str, Any]
    latent_space: LatentSpace
    condition: ConditionSpec
    data: DataSpec
    training: TrainingMark
    format: int
    digest: str

    @property
    def title(self) -> str:
        """Short text such as "vae / mnist, epoch 5", or "vae / mnist without 4, epoch 5"."""
        held_out = f" without {', '.join(self.data.held_out_classes)}" if self.data.held_out_classes else ""
        return f"{self.model} / {data_title(self.data.name)}{held_out}, epoch {round(self.training.epoch, 2):g}"


def save_checkpoint(path: Path, model: LatentModel, mark: TrainingMark) -> None:
    """Write a model and all it takes to rebuild it, whole or not at all; raises `FailureError` if it cannot."""
    about = {
        "format": FORMAT,
        "model": model_name(model),
        "config": model.config.model_dump(mode="json"),
        "latent_space": model.latent_space.model_dump(mode="json"),
        "condition": model.condition_spec.model_dump(mode="json"),
        "data": model.data_spec.model_dump(mode="json"),
        "training": mark.model_dump(mode="json"),
    }
    # Copies: the format refuses weights that share memory or are not laid out in order.
    tensors = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in model.state_dict().items()}
    write_atomically(path, safetensors_bytes(tensors, {_KEY: json.dumps(about)}))


def read_header(path: Path) -> CheckpointHeader:
    """What a checkpoint says of itself; raises `UsageError` for a file that is none, or a newer one."""
    about = _about(path)
    try:
        return CheckpointHeader(
            model=str(about["model"]),
            config=dict(about["config"]),
            latent_space=LatentSpace.model_validate(about["latent_space"]),
            condition=ConditionSpec.model_validate(about["condition"]),
            data=DataSpec.model_validate(about["data"]),
            training=TrainingMark.model_validate(about["training"]),
            format=int(about["format"]),
            digest=file_digest(path),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error


def read_mark(path: Path) -> TrainingMark:
    """Where in its run a checkpoint was taken; cheaper than the whole header. Raises `UsageError`."""
    try:
        return TrainingMark.model_validate(_about(path)["training"])
    except (KeyError, ValueError) as error:
        raise _damaged(path) from error


def load_model(path: Path, device: str | torch.device = "cpu") -> LatentModel:
    """The model of a checkpoint, in evaluation mode; raises `UsageError` for a file that holds none."""
    header = read_header(path)
    try:
        model_type: type[LatentModel] = MODELS[header.model]
        config = model_type.config_type.from_values(header.config)
    except UsageError as error:
        raise UsageError(f"{path} needs another version of Latent Explorer, perhaps a newer one: {error}") from error
    with torch.random.fork_rng(devices=[]):
        model = model_type(config, header.data)
    try:
        with safe_open(path, framework="pt") as file:
            weights = {name: file.get_tensor(name) for name in file.keys()}
        model.load_state_dict(weights)
    except (SafetensorError, OSError, RuntimeError) as error:
        raise UsageError(f"The weights in {path} do not fit its model {header.model}; train it again.") from error
    if model.latent_space != header.latent_space:
        raise _damaged(path)
    if not all_finite(model):
        raise UsageError(f"Weights in {path} are infinite or no numbers; choose another checkpoint.")
    return model.eval().to(device)


def find_checkpoint(path: Path) -> Path:
    """The checkpoint somebody means: a checkpoint file itself, or the newest of the run that a path lies in.

    Raises `UsageError` where there is none.
    """
    if path.is_file() and path.suffix == SUFFIX:
        return path
    run = run_around(path)
    files = checkpoint_files(run)
    if not files:
        raise UsageError(f"The run {run} has no checkpoints yet; train it for a moment longer.")
    return files[-1]


def run_around(path: Path) -> Path:
    """The run folder that a path is or lies in; raises `UsageError` where there is none."""
    if not path.exists():
        raise UsageError(f"There is no run folder and no checkpoint at {path}.")
    for folder in (path, *path.parents, *path.absolute().parents):
        if (folder / RUN_FILE).is_file():
            return folder
    raise UsageError(f"{path} is neither a run folder nor a {SUFFIX} file; choose one of these.")


def checkpoint_path(run: Path, step: int) -> Path:
    """Where the checkpoint of a step lies in a run folder."""
    return run / CHECKPOINT_FOLDER / f"step-{step:08d}{SUFFIX}"


def checkpoint_files(run: Path) -> tuple[Path, ...]:
    """The checkpoints in a run folder, the oldest step first."""
    return tuple(
        sorted((run / CHECKPOINT_FOLDER).glob(f"step-*{SUFFIX}"), key=lambda file: (len(file.name), file.name))
    )


def model_name(model: LatentModel) -> str:
    """The name under which a model's class is registered."""
    return next(name for name in MODELS if MODELS[name] is type(model))


def all_finite(module: nn.Module) -> bool:
    """Whether no parameter or buffer is infinite or not a number; waits for the device once."""
    with torch.no_grad():
        checks = [tensor.isfinite().all() for tensor in module.state_dict().values() if tensor.is_floating_point()]
        return bool(torch.stack(checks).all())


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; remembered until the file changes."""
    state = path.stat()
    return _digest(path, state.st_size, state.st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _about(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise UsageError(f"There is no checkpoint {path}; name a run folder or a {SUFFIX} file.")
    try:
        with safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get(_KEY)
    except (SafetensorError, OSError) as error:
        raise UsageError(
            f"{path} is not a whole {SUFFIX} file: it is truncated or of another kind; choose another checkpoint."
        ) from error
    if text is None:
        raise UsageError(f"{path} was not written by Latent Explorer; choose one of its checkpoints.")
    try:
        about: dict[str, Any] = dict(json.loads(text))
        version = int(about["format"])
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise _damaged(path) from error
    if version > FORMAT:
        raise UsageError(
            f"A newer version of Latent Explorer wrote {path} (format {version}, this is {FORMAT}): "
            "update Latent Explorer to open it."
        )
    return about


def _damaged(path: Path) -> UsageError:
    return UsageError(f"{path} is damaged: its description cannot be read; choose another checkpoint.")
