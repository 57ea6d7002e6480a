"""Where own pictures come from: files, the dialog, the clipboard."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from explorer.controllers.own_picture_intake import OwnPictureIntake
from explorer.controllers.planner import Planner
from explorer.services.own_pictures import FittingJob
from explorer.state.own_picture import OwnPicture
from explorer.state.session_store import SessionStore
from trainers.data.image_decoding import decode_image
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import FilesStandIn, JobsStandIn

OWN = OwnPicture("a.png", "…", (1, 8, 8))


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def pasted() -> list[str]:
    return []


@pytest.fixture
def intake(
    store: SessionStore,
    planner: Planner,
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    heard: list[str],
    pasted: list[str],
    qapp: QApplication,
) -> OwnPictureIntake:
    made = OwnPictureIntake(store, planner, jobs, files)  # type: ignore[arg-type]
    made.failed.connect(heard.append)
    made.file_pasted.connect(pasted.append)
    return made


def test_a_fitted_picture_becomes_one_step_of_the_session(
    intake: OwnPictureIntake, store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    intake.take_file("/somewhere/a.png")
    (job,) = jobs.functions(FittingJob)
    assert (job.name, job.shape) == ("a.png", (1, 8, 8))
    jobs.end(job, OWN)
    assert store.state.own_picture == OWN
    store.undo()
    assert store.state.own_picture is None


def test_a_newer_picture_takes_the_place_of_one_that_is_still_read(
    intake: OwnPictureIntake, store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    intake.take_file("/somewhere/a.png")
    intake.take_file("/somewhere/b.png")
    first, second = jobs.functions(FittingJob)
    assert jobs.made[0].cancelled
    jobs.end(first, cancelled=True)
    assert store.state.own_picture is None
    jobs.end(second, OWN)
    assert store.state.own_picture == OWN


def test_the_dialog_offers_pictures_and_takes_one(
    intake: OwnPictureIntake, planner: Planner, jobs: "JobsStandIn", files: "FilesStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    intake.ask_file()
    purpose, title, filters = files.last("ask_file")
    assert title == "Open a picture"
    assert "*.png" in filters
    files.chosen.emit("another purpose", "/x.png")
    files.chosen.emit(purpose, "/b.png")
    assert [job.name for job in jobs.functions(FittingJob)] == ["b.png"]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (None, "Open a model of images first"),
        ({"image_shape": (2,), "frame": (0.0, 0.0, 1.0, 1.0)}, "This model learned from points"),
    ],
)
def test_without_a_model_of_images_it_says_so(
    intake: OwnPictureIntake,
    planner: Planner,
    jobs: "JobsStandIn",
    opened: "Open",
    heard: list[str],
    facts: dict[str, object] | None,
    sentence: str,
) -> None:
    if facts is not None:
        planner.set_opened(opened(**facts))
    intake.take_file("/a.png")
    assert sentence in heard[0]
    assert not jobs.functions(FittingJob)


def test_a_picture_that_cannot_be_used_changes_nothing(
    intake: OwnPictureIntake,
    store: SessionStore,
    planner: Planner,
    jobs: "JobsStandIn",
    opened: "Open",
    heard: list[str],
) -> None:
    planner.set_opened(opened())
    before = store.state
    intake.take_file("/a.png")
    jobs.end(jobs.functions(FittingJob)[0], error="a.png is damaged; choose another picture.")
    assert heard == ["a.png is damaged; choose another picture."]
    assert store.state == before


def test_a_copied_picture_is_pasted_pixel_by_pixel(
    intake: OwnPictureIntake, planner: Planner, jobs: "JobsStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    image.setPixelColor(3, 2, QColor(200, 100, 50))
    QGuiApplication.clipboard().setImage(image)
    intake.paste()
    (job,) = jobs.functions(FittingJob)
    assert job.name == "clipboard"
    pixels = decode_image(job.opener, 8, 8, grey=False)
    assert pixels[:, 2, 3].tolist() == [200, 100, 50]
    assert pixels[:, 0, 0].tolist() == [10, 20, 30]
    assert job(no_report, never).shape == (1, 8, 8)


def test_a_copied_file_goes_the_way_of_a_dropped_one(
    intake: OwnPictureIntake, jobs: "JobsStandIn", pasted: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "a.png"
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(file)
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(file))])
    QGuiApplication.clipboard().setMimeData(content)
    intake.paste()
    assert pasted == [str(file)]
    assert not jobs.functions(FittingJob)


@pytest.mark.parametrize("text", ["", "no picture"])
def test_an_empty_clipboard_is_said(
    intake: OwnPictureIntake, planner: Planner, jobs: "JobsStandIn", opened: "Open", heard: list[str], text: str
) -> None:
    planner.set_opened(opened())
    QGuiApplication.clipboard().clear()
    if text:
        QGuiApplication.clipboard().setText(text)
    intake.paste()
    assert heard == ["There is no picture on the clipboard; copy one and paste again."]
    assert not jobs.functions(FittingJob)
