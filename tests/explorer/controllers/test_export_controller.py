"""Exports and the clipboard."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from explorer.controllers.export_controller import ExportController, image_of, pixels_of
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedPicture
from explorer.services.picture_files import PictureJob
from explorer.services.samples import DrawnSamples
from explorer.views.export_dialog import ExportDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.conftest import JobsStandIn, MapStandIn, Open, StandIn

PICTURE = np.array([[[10], [20]], [[30], [40]]], dtype=np.uint8)
SAMPLES = DrawnSamples(np.zeros((4, 2), dtype=np.float32), np.stack([PICTURE] * 4), np.zeros((4, 0), np.float32))


@pytest.fixture
def window(qtbot: "QtBot") -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def source(panel: "StandIn") -> "StandIn":
    """Stands in for both controllers that hold pictures."""
    panel.picture = panel.samples = None  # type: ignore[attr-defined]
    return panel


@pytest.fixture
def controller(
    planner: Planner,
    source: "StandIn",
    latent_map: "MapStandIn",
    jobs: "JobsStandIn",
    window: QWidget,
) -> ExportController:
    return ExportController(planner, source, source, latent_map, jobs, window)  # type: ignore[arg-type]


@pytest.fixture
def shown(planner: Planner, source: "StandIn", latent_map: "MapStandIn", opened: "Open") -> None:
    planner.set_opened(opened(), code=(0.5, 1.0))
    source.picture = DecodedPicture((0.5, 1.0), PICTURE, 1.0)  # type: ignore[attr-defined]
    source.samples = SAMPLES  # type: ignore[attr-defined]
    image = QImage(6, 4, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 100, 50))
    latent_map.answers["picture"] = image


@pytest.mark.usefixtures("shown")
def test_the_decoded_picture_is_written_enlarged_with_its_code(
    controller: ExportController, jobs: "JobsStandIn", tmp_path: Path
) -> None:
    controller.export("decoded", str(tmp_path / "a.png"), 2)
    job = jobs.functions(PictureJob)[0]
    assert job.path == tmp_path / "a.png"
    assert (job.picture == PICTURE.repeat(2, 0).repeat(2, 1)).all()
    assert job.texts["Code"] == "0.5, 1.0"


@pytest.mark.usefixtures("shown")
def test_map_and_samples_are_pictures_too(controller: ExportController, latent_map: "MapStandIn") -> None:
    picture = controller.picture("map", 3)
    assert picture is not None
    assert picture.shape == (4, 6, 3)
    assert picture[0, 0].tolist() == [200, 100, 50]
    assert latent_map.given("picture") == [(3,)]
    sheet = controller.picture("samples", 1)
    assert sheet is not None
    assert {10, 20, 30, 40} <= set(sheet.ravel().tolist())


@pytest.mark.usefixtures("shown")
def test_points_are_one_picture_and_columns_stay_columns(controller: ExportController, source: "StandIn") -> None:
    one = np.arange(75, dtype=np.uint8).reshape(1, 5, 5, 3)
    source.samples = replace(SAMPLES, points=np.zeros((4, 2), np.float32), sheet=one)  # type: ignore[attr-defined]
    points = controller.picture("samples", 2)
    assert points is not None
    assert (points == one[0].repeat(2, 0).repeat(2, 1)).all()
    source.samples = replace(SAMPLES, column_titles=("a", "b", "c", "d"))  # type: ignore[attr-defined]
    row = controller.picture("samples", 1)
    assert row is not None
    assert row.shape[0] == PICTURE.shape[0]
    assert row.shape[1] > 4 * PICTURE.shape[1]


@pytest.mark.usefixtures("shown")
def test_the_outcome_is_told(controller: ExportController, jobs: "JobsStandIn", tmp_path: Path) -> None:
    told: list[str] = []
    failed: list[str] = []
    controller.told.connect(told.append)
    controller.failed.connect(failed.append)
    for _ in range(2):
        controller.export("decoded", str(tmp_path / "a.png"), 1)
    good, bad = jobs.functions(PictureJob)
    jobs.end(good, tmp_path / "a.png")
    jobs.end(bad, error="The disk is full.")
    assert told == [f"Written to {tmp_path / 'a.png'}."]
    assert failed == ["The disk is full."]


@pytest.mark.usefixtures("shown")
def test_the_dialog_asks_for_the_subject_it_was_opened_for(
    controller: ExportController, window: QWidget, jobs: "JobsStandIn", tmp_path: Path
) -> None:
    controller.export_samples()
    dialog = window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.export_chosen.emit(str(tmp_path / "s.png"), 1)
    dialog.close()
    expected = controller.picture("samples", 1)
    assert expected is not None
    assert (jobs.functions(PictureJob)[0].picture == expected).all()


@pytest.mark.usefixtures("shown")
def test_copies_are_large_enough_to_be_seen(controller: ExportController) -> None:
    told: list[str] = []
    controller.told.connect(told.append)
    controller.copy_decoded()
    assert told == ["Copied the decoded picture to the clipboard."]
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (512, 512)
    assert pixels_of(image)[0, 0].tolist() == [10, 10, 10]


def test_without_a_model_there_is_nothing_to_export(controller: ExportController, tmp_path: Path) -> None:
    failed: list[str] = []
    controller.failed.connect(failed.append)
    controller.export_decoded()
    controller.copy_map()
    controller.export("samples", str(tmp_path / "s.png"), 1)
    assert failed == ["There is nothing to export yet; open a model first."] * 3


@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_survive_being_an_image(channels: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, channels), dtype=np.uint8)
    back = pixels_of(image_of(picture))
    assert (back == picture).all()
