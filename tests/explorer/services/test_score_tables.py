"""Scores of test items as a table."""

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.anomalies import AnomalyJob, ScoredItems
from explorer.services.data_items import DataItems
from explorer.services.score_tables import ScoresJob
from trainers.data.data_spec import DataSpec
from trainers.errors import FailureError

if TYPE_CHECKING:
    from pathlib import Path

SPEC = DataSpec(name="digits", shape=(1, 2, 2), class_names=("a", "b, c"))
ITEMS = DataItems(np.zeros((3, 1, 2, 2), np.uint8), np.array([0, 1, 0]), SPEC)
SCORED = ScoredItems(AnomalyJob("/a"), np.array([0.5, 123.25, np.nan]), ITEMS, "reconstruction error", "")


def test_every_item_has_a_row_with_its_score_and_whether_it_counts_as_anomalous(tmp_path: "Path") -> None:
    file = tmp_path / "scores.csv"
    assert ScoresJob(SCORED, "b, c", file)(lambda _share, _what: None, lambda: False) == file
    with file.open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["reconstruction error"] for row in rows] == ["0.5", "123.25", ""]
    assert [(row["item"], row["class"], row["anomalous"]) for row in rows] == [
        ("0", "a", "0"),
        ("1", "b, c", "1"),
        ("2", "a", "0"),
    ]


def test_a_file_that_cannot_be_written_is_said(tmp_path: "Path") -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FailureError, match="choose another"):
        ScoresJob(SCORED, "a", tmp_path / "file" / "scores.csv")(lambda _share, _what: None, lambda: False)
