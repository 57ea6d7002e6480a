"""How much of its code a model uses while it is trained, number by number."""

import time
from dataclasses import dataclass

import torch
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.batching import evaluation_batches
from trainers.data.catalogue import load_split_of
from trainers.data.image_dataset import ImageDataset
from trainers.engine.checkpoint import load_model
from trainers.engine.encoding import evaluating
from trainers.engine.fitting_data import part_of
from trainers.engine.run_folder import RunFolder
from trainers.errors import StoppedError, UsageError
from trainers.models.latent_model import CodeTable, Encoder, LatentModel, VariationalBound
from trainers.reporting import Report, StopRequested, never, no_report

KL_NAME, VARIANCE_NAME = "kl", "code_variance"
MOST_UNITS = 2048
"""Codes of more numbers than this are not recorded: nobody could tell their rows apart."""

_ITEMS = 256
_SEED = 0
_LARGEST_SHARE_OF_TIME = 0.005
_DIGITS = 4


@dataclass(frozen=True)
class UnitValues:
    """One value for each number of a code.

    name: "kl", the mean divergence of each number from its prior in nats, or "code_variance", the variance of its
    posterior mean or learned code, for a model without a bound.
    """

    name: str
    values: tuple[float, ...]


class UnitRecorder:
    """Measures the units on 256 training items, always the same and with the same draws.

    The state of the model and of the process's random numbers is left as it was, so that a measurement more or less
    does not change the run.
    """

    def __init__(self, model: LatentModel, dataset: ImageDataset) -> None:
        self._model = model
        self._dataset = dataset
        self._probes: Batch | None = None
        self._next = 0.0

    def measure_if_due(self) -> UnitValues | None:
        """The values, or None where measuring would take more than 0.5 % of the time since the last measurement."""
        return self.measure() if time.monotonic() >= self._next else None

    def measure(self) -> UnitValues | None:
        """The values; None for a model that has no codes for items, or too many units, or values that are no numbers.

        They are rounded to four significant digits.
        """
        model = self._model
        if model.latent_space.size > MOST_UNITS or not isinstance(model, VariationalBound | Encoder | CodeTable):
            return None
        begun = time.monotonic()
        with torch.random.fork_rng(devices=[]), torch.inference_mode(), evaluating(model):
            measured = self._measured()
        ended = time.monotonic()
        self._next = ended + (ended - begun) / _LARGEST_SHARE_OF_TIME
        return measured

    def _measured(self) -> UnitValues | None:
        model = self._model
        if isinstance(model, VariationalBound):
            batch = self._probe_items()
            draws = torch.Generator(model.device).manual_seed(_SEED)
            terms = model.bound_terms(batch.images, draws, model.condition_of(batch))
            return _values(KL_NAME, terms.kl.double().mean(dim=0))
        if isinstance(model, Encoder):
            batch = self._probe_items()
            codes = model.encode(batch.images, model.condition_of(batch)).mean
        else:
            assert isinstance(model, CodeTable)
            codes = model.training_codes()[self._places()]
        return _values(VARIANCE_NAME, codes.double().var(dim=0, correction=0))

    def _probe_items(self) -> Batch:
        if self._probes is None:
            items = part_of(self._dataset, self._places())
            binarisation = self._model.data_spec.binarisation
            self._probes = next(evaluation_batches(items, _ITEMS, self._model.device, binarisation, _SEED))
        return self._probes

    def _places(self) -> Tensor:
        # Folders are sorted by class, so the first items may all be of one kind.
        count = len(self._dataset)
        return torch.arange(min(count, _ITEMS)) * count // min(count, _ITEMS)


def units_of_snapshots(
    run: RunFolder, report: Report = no_report, stop_requested: StopRequested = never
) -> tuple[tuple[float, UnitValues], ...]:
    """The epochs of a run's snapshots and what `UnitRecorder` finds of each, for a run that recorded none of it.

    Empty for a model without codes for items. Snapshots removed meanwhile are left out. Raises `UsageError` without
    snapshots or data, and `StoppedError`.
    """
    run.latest()
    found, dataset, files = [], None, run.checkpoints()
    for place, file in enumerate(files):
        if stop_requested():
            raise StoppedError
        report(place / len(files), f"snapshot {place + 1} of {len(files)}")
        try:
            model = load_model(file.path)
        except UsageError:
            continue
        dataset = dataset or load_split_of(model.data_spec, "train")
        values = UnitRecorder(model, dataset).measure()
        if values is not None:
            found.append((file.epoch, values))
    return tuple(found)


def _values(name: str, values: Tensor) -> UnitValues | None:
    if not bool(values.isfinite().all()):
        return None
    return UnitValues(name, tuple(float(f"{value:.{_DIGITS}g}") for value in values.tolist()))
