"""Runs beside each other by what was measured of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainers.data.image_dataset import Split
from trainers.engine.checkpoint import find_checkpoint, read_header, run_around
from trainers.engine.kept_measurements import KeptMeasurement, MeasurementStore
from trainers.errors import UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import Direction

# Settings that differ without making two values another kind of number, and beginnings of what was found beside.
_OF_NO_WEIGHT = frozenset({"seed", "conditions", "missing", "of_no_class", "value_is"})
_FOUND = ("found_", "used_")
_NOT_SAID = "not said"
_LIKELIHOODS = {"none": "log p(x)", "classes": "log p(x | class)", "attributes": "log p(x | attributes)"}


@dataclass(frozen=True)
class ComparedRun:
    """One row: a checkpoint and the data it learned from.

    name: of the run folder, or of the file of a checkpoint that lies in none. title: such as "vae / mnist, epoch 5".
    data, fingerprint: the training data. digest: SHA-256 of the checkpoint.
    condition: what the model is told of every item, "none" for nothing.
    """

    name: str
    title: str
    model: str
    data: str
    fingerprint: str
    epoch: float
    checkpoint: Path
    digest: str
    condition: str = "none"


@dataclass(frozen=True)
class MeasurementTable:
    """Runs × metrics; a value that tells everything about itself and needs no file any more.

    metrics: names of the columns. cells: measurements by the place of the run and the name of the metric.
    damages: a sentence for each file of measurements that could not be read whole.
    """

    runs: tuple[ComparedRun, ...]
    metrics: tuple[str, ...]
    cells: Mapping[tuple[int, str], KeptMeasurement]
    damages: tuple[str, ...] = ()

    def cell(self, run: int, metric: str) -> KeptMeasurement | None:
        """What was measured, None if nothing was."""
        return self.cells.get((run, metric))

    def column(self, metric: str) -> dict[int, KeptMeasurement]:
        """The measurements of a metric by the place of their run."""
        return {run: self.cells[run, metric] for run in range(len(self.runs)) if (run, metric) in self.cells}

    def unit(self, metric: str) -> str:
        """The unit of a column, empty for one without values."""
        return next((kept.measurement.unit for kept in self.column(metric).values()), "")

    def better(self, metric: str) -> Direction:
        """The direction of a column in which values improve."""
        return next((kept.measurement.better for kept in self.column(metric).values()), "none")

    def extractor(self, metric: str) -> str:
        """What gave the features or classes of a column, empty where nothing did."""
        return self.usual_conditions(metric).get("extractor", "")

    def conditions(self, run: int, metric: str) -> dict[str, str]:
        """What a value must share with others of its column to be compared with them, as texts by name."""
        told = _conditions(self.cells[run, metric])
        if metric in METRICS and METRICS[metric].is_likelihood:
            told["of"] = _LIKELIHOODS.get(self.runs[run].condition, _LIKELIHOODS["none"])
        return told

    def usual_conditions(self, metric: str) -> dict[str, str]:
        """Under which conditions most values of a column were measured, of equally many the first."""
        counts = Counter(tuple(self.conditions(run, metric).items()) for run in self.column(metric))
        return dict(counts.most_common(1)[0][0]) if counts else {}

    def differences(self, run: int, metric: str) -> dict[str, tuple[str, str]]:
        """Conditions of a value that are not those of most of its column: what it has, and what they have."""
        if self.cell(run, metric) is None:
            return {}
        own, usual = self.conditions(run, metric), self.usual_conditions(metric)
        names = [*own, *(name for name in usual if name not in own)]
        both = {name: (own.get(name, _NOT_SAID), usual.get(name, _NOT_SAID)) for name in names}
        different = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
        # Older versions did not say which items they measured on, and other data have other items anyhow.
        if _NOT_SAID in different.get("items", ()) or len(different) > 1:
            different.pop("items", None)
        return different

    def best(self, metric: str) -> frozenset[int]:
        """The places of the runs with the best value among two or more measured under the same conditions."""
        better = self.better(metric)
        values = {
            run: kept.measurement.value
            for run, kept in self.column(metric).items()
            if not self.differences(run, metric)
        }
        if better == "none" or len(values) < 2:
            return frozenset()
        best = min(values.values()) if better == "lower" else max(values.values())
        return frozenset(run for run, value in values.items() if value == best)

    def sentences(self) -> tuple[str, ...]:
        """What a reader must know of the table: damaged files, runs of other data, which values differ in what."""
        return (*self.damages, *self._about_data(), *self._about_columns())

    def _about_data(self) -> list[str]:
        data = list(dict.fromkeys((run.data, run.fingerprint) for run in self.runs))
        if len(data) < 2:
            return []
        is_ambiguous = len({name for name, _ in data}) < len(data)
        told = "; ".join(
            f"{name}{f' ({print_[:8]})' if is_ambiguous else ''}: "
            + ", ".join(run.name for run in self.runs if (run.data, run.fingerprint) == (name, print_))
            for name, print_ in data
        )
        return [f"These runs learned from different data ({told}), so a better number need not mean a better model."]

    def _about_columns(self) -> list[str]:
        told = []
        for metric in self.metrics:
            alike: dict[str, list[str]] = {}
            for run in self.column(metric):
                different = self.differences(run, metric)
                what = ", ".join(_difference(name.replace("_", " "), *pair) for name, pair in different.items())
                if what:
                    alike.setdefault(what, []).append(self.runs[run].name)
            told += [
                f"{metric} of {', '.join(names)} was measured otherwise and not compared with the others: {what}."
                for what, names in alike.items()
            ]
        if any(_is_embedded(kept) for kept in self.cells.values()):
            told.append("Distances by the embedded classifier compare with each other only, never with published ones.")
        return told


def _conditions(kept: KeptMeasurement) -> dict[str, str]:
    measured = kept.measurement
    weightless = _OF_NO_WEIGHT | _weightless(measured.name)
    settings = {
        name: str(value)
        for name, value in measured.settings.items()
        if name not in weightless and not name.startswith(_FOUND)
    }
    count = {} if "samples" in settings else {"count": f"{measured.count:,}"}
    told = {"data": kept.data, **settings, "split": kept.split, **count, "unit": measured.unit}
    return {**told, "items": kept.fingerprint[:8]} if kept.fingerprint else told


def table_of_runs(
    paths: Sequence[Path], metrics: Sequence[str] | None = None, split: Split = "test", *, alike: bool = False
) -> MeasurementTable:
    """What is measured already of the checkpoints that paths name: run folders, checkpoint files or paths in runs.

    metrics: the columns and their order; None for all that any of them has. Of several measurements of one metric a
    cell shows that on the split named, of the most items, with the most importance samples, the newest.
    alike: those come first that every run with the metric has under the same conditions.
    Raises `UsageError` for a path that names none.
    """
    if not paths:
        raise UsageError("Name at least one run or checkpoint.")
    runs = tuple(compared_run(path) for path in paths)
    stores = [MeasurementStore(run.checkpoint) for run in runs]
    measured = [sorted(store.all(), key=lambda kept: _weight(kept, split)) for store in stores]
    cells = {(place, kept.measurement.name): kept for place, of_run in enumerate(measured) for kept in of_run}
    if alike:
        cells |= _alike(measured)
    known = sorted({name for _, name in cells})
    chosen = tuple(dict.fromkeys(metrics)) if metrics else tuple(known)
    damages = tuple(dict.fromkeys(told for store in stores for told in store.damages()))
    shown = {place: kept for place, kept in cells.items() if place[1] in chosen}
    return MeasurementTable(runs, chosen, shown, damages)


def _alike(measured: Sequence[Sequence[KeptMeasurement]]) -> dict[tuple[int, str], KeptMeasurement]:
    """The weightiest measurements that all runs with the metric have; in `measured` they come last."""
    found: dict[str, dict[int, dict[frozenset[tuple[str, str]], KeptMeasurement]]] = {}
    for place, of_run in enumerate(measured):
        for kept in of_run:
            told = frozenset(_conditions(kept).items())
            found.setdefault(kept.measurement.name, {}).setdefault(place, {})[told] = kept
    cells = {}
    for name, of_metric in found.items():
        first, *others = of_metric.values()
        shared = [told for told in first if all(told in other for other in others)]
        if shared:
            cells.update({(place, name): of_run[shared[-1]] for place, of_run in of_metric.items()})
    return cells


def compared_run(path: Path) -> ComparedRun:
    """The row of the checkpoint that a path names; raises `UsageError`."""
    checkpoint = find_checkpoint(path)
    header = read_header(checkpoint)
    try:
        name = run_around(checkpoint).absolute().name
    except UsageError:
        name = checkpoint.stem
    return ComparedRun(
        name=name,
        title=header.title,
        model=header.model,
        data=header.data.name,
        fingerprint=header.data.fingerprint,
        epoch=header.training.epoch,
        checkpoint=checkpoint,
        digest=header.digest,
        condition=header.condition.kind,
    )


def _weight(kept: KeptMeasurement, split: Split) -> tuple[bool, int, float]:
    samples = kept.measurement.settings.get("importance_samples", 0)
    return kept.split == split, kept.measurement.count, float(samples) if isinstance(samples, int | float) else 0.0


def _difference(name: str, own: str, usual: str) -> str:
    if usual == _NOT_SAID:
        return f"{name} {own}"
    return f"without {name} {usual}" if own == _NOT_SAID else f"{name} {own} instead of {usual}"


def _weightless(metric: str) -> frozenset[str]:
    weighs = metric not in METRICS or METRICS[metric].weighs_binarisation
    return frozenset() if weighs else frozenset({"binarisation"})


def _is_embedded(kept: KeptMeasurement) -> bool:
    settings = kept.measurement.settings
    return "resize" in settings and str(settings.get("extractor", "")).startswith("embedded classifier")
