"""What somebody wants trained, and the check of all of it before anything is written."""

from dataclasses import dataclass
from typing import Any, Literal

import torch
from pydantic import Field
from torch import nn

from trainers.config import Config
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import Binarisation, DataSpec
from trainers.data.held_out import without_class
from trainers.data.image_dataset import ImageDataset
from trainers.engine.devices import Precision, PrecisionChoice, check_device_count, choose_device, choose_precision
from trainers.engine.fitting_data import require_known_conditions
from trainers.errors import UsageError
from trainers.models.catalogue import MODELS
from trainers.models.latent_model import LatentModel, ModelConfig


class TrainingRequest(Config):
    """Everything a run is made from; "auto" is decided by `resolve_request`."""

    model: str = Field(description="registered name of the model")
    model_settings: dict[str, Any] = Field(
        default_factory=dict, description="settings of the model that differ from their defaults"
    )
    data: str = Field(description="name of a dataset, or the path of a folder or zip of images or a table of points")
    epochs: int = Field(default=20, ge=1, le=1_000_000, description="passes over the training data")
    batch_size: int = Field(default=128, ge=1, le=65536, description="items per step, of all processes together")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="seed of all randomness")
    device: str = Field(default="auto", description="auto, cpu, cuda, cuda:N or mps; of several devices the first")
    devices: int = Field(
        default=1, ge=1, le=64, description="processes on this machine that share every step, each with its own GPU"
    )
    nodes: int = Field(default=1, ge=1, le=1024, description="machines that share every step, joined by torchrun")
    precision: PrecisionChoice = Field(default="auto", description="arithmetic of the forward pass")
    binarisation: Literal["auto", "none", "static", "dynamic"] = Field(
        default="auto", description="how grey values become 0 or 1; auto does what the model needs"
    )
    hold_out_class: str | None = Field(
        default=None, description="class kept out of training, by its name or number, for anomaly_auroc to find"
    )
    max_steps: int | None = Field(default=None, ge=1, description="end after this many steps, whatever the epochs")
    snapshots_kept: int = Field(default=60, ge=3, le=10_000, description="checkpoints a run keeps as it grows")

    @property
    def processes(self) -> int:
        """Processes that share every step, on all machines."""
        return self.devices * self.nodes


@dataclass(frozen=True)
class ResolvedRun:
    """A request in which nothing is open any more, with what it takes to begin.

    request: device, precision and binarisation decided, the model's settings complete, a path of data absolute.
    model: freshly initialised from the seed, on the CPU; dataset: the training split.
    """

    request: TrainingRequest
    model: LatentModel
    dataset: ImageDataset
    device: torch.device
    precision: Precision


def resolve_request(request: TrainingRequest) -> ResolvedRun:
    """Check everything a run needs and decide what is "auto"; writes nothing.

    Raises `UsageError` for an unknown name, a setting out of range, or parts that do not fit each other,
    and `FailureError` for data that cannot be had.
    """
    model_type = MODELS[request.model]
    config = model_type.config_type.from_values(request.model_settings)
    device = choose_device(request.device)
    check_device_count(device, request.devices)
    dataset = load_dataset(request.data, "train")
    if request.hold_out_class is not None:
        dataset = without_class(dataset, request.hold_out_class)
    items = min(request.batch_size, len(dataset))
    _check_shares(items, request.processes)
    model = _build(model_type, config, dataset.spec, request)
    require_known_conditions(model, dataset)
    _check_normalisation(model, items // request.processes)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    precision = choose_precision(request.precision, device, parameters)
    decided = request.model_copy(
        update={
            "data": dataset.spec.name,
            "model_settings": model.config.model_dump(mode="json"),
            "device": str(device),
            "precision": precision,
            "binarisation": model.data_spec.binarisation,
            "hold_out_class": next(iter(dataset.spec.held_out_classes), None),
        }
    )
    return ResolvedRun(decided, model, dataset, device, precision)


def build_model(model_type: type[LatentModel], config: ModelConfig, spec: DataSpec, seed: int) -> LatentModel:
    """A model initialised from a seed, the process's own random state left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return model_type(config, spec)


def _check_shares(items: int, processes: int) -> None:
    if items % processes != 0:
        fitting = max(items // processes, 1) * processes
        raise UsageError(
            f"The {items} items of a step cannot be shared equally by {processes} processes; choose a batch_size that "
            f"is a multiple of {processes}, such as {fitting}, or other devices."
        )


def _check_normalisation(model: LatentModel, items: int) -> None:
    normalises = any(isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) for module in model.modules())
    if normalises and items < 2:
        raise UsageError(
            "batch_normalisation needs at least 2 items of a step in each process, and there is 1; raise batch_size, "
            "choose more data, or set batch_normalisation to false."
        )


def _build(model_type: type[LatentModel], config: ModelConfig, spec: DataSpec, request: TrainingRequest) -> LatentModel:
    chosen: Binarisation = "none" if request.binarisation == "auto" else request.binarisation
    if chosen != "none":
        _check_can_be_binarised(spec, chosen)
    spec = spec.model_copy(update={"binarisation": chosen})
    model = build_model(model_type, config.resolved(spec), spec, request.seed)
    if not model.needs_binary_data or chosen != "none":
        return model
    if request.binarisation == "none":
        raise UsageError(
            f"With these settings {request.model} needs images of zeros and ones, so the binarisation cannot be "
            "none: choose dynamic or static, or give the model a likelihood for grey values."
        )
    _check_can_be_binarised(spec, "dynamic")
    spec = spec.model_copy(update={"binarisation": "dynamic"})
    return build_model(model_type, config.resolved(spec), spec, request.seed)


def _check_can_be_binarised(spec: DataSpec, binarisation: Binarisation) -> None:
    if spec.kind == "points":
        raise UsageError(f"The binarisation {binarisation} is for images, and {spec.name} consists of points.")
