"""What is offered to be exported, written, copied, and told."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from explorer.controllers import exportables
from explorer.controllers.export_controller import ExportController, image_of
from explorer.controllers.exportables import pixels_of
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedPicture
from explorer.services.exports import Exportable, ExportJob, ViewJob
from explorer.services.samples import DrawnSamples
from explorer.state.export_values import ExportOptions
from explorer.state.map_values import MapView
from explorer.state.session_file import parse_session, session_values
from explorer.state.session_store import SessionStore
from explorer.views.export_dialog import ExportDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import JobsStandIn, MapStandIn, StandIn

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
    store: SessionStore,
    planner: Planner,
    source: "StandIn",
    latent_map: "MapStandIn",
    jobs: "JobsStandIn",
    window: QWidget,
) -> ExportController:
    return ExportController(store, planner, source, source, latent_map, jobs, window)  # type: ignore[arg-type]


@pytest.fixture
def shown(planner: Planner, source: "StandIn", latent_map: "MapStandIn", opened: "Open", seen: MapView) -> None:
    planner.set_opened(opened(), code=(0.5, 1.0))
    planner.set_seen(seen)
    source.picture = DecodedPicture((0.5, 1.0), PICTURE, 1.0)  # type: ignore[attr-defined]
    source.samples = SAMPLES  # type: ignore[attr-defined]
    image = QImage(6, 4, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 100, 50))
    latent_map.answers["picture"] = image


def dialog_of(window: QWidget) -> ExportDialog:
    found = window.findChild(ExportDialog)
    assert isinstance(found, ExportDialog)
    return found


def decoded(planner: Planner) -> Exportable:
    found = exportables.decoded(planner.plan, DecodedPicture((0.5, 1.0), PICTURE, 1.0))
    assert found is not None
    return found


@pytest.mark.usefixtures("shown")
def test_the_decoded_picture_is_drawn_from_its_code_with_the_state_of_the_window(
    controller: ExportController, jobs: "JobsStandIn", planner: Planner, store: SessionStore, tmp_path: Path
) -> None:
    controller.export(decoded(planner), str(tmp_path / "a.png"), ExportOptions(scale=3, background="black"))
    (job,) = jobs.functions(ExportJob)
    assert (job.file, job.checkpoint) == (tmp_path / "a.png", "/runs/a/checkpoints/1")
    assert (job.recipe.codes, job.recipe.scale, job.recipe.background) == (((0.5, 1.0),), 3, "black")
    assert job.state["state"]["model"] == "", "no path of this machine goes into a picture"
    restored = parse_session(json.dumps(job.state))
    assert restored == replace(store.state, model="")
    assert session_values(store.state) == job.state


@pytest.mark.usefixtures("shown")
def test_samples_keep_seed_temperature_and_titles(
    controller: ExportController, store: SessionStore, source: "StandIn", window: QWidget, jobs: "JobsStandIn"
) -> None:
    store.update(samples=replace(store.state.samples, seed=7, temperatures=(0.5,), rising=True))
    source.samples = replace(SAMPLES, column_titles=("a", "b"))  # type: ignore[attr-defined]
    controller.export_samples()
    dialog = dialog_of(window)
    dialog.export_chosen.emit("/tmp/s.png", ExportOptions(columns=2))
    dialog.close()
    recipe = jobs.functions(ExportJob)[0].recipe
    assert (recipe.seed, recipe.temperatures, recipe.column_titles) == (7, (0.5,), ("a", "b"))
    assert recipe.shares[-1] == 1.0


@pytest.mark.usefixtures("shown")
def test_tiles_cover_what_is_seen(
    controller: ExportController, planner: Planner, window: QWidget, jobs: "JobsStandIn"
) -> None:
    planner.set_seen(MapView(-1.0, 0.0, 3.0, 2.0, 800, 400))
    controller.export_map()
    dialog = dialog_of(window)
    dialog.export_chosen.emit("/tmp/m.png", ExportOptions(tiles=10))
    dialog.close()
    recipe = jobs.functions(ExportJob)[0].recipe
    assert recipe.view == (-1.0, 0.0, 3.0, 2.0)
    assert (recipe.columns, recipe.rows, recipe.gap) == (10, 5, 0)


@pytest.mark.usefixtures("shown")
def test_the_map_as_shown_is_a_picture_without_a_script(
    controller: ExportController, window: QWidget, jobs: "JobsStandIn", latent_map: "MapStandIn"
) -> None:
    controller.export_map_view()
    dialog = dialog_of(window)
    dialog.export_chosen.emit("/tmp/m.png", ExportOptions(scale=3))
    dialog.close()
    (job,) = jobs.functions(ViewJob)
    assert job.picture.shape == (4, 6, 3)
    assert latent_map.last("picture") == (3,)


@pytest.mark.usefixtures("shown")
def test_scripts_of_the_decoded_picture_are_copied(controller: ExportController) -> None:
    told: list[str] = []
    controller.told.connect(told.append)
    controller.copy_command()
    command = QGuiApplication.clipboard().text()
    assert command.startswith("latent-trainer export sheet /runs/a/checkpoints/1 --recipe '{")
    assert "[0.5,1.0]" in command
    controller.copy_python()
    assert "export_file(Path('/runs/a/checkpoints/1'), recipe, Path('decoded.png'))" in (
        QGuiApplication.clipboard().text()
    )
    assert told == [
        "Copied the command that makes the same pixels to the clipboard.",
        "Copied the Python script that makes the same pixels to the clipboard.",
    ]


@pytest.mark.usefixtures("shown")
def test_the_outcome_is_told(
    controller: ExportController, jobs: "JobsStandIn", planner: Planner, tmp_path: Path
) -> None:
    told: list[str] = []
    failed: list[str] = []
    controller.told.connect(told.append)
    controller.failed.connect(failed.append)
    for name in ("a.png", "b.png", "c.png"):
        controller.export(decoded(planner), str(tmp_path / name), ExportOptions())
    good, bad, given_up = jobs.functions(ExportJob)
    jobs.end(good, tmp_path / "a.png")
    jobs.end(bad, error="The disk is full.")
    jobs.end(given_up, cancelled=True)
    assert told == [f"Written to {tmp_path / 'a.png'}.", "Nothing was written."]
    assert failed == ["The disk is full."]


@pytest.mark.usefixtures("shown")
def test_what_takes_long_says_how_far_it_is_and_can_be_cancelled(
    controller: ExportController, jobs: "JobsStandIn", planner: Planner, tmp_path: Path
) -> None:
    offers: list[tuple[str, str, object]] = []
    controller.offered.connect(lambda *offer: offers.append(offer))
    controller.export(decoded(planner), str(tmp_path / "a.png"), ExportOptions())
    jobs.made[-1].progressed.emit(0.25, "frame 3 of 12")
    sentence, label, act = offers[-1]
    assert (sentence, label) == ("Exporting: 25%, frame 3 of 12", "Cancel")
    act()  # type: ignore[operator]
    assert jobs.made[-1].cancelled == 1


@pytest.mark.usefixtures("shown")
def test_points_are_one_picture_and_columns_stay_columns(planner: Planner, store: SessionStore) -> None:
    one = np.arange(75, dtype=np.uint8).reshape(1, 5, 5, 3)
    choice = store.state.samples
    points = exportables.samples(planner.plan, choice, replace(SAMPLES, points=np.zeros((4, 2), np.float32), sheet=one))
    assert points is not None
    assert (points.picture(2) == one[0].repeat(2, 0).repeat(2, 1)).all()
    row = exportables.samples(planner.plan, choice, replace(SAMPLES, column_titles=("a", "b", "c", "d")))
    assert row is not None
    assert row.picture(1).shape[0] == PICTURE.shape[0]
    assert row.picture(1).shape[1] > 4 * PICTURE.shape[1]
    assert (row.offer.options.columns, row.offer.has_titles, row.offer.has_columns) == (4, True, False)


@pytest.mark.usefixtures("shown")
def test_copies_are_large_enough_to_be_seen(controller: ExportController) -> None:
    told: list[str] = []
    controller.told.connect(told.append)
    controller.copy_decoded()
    assert told == ["Copied the decoded picture to the clipboard."]
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (512, 512)
    assert pixels_of(image)[0, 0].tolist() == [10, 10, 10]


def test_without_a_model_there_is_nothing_to_export(controller: ExportController) -> None:
    failed: list[str] = []
    controller.failed.connect(failed.append)
    controller.export_decoded()
    controller.copy_map()
    controller.export_samples()
    controller.copy_command()
    controller.ask("There is no path.")
    assert failed == ["There is nothing to export yet; open a model first."] * 4 + ["There is no path."]


def test_what_an_open_model_has_not_drawn_is_waited_for(
    controller: ExportController, planner: Planner, opened: "Open"
) -> None:
    failed: list[str] = []
    controller.failed.connect(failed.append)
    planner.set_opened(opened())
    controller.export_samples()
    controller.copy_samples()
    assert failed == ["This is not drawn yet; export it once its panel shows it."] * 2


@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_survive_being_an_image(channels: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, channels), dtype=np.uint8)
    back = pixels_of(image_of(picture))
    assert (back == picture).all()
