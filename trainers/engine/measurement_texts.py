"""A table of measurements as text for a page, a paper or a spreadsheet, and as JSON has it."""

import csv
import io
import json
import math
import re
from collections.abc import Callable
from typing import Any

from trainers.engine.measurement_table import MeasurementTable
from trainers.metrics.metric import Measurement

_ARROWS = {"lower": "↓", "higher": "↑", "none": ""}
_LATEX_ARROWS = {"lower": r" $\downarrow$", "higher": r" $\uparrow$", "none": ""}
_LATEX_NAMES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_LATEX_SIGNS = {"…": r"\ldots{}", "×": r"$\times$", "²": r"\textsuperscript{2}", "±": r"$\pm$"}
_DIGITS = 4
_MOST_PLACES = 7


def as_markdown(table: MeasurementTable) -> str:
    """A table with a row per run, the best value of each column in bold, and below it what the columns are."""
    header = ["run", *(f"{metric} {_ARROWS[table.better(metric)]}".strip() for metric in table.metrics)]
    lines = [header, ["---", *("---:" for _ in table.metrics)]]
    for place, run in enumerate(table.runs):
        cells = [_cell(table, place, metric, lambda text: f"**{text}**", " ± ", "\\*") for metric in table.metrics]
        lines.append([_plain(f"{run.name} ({run.title})"), *cells])
    written = [f"| {' | '.join(line)} |" for line in lines]
    notes = [f"- {_plain(note)}" for note in (*column_notes(table), *table.sentences())]
    return "\n".join([*written, "", *notes]).rstrip() + "\n"


def as_latex(table: MeasurementTable) -> str:
    """A `tabular` for the package booktabs with the notes as comments above it."""
    notes = [f"% {note}" for note in (*column_notes(table), *table.sentences())]
    titles = [f"{_latex(metric)}{_LATEX_ARROWS[table.better(metric)]}" for metric in table.metrics]
    lines = [*notes, rf"\begin{{tabular}}{{l{'r' * len(titles)}}}", r"\toprule", _latex_row(["run", *titles])]
    # The short name; the notes have the whole one.
    extractors = [_latex(table.extractor(metric).partition(",")[0]) for metric in table.metrics]
    if any(extractors):
        lines.append(_latex_row(["", *(rf"\scriptsize {name}" if name else "" for name in extractors)]))
    lines.append(r"\midrule")
    for place, run in enumerate(table.runs):
        cells = [
            _cell(table, place, metric, lambda text: rf"\textbf{{{text}}}", r" $\pm$ ", r"$^{*}$")
            for metric in table.metrics
        ]
        # A hyphen is no minus sign there.
        cells = [re.sub(r"(^|\{)-(?=\d)", r"\1$-$", cell) for cell in cells]
        lines.append(_latex_row([_latex(run.name), *cells]))
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


def as_csv(table: MeasurementTable) -> str:
    """A line per value with all that belongs to it; settings are a JSON object in the last column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = ["run", "model", "training_data", "epoch", "metric", "value", "standard_error", "unit", "better", "count"]
    writer.writerow([*names, "best", "extractor", "data", "split", "checkpoint", "settings"])
    for place, run in enumerate(table.runs):
        for metric in table.metrics:
            kept = table.cell(place, metric)
            if kept is None:
                continue
            told = kept.measurement
            error = "" if told.standard_error is None else repr(told.standard_error)
            best = "yes" if place in table.best(metric) else ""
            extractor, settings = (
                told.settings.get("extractor", ""),
                json.dumps(dict(told.settings), ensure_ascii=False),
            )
            about = (run.name, run.model, run.data, f"{run.epoch:g}", metric)
            value = (repr(told.value), error, told.unit, told.better, told.count, best)
            writer.writerow([*about, *value, extractor, kept.data, kept.split, run.digest, settings])
    return out.getvalue()


def as_values(table: MeasurementTable) -> dict[str, Any]:
    """The table for a program: runs with their measurements, the best of each metric, and the sentences."""
    runs = []
    for place, run in enumerate(table.runs):
        measured = {name: kept.row() for name in table.metrics if (kept := table.cell(place, name)) is not None}
        about = {"name": run.name, "title": run.title, "model": run.model, "data": run.data, "epoch": run.epoch}
        about["condition"] = run.condition
        runs.append({**about, "checkpoint": str(run.checkpoint), "digest": run.digest, "metrics": measured})
    best = {name: [table.runs[place].name for place in sorted(table.best(name))] for name in table.metrics}
    return {"runs": runs, "metrics": list(table.metrics), "best": best, "sentences": list(table.sentences())}


def column_notes(table: MeasurementTable) -> tuple[str, ...]:
    """For each column its unit, its direction and the conditions most of its values were measured under."""
    notes = []
    for metric in table.metrics:
        if not table.column(metric):
            notes.append(f"{metric}: not measured")
            continue
        better = table.better(metric)
        direction = "neither direction is better" if better == "none" else f"{better} is better"
        told = {name: value for name, value in table.usual_conditions(metric).items() if name not in ("unit", "items")}
        listed = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told.items())
        notes.append(f"{metric}: {table.unit(metric)}, {direction}; {listed}")
    return tuple(notes)


def value_text(measurement: Measurement) -> tuple[str, str]:
    """A value and its standard error, empty without one, with as many digits as the error leaves certain."""
    error = measurement.standard_error
    if error is None or not 0.0 < error < math.inf or not math.isfinite(measurement.value):
        return _plain_number(measurement.value), ""
    places = max(0, 1 - math.floor(math.log10(error)))
    if places > _MOST_PLACES:
        return f"{measurement.value:.2g}", f"{error:.2g}"
    return f"{measurement.value:.{places}f}", f"{error:.{places}f}"


def _cell(
    table: MeasurementTable, place: int, metric: str, emphasised: Callable[[str], str], between: str, mark: str
) -> str:
    kept = table.cell(place, metric)
    if kept is None:
        return "–"
    value, error = value_text(kept.measurement)
    text = f"{value}{between}{error}" if error else value
    text = emphasised(text) if place in table.best(metric) else text
    return f"{text}{mark}" if table.differences(place, metric) else text


def _plain_number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e6 else f"{value:.{_DIGITS}g}"


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _latex_row(cells: list[str]) -> str:
    return " & ".join(cells) + r" \\"


def _latex(text: str) -> str:
    escaped = "".join(_LATEX_NAMES.get(sign, f"\\{sign}" if sign in "&%$#_{}" else sign) for sign in text)
    return "".join(_LATEX_SIGNS.get(sign, sign) for sign in escaped)
