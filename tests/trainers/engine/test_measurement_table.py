import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from trainers.engine import measurement_table
from trainers.engine.kept_measurements import KeptMeasurement
from trainers.engine.measurement_table import ComparedRun, MeasurementTable, table_of_runs
from trainers.engine.measurement_texts import as_csv, as_latex, as_markdown, as_values, value_text
from trainers.errors import UsageError
from trainers.metrics.metric import Direction, Measurement


def run(name: str, data: str = "mnist", fingerprint: str = "f1") -> ComparedRun:
    return ComparedRun(name, f"vae / {data}, epoch 5", "vae", data, fingerprint, 5.0, Path(name), f"digest of {name}")


def kept(
    metric: str,
    value: float,
    error: float | None = None,
    better: Direction = "lower",
    count: int = 1000,
    split: str = "test",
    **settings: str | int | float,
) -> KeptMeasurement:
    measured = Measurement(metric, value, "units", better, error, count, {"extractor": "net_1, 99 %", **settings})
    return KeptMeasurement(measured, "mnist", split, "digest")


def table_of(*values: KeptMeasurement | None, data: tuple[str, ...] = ()) -> MeasurementTable:
    """One column, a run per value."""
    names = data or ("mnist",) * len(values)
    runs = tuple(run(f"run_{place}", names[place]) for place in range(len(values)))
    return MeasurementTable(runs, ("fid",), {(place, "fid"): one for place, one in enumerate(values) if one})


def test_the_best_value_goes_by_the_direction() -> None:
    assert table_of(kept("fid", 3.0), kept("fid", 2.0), kept("fid", 2.0)).best("fid") == {1, 2}
    assert table_of(kept("fid", 3.0, better="higher"), None, kept("fid", 2.0, better="higher")).best("fid") == {0}
    assert table_of(kept("fid", 3.0, better="none"), kept("fid", 2.0, better="none")).best("fid") == frozenset()
    assert table_of(kept("fid", 3.0), None).best("fid") == frozenset()


def test_values_of_other_conditions_are_neither_the_best_nor_silent() -> None:
    table = table_of(kept("fid", 3.0), kept("fid", 1.0, count=100, seed=1), kept("fid", 4.0, seed=1))
    assert table.best("fid") == {0}
    assert table.differences(1, "fid") == {"count": ("100", "1,000")}
    assert table.differences(2, "fid") == {}
    assert table.sentences() == (
        "fid of run_1 was measured otherwise and not compared with the others: count 100 instead of 1,000.",
    )
    assert "1\\*" in as_markdown(table)


def test_a_setting_that_only_one_of_them_has_is_a_difference() -> None:
    table = table_of(kept("fid", 3.0), kept("fid", 4.0), kept("fid", 1.0, importance_samples=5))
    assert table.differences(2, "fid") == {"importance_samples": ("5", "not said")}
    assert table.sentences()[0].endswith("with the others: importance samples 5.")
    table = table_of(*(kept("fid", 3.0, steps=2) for _ in range(2)), kept("fid", 1.0))
    assert table.sentences()[0].endswith("with the others: without steps 2.")


def test_runs_that_differ_alike_share_a_sentence() -> None:
    values = [kept("fid", 3.0, samples=10_000), *(kept("fid", 1.0, count=5, samples=5) for _ in range(2))]
    table = table_of(values[0], *values)
    text = "fid of run_2, run_3 was measured otherwise and not compared with the others: samples 5 instead of 10000."
    assert table.sentences() == (text,)


def test_distances_by_the_embedded_classifier_are_not_those_of_papers() -> None:
    value = kept("fid", 3.0, resize="none")
    measured = replace(
        value.measurement, settings={**value.measurement.settings, "extractor": "embedded classifier, 9"}
    )
    assert "never with published ones" in table_of(replace(value, measurement=measured)).sentences()[-1]
    assert table_of(value).sentences() == ()


def test_how_items_were_binarised_weighs_only_where_they_are_part_of_the_number() -> None:
    for metric, names in (("mode_coverage", []), ("elbo", ["binarisation"])):
        cells = {(place, metric): kept(metric, 1.0, binarisation=kind) for place, kind in enumerate(["none", "static"])}
        table = MeasurementTable((run("one"), run("two")), (metric,), cells)
        assert list(table.differences(1, metric)) == names


@pytest.mark.parametrize("metric", ["elbo", "iw_bound", "log_likelihood", "bits_per_dimension"])
def test_a_likelihood_of_items_whose_class_is_told_is_another_number(metric: str) -> None:
    runs = (run("plain"), run("other"), replace(run("told"), condition="classes"))
    cells = {(place, metric): kept(metric, 80.0 - place) for place in range(3)}
    table = MeasurementTable(runs, (metric,), cells)
    assert table.best(metric) == {1}
    sentence = (
        f"{metric} of told was measured otherwise and not compared with the others: of log p(x | class) instead of "
        "log p(x)."
    )
    assert table.sentences() == (sentence,)
    assert f"- {sentence}" in as_markdown(table).replace("\\|", "|")
    assert as_values(table)["sentences"] == [sentence]
    alike = MeasurementTable((runs[2], replace(runs[2], name="also")), (metric,), cells)
    assert alike.sentences() == ()
    assert "of log p(x | class)" in as_markdown(alike).replace("\\|", "|")


def test_what_is_no_likelihood_is_compared_whatever_the_model_is_told() -> None:
    runs = (run("plain"), replace(run("told"), condition="attributes"))
    table = MeasurementTable(runs, ("psnr",), {(place, "psnr"): kept("psnr", 1.0 + place) for place in range(2)})
    assert table.best("psnr") == {0}
    assert table.sentences() == ()


def test_other_items_of_the_same_name_are_another_condition() -> None:
    values = [replace(kept("fid", 3.0 - place), fingerprint=name) for place, name in enumerate(["a", "a", "b", ""])]
    table = table_of(*values)
    assert table.differences(2, "fid") == {"items": ("b", "a")}
    assert table.differences(3, "fid") == {}
    assert table.best("fid") == {3}


def test_different_data_are_said_in_a_sentence() -> None:
    table = table_of(kept("fid", 3.0), kept("fid", 4.0), data=("mnist", "moons"))
    (sentence,) = table.sentences()
    assert "learned from different data (mnist: run_0; moons: run_1)" in sentence
    runs = (run("one"), run("two", fingerprint="another one"))
    (sentence,) = MeasurementTable(runs, (), {}).sentences()
    assert "mnist (f1): one; mnist (another ): two" in sentence
    assert table_of(kept("fid", 3.0), kept("fid", 4.0)).sentences() == ()


def test_markdown_has_direction_uncertainty_extractor_and_the_best() -> None:
    text = as_markdown(table_of(kept("fid", 3.14159, 0.012), kept("fid", 2.5), None))
    assert text.splitlines()[:5] == [
        "| run | fid ↓ |",
        "| --- | ---: |",
        "| run_0 (vae / mnist, epoch 5) | 3.142 ± 0.012 |",
        "| run_1 (vae / mnist, epoch 5) | **2.5** |",
        "| run_2 (vae / mnist, epoch 5) | – |",
    ]
    assert "- fid: units, lower is better; data mnist, extractor net_1, 99 %, split test, count 1,000" in text


def test_latex_is_escaped_and_complete() -> None:
    lines = as_latex(table_of(kept("fid", -3.14159, 0.012), kept("fid", 2.5))).splitlines()
    assert lines[0].startswith("% fid: units")
    assert lines[1:] == [
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"run & fid $\downarrow$ \\",
        r" & \scriptsize net\_1 \\",
        r"\midrule",
        r"run\_0 & \textbf{$-$3.142 $\pm$ 0.012} \\",
        r"run\_1 & 2.5 \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_csv_has_a_line_per_value_with_its_settings() -> None:
    table = table_of(kept("fid", 3.0, 0.5, resize="299×299"), kept("fid", 0.1, resize="299×299"))
    rows = list(csv.DictReader(io.StringIO(as_csv(table))))
    assert [(row["run"], row["value"], row["standard_error"], row["best"]) for row in rows] == [
        ("run_0", "3.0", "0.5", ""),
        ("run_1", "0.1", "", "yes"),
    ]
    assert json.loads(rows[0]["settings"])["resize"] == "299×299"
    assert rows[0]["extractor"] == "net_1, 99 %"


def test_values_for_a_program_are_json() -> None:
    values = json.loads(json.dumps(as_values(table_of(kept("fid", 3.0), kept("fid", 2.0), None))))
    assert [list(told["metrics"]) for told in values["runs"]] == [["fid"], ["fid"], []]
    assert values["best"] == {"fid": ["run_1"]}
    assert values["runs"][0]["metrics"]["fid"]["settings"]["extractor"] == "net_1, 99 %"


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        (12.3456, 0.0123, ("12.346", "0.012")),
        (1234.5678, 12.0, ("1235", "12")),
        (10.0, None, ("10", "")),
        (0.0025568, None, ("0.002557", "")),
        (-81.0, float("nan"), ("-81", "")),
        (float("inf"), 0.1, ("inf", "")),
        (1.234e-9, 5.6e-11, ("1.2e-09", "5.6e-11")),
    ],
)
def test_numbers_have_the_digits_that_are_certain(value: float, error: float | None, expected: tuple[str, str]) -> None:
    assert value_text(Measurement("m", value, "u", "none", error, 1)) == expected


def test_values_measured_alike_come_before_weightier_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {
        "a": [kept("fid", 1.0, count=50), kept("fid", 2.0, count=100), kept("fid", 3.0, count=500), kept("kid", 4.0)],
        "b": [kept("fid", 5.0, count=100), kept("fid", 6.0, count=50), kept("psnr", 7.0, count=5)],
        "c": [kept("fid", 8.0, count=50), kept("fid", 9.0, count=100), kept("psnr", 10.0, count=9)],
    }
    monkeypatch.setattr(measurement_table, "compared_run", lambda path: run(path.name))
    stores = {name: SimpleNamespace(all=lambda of_run=of_run: of_run, damages=tuple) for name, of_run in known.items()}
    monkeypatch.setattr(measurement_table, "MeasurementStore", lambda path: stores[path.name])
    paths = [Path(name) for name in known]

    def values(alike: bool) -> dict[tuple[int, str], float]:
        cells = table_of_runs(paths, alike=alike).cells
        return {place: one.measurement.value for place, one in cells.items()}

    alone = {(0, "kid"): 4.0, (1, "psnr"): 7.0, (2, "psnr"): 10.0}
    assert values(alike=True) == {(0, "fid"): 2.0, (1, "fid"): 5.0, (2, "fid"): 9.0, **alone}
    assert values(alike=False) == {(0, "fid"): 3.0, (1, "fid"): 5.0, (2, "fid"): 9.0, **alone}


def test_no_runs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least one run"):
        table_of_runs([])
    with pytest.raises(UsageError, match="no run folder and no checkpoint"):
        table_of_runs([tmp_path / "nothing"])
