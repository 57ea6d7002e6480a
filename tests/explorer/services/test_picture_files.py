"""Pictures as files: exact pixels, and nothing half written."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.services.picture_files import PictureJob, enlarged, sheet
from trainers.errors import FailureError
from trainers.reporting import never, no_report


def test_a_picture_is_written_with_its_texts(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    file = PictureJob(picture, tmp_path / "a.png", {"Model": "vae / digits"})(no_report, never)
    with Image.open(file) as image:
        assert (np.asarray(image) == picture).all()
        assert image.info["Model"] == "vae / digits"


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    job = PictureJob(np.zeros((2, 2, 1), dtype=np.uint8), tmp_path / "file" / "a.png", {})
    with pytest.raises(FailureError, match=r"a\.png"):
        job(no_report, never)


def test_enlarging_repeats_pixels() -> None:
    picture = np.array([[[1], [2]]], dtype=np.uint8)
    assert enlarged(picture, 2)[:, :, 0].tolist() == [[1, 1, 2, 2], [1, 1, 2, 2]]


def test_a_sheet_holds_every_picture() -> None:
    pictures = np.arange(1, 6, dtype=np.uint8).reshape(5, 1, 1, 1)
    assert set(range(1, 6)) <= set(sheet(pictures, 1).ravel().tolist())
