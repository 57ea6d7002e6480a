from pathlib import Path

import pytest
from PIL import Image

from trainers.data.description import describe
from trainers.errors import FailureError


def test_embedded_dataset() -> None:
    description = describe("digits")
    assert description.train.count + description.test.count == 1797
    assert sum(description.test.class_counts.values()) == description.test.count
    assert description.train.class_counts["3"] == 146
    assert description.problems == ()


def test_folder_shows_problems_at_every_look(tmp_path: Path, own_cache: Path) -> None:
    for number in range(6):
        folder = tmp_path / "images" / ("odd" if number % 2 else "even")
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4), 40 * number).save(folder / f"{number}.png")
    (tmp_path / "images" / "odd" / "notes.txt").write_text("not an image", encoding="utf-8")
    for _look in range(2):
        description = describe(str(tmp_path / "images"))
        classes = (description.train.class_counts, description.test.class_counts)
        assert {name: sum(counts[name] for counts in classes) for name in ("even", "odd")} == {"even": 3, "odd": 3}
        assert [problem.path for problem in description.problems] == ["odd/notes.txt"]


def test_flat_folder_has_no_class_counts(tmp_path: Path, own_cache: Path) -> None:
    for number in range(4):
        Image.new("RGB", (4, 4), (number, 0, 0)).save(tmp_path / f"{number}.png")
    description = describe(str(tmp_path))
    assert description.train.class_counts == {}
    assert description.train.count + description.test.count == 4


def test_missing_dataset_says_what_to_do(own_data: Path) -> None:
    with pytest.raises(FailureError, match="data get kmnist"):
        describe("kmnist")
