"""Measurements of a checkpoint on disk: beside its run, or in the cache where it has none that can be written."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from trainers.atomic_writing import disk_failure, write_atomically
from trainers.data.storage import cache_folder
from trainers.engine.checkpoint import file_digest
from trainers.engine.file_lock import changing
from trainers.engine.run_folder import run_of_checkpoint
from trainers.errors import FailureError
from trainers.metrics.metric import Direction, Measurement

FOLDER = "measurements"

_ASIDE = ".damaged"


@dataclass(frozen=True)
class KeptMeasurement:
    """A measurement with what it was measured on.

    data, split: names of the items. fingerprint: of these items, empty where an older version measured.
    checkpoint: SHA-256 of the measured file, hexadecimal.
    key: says all that the value hangs on, equal for no two; empty where an older version measured.
    """

    measurement: Measurement
    data: str
    split: str
    checkpoint: str
    fingerprint: str = ""
    key: str = ""

    def row(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        measured = {"name": self.measurement.name, **self.measurement.values()}
        place = {"data": self.data, "split": self.split, "checkpoint": self.checkpoint}
        return {**measured, **place, "fingerprint": self.fingerprint, "key": self.key}

    @classmethod
    def from_row(cls, row: object) -> "KeptMeasurement | None":
        """What `row` gave, also that of older versions; None for anything else."""
        try:
            values: dict[str, Any] = dict(row)  # type: ignore[call-overload]
            error, better = values["standard_error"], values["better"]
            if better not in get_args(Direction):
                return None
            measurement = Measurement(
                name=str(values["name"]),
                value=float(values["value"]),
                unit=str(values["unit"]),
                better=better,
                standard_error=None if error is None else float(error),
                count=int(values["count"]),
                settings=dict(values["settings"]),
                per_unit=tuple(float(number) for number in values["per_unit"]),
            )
            data, split, checkpoint = (str(values[name]) for name in ("data", "split", "checkpoint"))
            fingerprint, key = (str(values.get(name, "")) for name in ("fingerprint", "key"))
            return cls(measurement, data, split, checkpoint, fingerprint, key)
        except (KeyError, TypeError, ValueError):
            return None


class MeasurementStore:
    """What is known of one checkpoint; several processes may read and add at once.

    Its file is metrics.json of the run, or one in the cache named by the digest, for a checkpoint outside a run or a
    run that cannot be written; what lies in either is found.
    """

    def __init__(self, checkpoint: Path) -> None:
        self.digest = file_digest(checkpoint)
        run = run_of_checkpoint(checkpoint)
        own = () if run is None else (run.metrics_path,)
        self._files = (*own, cache_folder() / FOLDER / f"{self.digest}.json")

    def all(self) -> tuple[KeptMeasurement, ...]:
        """Every measurement of this checkpoint, the oldest first."""
        return tuple(
            kept for file in reversed(self._files) for kept in read_measurements(file) if kept.checkpoint == self.digest
        )

    def damages(self) -> tuple[str, ...]:
        """A sentence for each file of measurements that cannot be read whole, or was put aside because it could not."""
        return tuple(sentence for file in self._files for sentence in _damages(file))

    def keep(self, kept: KeptMeasurement) -> None:
        """Add a measurement in the place of its like; raises `FailureError` where nothing can be written."""
        refusals: list[FailureError] = []
        for file in self._files:
            try:
                add_measurements(file, [kept])
            except FailureError as error:
                refusals.append(error)
            else:
                return
        raise refusals[0]


def read_measurements(file: Path) -> tuple[KeptMeasurement, ...]:
    """The measurements in a file, oldest first; of a damaged one those that can be read, none for a missing one."""
    return tuple(kept for row in _read(file).rows if (kept := KeptMeasurement.from_row(row)) is not None)


def add_measurements(file: Path, measurements: Sequence[KeptMeasurement]) -> None:
    """Add measurements to a file, those of the same settings, items and checkpoint are replaced.

    Nothing that other processes add at the same time is lost, and a damaged file is put aside under another name before
    a new one takes its place. Raises `FailureError` where it cannot be read or written.
    """
    with changing(file):
        found = _read(file)
        if found.refusal is not None:
            raise disk_failure(file, found.refusal) from found.refusal
        rows = {_likeness(row): row for row in found.rows}
        for kept in measurements:
            row = kept.row()
            rows.pop(_likeness(row), None)
            rows[_likeness(row)] = row
        if found.is_damaged:
            _put_aside(file)
        write_atomically(file, json.dumps(list(rows.values()), indent=1).encode())


@dataclass(frozen=True)
class _Found:
    """Rows of a file, whether it holds anything else, and why it could not be read."""

    rows: tuple[dict[str, Any], ...] = ()
    is_damaged: bool = False
    refusal: OSError | None = None


def _read(file: Path) -> _Found:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return _Found()
    except OSError as error:
        return _Found(refusal=error)
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        return _Found(is_damaged=True)
    rows = tuple(row for row in values if isinstance(row, dict)) if isinstance(values, list) else ()
    return _Found(rows, is_damaged=not isinstance(values, list) or len(rows) < len(values))


def _damages(file: Path) -> list[str]:
    found, told = _read(file), []
    if found.refusal is not None:
        reason = (found.refusal.strerror or str(found.refusal)).lower()
        told.append(f"What was measured before cannot be read: {file} ({reason}); make it readable.")
    if found.is_damaged:
        told.append(
            f"Not all that was measured before can be read: {file} is damaged; mend it, or measure again, which puts "
            "it aside."
        )
    aside = sorted(file.parent.glob(f"{file.stem}{_ASIDE}-*{file.suffix}"))
    return told + [
        f"Not all that was measured before could be read: {other} is what {file.name} was; mend it and put it back, "
        "or delete it."
        for other in aside
    ]


def _put_aside(file: Path) -> None:
    others = (file.with_name(f"{file.stem}{_ASIDE}-{number}{file.suffix}") for number in itertools.count(1))
    try:
        file.rename(next(other for other in others if not other.exists()))
    except OSError as error:
        raise disk_failure(file, error) from error


def _likeness(row: dict[str, Any]) -> str:
    if row.get("key"):
        return str(row["key"])
    return json.dumps([row.get(key) for key in ("name", "settings", "data", "split", "checkpoint")], sort_keys=True)
