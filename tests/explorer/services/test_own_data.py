"""A person's own data: which paths may be such, and what is said of them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.services.own_data import FoundData, OwnDataJob, may_be_data
from trainers.engine.checkpoint import RUN_FILE
from trainers.errors import UsageError
from trainers.reporting import never, no_report


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of two classes, 20 grey images of 5 × 4 pixels each."""
    folder = tmp_path / "pictures"
    for name in ("dark", "light"):
        (folder / name).mkdir(parents=True)
        for number in range(20):
            pixels = np.random.default_rng(number).integers(0, 256, (4, 5), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


@pytest.mark.usefixtures("cache_of_the_session")
def test_what_is_in_a_folder_is_said(pictures: Path) -> None:
    found = OwnDataJob(str(pictures))(no_report, never)
    assert found == FoundData(str(pictures), "pictures: 40 images, 5×4 grey, 2 classes")
    (pictures / "light" / "broken.png").write_text("no picture")
    text = OwnDataJob(str(pictures))(no_report, never).text
    assert text.startswith(f"{found.text}. One file could not be used, or only in part; light/broken.png")


@pytest.mark.usefixtures("cache_of_the_session")
def test_what_is_in_a_table_is_said(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("".join(f"{number},{number % 7}\n" for number in range(50)))
    assert OwnDataJob(str(table))(no_report, never).text == "points.csv: 50 points"
    table.write_text("1,2,3\n")
    with pytest.raises(UsageError, match="exactly two"):
        OwnDataJob(str(table))(no_report, never)


def test_folders_of_runs_and_other_files_are_no_data(tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / "checkpoints").mkdir(parents=True)
    (run / RUN_FILE).write_text("{}")
    (tmp_path / "a.zip").write_bytes(b"")
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    names = ("run", "run/checkpoints", "a.zip", "a.txt", "folder", "gone.csv")
    assert [name for name in names if may_be_data(str(tmp_path / name))] == ["a.zip", "folder"]
