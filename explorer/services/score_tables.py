"""How unusual a model finds each test item, as comma-separated values."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.services.anomalies import ScoredItems
from trainers.atomic_writing import write_atomically
from trainers.reporting import Report, StopRequested


@dataclass(frozen=True, eq=False)
class ScoresJob:
    """Writes the score of every item, as a function for a job.

    Columns: the item's place in the split, its class, the score, higher for what is less usual, and whether it counts
    as anomalous (1 or 0). An item that has no finite score has none. class_name: of those that do.
    Raises `FailureError` where the file cannot be written.
    """

    scored: ScoredItems
    class_name: str
    file: Path

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> Path:
        """The file."""
        write_atomically(self.file, scores_text(self.scored, self.class_name).encode())
        return self.file


def scores_text(scored: ScoredItems, class_name: str) -> str:
    """The table as text."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("item", "class", scored.what, "anomalous"))
    names = scored.items.class_names_of(np.arange(len(scored.scores)))
    for place, (name, score) in enumerate(zip(names, scored.scores.tolist(), strict=True)):
        table.writerow((place, name, f"{score:.9g}" if np.isfinite(score) else "", int(name == class_name)))
    return text.getvalue()
