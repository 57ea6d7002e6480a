"""The whole window offscreen, with real models, real training processes and a mouse."""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage

from explorer.app import Explorer
from explorer.controllers.exportables import pixels_of
from explorer.services.library import shipped_models
from explorer.state.point_colour import PointColour
from explorer.state.session_state import MapChoice, PlaneChoice
from explorer.state.training_values import TrainingStatus, TrainingWish
from explorer.views.export_dialog import ExportDialog
from explorer.views.widgets.colour_bar import ColourBar
from explorer.views.widgets.group_legend import GroupLegend
from tests.explorer.conftest import LONG_MS
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.engine.decoding import decode_codes
from trainers.engine.pictures import pixels as pixels_of_images
from trainers.engine.run_folder import RunFolder

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse

    Open = Callable[[str], Explorer]


@pytest.fixture
def explorer(open_explorer: "Open", settle: Callable[[Explorer], None], digits_run: Path) -> Explorer:
    window = open_explorer(str(digits_run))
    settle(window)
    assert window.planner.opened is not None
    return window


def _decoded(run: Path, code: tuple[float, ...]) -> "NDArray[np.uint8]":
    pictures = pixels_of_images(decode_codes(load_model(find_checkpoint(run)), np.array([code])))
    return np.asarray(pictures[0])


def _shown(explorer: Explorer) -> "NDArray[np.uint8]":
    assert explorer.code.picture is not None
    return explorer.code.picture.picture


def test_a_drag_shows_what_decoding_that_point_gives(
    explorer: Explorer, settle: Callable[[Explorer], None], mouse: "type[Mouse]", digits_run: Path
) -> None:
    latent_map = explorer.panels.latent_map
    before = explorer.panels.decoded.grab().toImage()
    places = [latent_map.position_of(u, v) for u, v in ((0.0, 0.0), (0.5, 0.5), (1.5, -1.0))]
    mouse(latent_map).drag(places)
    settle(explorer)
    code = explorer.store.state.code
    assert code == pytest.approx((1.5, -1.0), abs=0.02)
    expected = _decoded(digits_run, code)
    assert np.abs(_shown(explorer).astype(int) - expected).max() <= 1
    after = pixels_of(explorer.panels.decoded.grab().toImage())
    assert (after != pixels_of(before)).any()
    # Pixels on the screen: the picture is enlarged without blurring, so its brightest and darkest values are there.
    assert expected.max() in after
    explorer.store.undo()
    assert explorer.store.state.code == (0.0, 0.0)
    assert not explorer.window.action("undo").isEnabled()


def test_everything_is_shown_when_a_model_opens(explorer: Explorer, digits_run: Path) -> None:
    panels = explorer.panels
    assert explorer.window.windowTitle().startswith("vae / digits")
    assert explorer.map.tiles_complete
    opened = explorer.planner.opened
    assert opened is not None
    assert opened.encoded is not None
    assert opened.items is not None
    assert len(opened.encoded.codes) == len(opened.items)
    assert explorer.samples.samples is not None
    assert len(panels.sliders.rows()) == 2
    picture = pixels_of(panels.latent_map.grab().toImage())
    assert picture.std() > 20
    assert explorer.window.message() == ""


def test_sliders_move_the_ring_and_undo_is_one_step(explorer: Explorer) -> None:
    sliders = explorer.panels.sliders
    sliders.drag_started.emit()
    for value in (0.1, 0.2, 0.3):
        sliders.dimension_moved.emit(1, value)
    sliders.drag_finished.emit()
    assert explorer.planner.plan.ring == pytest.approx((0.0, 0.3))
    explorer.store.undo()
    assert explorer.planner.plan.ring == pytest.approx((0.0, 0.0))


def test_points_samples_and_reconstructions_go_to_the_ring(explorer: Explorer) -> None:
    opened = explorer.planner.opened
    assert opened is not None
    assert opened.encoded is not None
    explorer.panels.latent_map.point_activated.emit(7)
    assert explorer.store.state.code == tuple(opened.encoded.codes[7].tolist())
    explorer.panels.samples.item_activated.emit(3)
    assert explorer.samples.samples is not None
    assert explorer.store.state.code == tuple(explorer.samples.samples.codes[3].tolist())
    explorer.panels.reconstructions.item_activated.emit(0)
    assert explorer.store.state.code == pytest.approx(opened.encoded.codes[0].tolist(), abs=1e-4)


def test_points_wear_what_they_are_measured_by_and_contours_lie_over_them(
    explorer: Explorer, settle: Callable[[Explorer], None]
) -> None:
    panels, legend = explorer.panels, explorer.panels.latent_map.findChild(GroupLegend)
    assert legend is not None
    plain = panels.latent_map.picture()
    panels.map_bar.colour_chosen.emit(PointColour("likelihood"))
    settle(explorer)
    measured = explorer.planner.plan.measured
    assert measured is not None
    assert measured.complete
    assert np.isfinite(measured.values.values).all()
    assert any(bar.isVisible() for bar in legend.findChildren(ColourBar))
    coloured = panels.latent_map.picture()
    assert coloured != plain
    panels.map_bar.contours_toggled.emit(True)
    settle(explorer)
    assert panels.latent_map.picture() != coloured
    explorer.store.undo()
    explorer.store.undo()
    settle(explorer)
    assert panels.latent_map.picture() == plain


def test_zooming_in_decodes_finer_tiles(
    explorer: Explorer, settle: Callable[[Explorer], None], mouse: "type[Mouse]"
) -> None:
    levels = [explorer.map.finest_level]
    mouse(explorer.panels.latent_map).turn(explorer.panels.latent_map.position_of(0.0, 0.0), 12)
    settle(explorer)
    levels.append(explorer.map.finest_level)
    views = [explorer.store.state.map.view]
    explorer.window.action("home_view").trigger()
    settle(explorer)
    levels.append(explorer.map.finest_level)
    views.append(explorer.store.state.map.view)
    assert levels[0] == levels[2] < levels[1]
    assert views[0] is not None
    assert views[1] is None


@pytest.mark.parametrize("spacing", ["probability", "even"])
def test_the_ring_keeps_its_code_when_the_spacing_changes(
    explorer: Explorer, settle: Callable[[Explorer], None], spacing: str
) -> None:
    explorer.store.update(code=(0.5, -0.5))
    explorer.panels.map_bar.spacing_chosen.emit(spacing)
    settle(explorer)
    assert explorer.store.state.code == (0.5, -0.5)
    ring = explorer.planner.plan.ring
    assert ring == pytest.approx((0.6915, 0.3085) if spacing == "probability" else (0.5, -0.5), abs=1e-3)


def test_another_latent_size_starts_at_its_mean_and_offers_planes(
    explorer: Explorer, settle: Callable[[Explorer], None], wide_run: Path, digits_run: Path
) -> None:
    explorer.store.update(code=(1.0, 1.0))
    explorer.panels.library.open_requested.emit(str(wide_run))
    settle(explorer)
    assert explorer.planner.plan.code == explorer.store.state.code
    assert len(explorer.panels.sliders.rows()) == 5
    facts = explorer.planner.plan.opened
    assert facts is not None
    assert facts.facts.activity_unit == "variance"
    explorer.panels.map_bar.plane_chosen.emit(PlaneChoice("principal"))
    plane = explorer.planner.plan.plane
    assert plane is not None
    assert "principal" in plane.caption
    explorer.store.undo()
    explorer.store.undo()
    settle(explorer)
    assert explorer.model.path == str(digits_run)
    assert explorer.planner.plan.code == (1.0, 1.0)


@pytest.mark.parametrize("rubbish", ["missing", "foreign", "truncated", "empty run", "text"])
def test_rubbish_leaves_the_open_model_and_says_why(
    rubbish: str, explorer: Explorer, settle: Callable[[Explorer], None], digits_run: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rubbish.safetensors"
    if rubbish == "foreign":
        path.write_bytes(os.urandom(2000))
    elif rubbish == "truncated":
        path.write_bytes(find_checkpoint(digits_run).read_bytes()[:3000])
    elif rubbish == "empty run":
        path = tmp_path / "run"
        shutil.copytree(digits_run, path)
        shutil.rmtree(path / "checkpoints")
    elif rubbish == "text":
        path = tmp_path / "notes.txt"
        path.write_text("hello")
    before = explorer.planner.opened
    explorer.window.file_dropped.emit(str(path))
    settle(explorer)
    assert explorer.planner.opened is before
    assert path.name in explorer.window.message()
    assert explorer.model.path == explorer.store.state.model == str(digits_run)


def test_a_sentence_about_rubbish_goes_when_something_else_opens(
    explorer: Explorer, settle: Callable[[Explorer], None], wide_run: Path, tmp_path: Path
) -> None:
    explorer.window.file_dropped.emit(str(tmp_path / "nothing"))
    settle(explorer)
    assert "nothing" in explorer.window.message()
    explorer.window.file_dropped.emit(str(wide_run))
    settle(explorer)
    assert explorer.window.message() == ""


def test_a_session_comes_back_from_its_file(
    explorer: Explorer, settle: Callable[[Explorer], None], wide_run: Path, tmp_path: Path
) -> None:
    explorer.store.update(code=(0.25, 0.75), map=MapChoice(spacing="probability", points_shown=False))
    saved = explorer.store.state
    file = tmp_path / "mine.session.json"
    explorer.session.save(str(file))
    explorer.panels.library.open_requested.emit(str(wide_run))
    settle(explorer)
    explorer.window.file_dropped.emit(str(file))
    settle(explorer)
    assert explorer.store.state == saved
    assert explorer.model.path == saved.model
    file.write_text("{}")
    explorer.window.file_dropped.emit(str(file))
    assert "mine.session.json" in explorer.window.message()


def test_the_next_start_goes_on_where_the_last_ended(
    explorer: Explorer, open_explorer: "Open", settle: Callable[[Explorer], None]
) -> None:
    explorer.store.update(code=(0.125, -0.5))
    explorer.close()
    again = open_explorer("")
    settle(again)
    assert again.store.state == explorer.store.state
    assert again.planner.plan.code == (0.125, -0.5)


def _export(explorer: Explorer, command: str, file: Path, scale: int = 1) -> None:
    explorer.window.action(command).trigger()
    dialog = explorer.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.export_chosen.emit(str(file), replace(dialog.options(), scale=scale))
    dialog.close()
    dialog.setParent(None)


def test_exports_are_the_pictures_on_the_screen(
    explorer: Explorer, settle: Callable[[Explorer], None], tmp_path: Path
) -> None:
    _export(explorer, "export_decoded", tmp_path / "decoded.png", scale=3)
    _export(explorer, "export_map", tmp_path / "map.png")
    _export(explorer, "export_samples", tmp_path / "samples.png", scale=2)
    settle(explorer)
    decoded = pixels_of(QImage(str(tmp_path / "decoded.png")))
    assert decoded.shape == (24, 24, 3)
    assert (decoded[::3, ::3, 0] == _shown(explorer)[:, :, 0]).all()
    assert pixels_of(QImage(str(tmp_path / "map.png"))).std() > 20
    assert pixels_of(QImage(str(tmp_path / "samples.png"))).std() > 20
    _export(explorer, "export_decoded", tmp_path / "decoded.png" / "below.png")
    settle(explorer)
    assert "below.png" in explorer.window.message()


def test_the_clipboard_takes_the_decoded_picture(explorer: Explorer) -> None:
    from PySide6.QtGui import QGuiApplication

    explorer.window.action("copy_decoded").trigger()
    image = QGuiApplication.clipboard().image()
    assert image.width() == image.height() >= 256
    assert set(np.unique(pixels_of(image))) <= set(np.unique(_shown(explorer)))


def _statuses(explorer: Explorer) -> list[TrainingStatus]:
    heard: list[TrainingStatus] = []
    explorer.training.status_changed.connect(heard.append)
    return heard


def test_a_run_on_faces_starts_streams_stops_and_opens(
    explorer: Explorer, qtbot: "QtBot", settle: Callable[[Explorer], None], tmp_path: Path
) -> None:
    statuses = _statuses(explorer)
    settings = (("latent_size", "3"), ("channels", "[8, 8]"), ("dense_size", "16"))
    wish = TrainingWish("vae", "faces", settings, epochs=1000, batch_size=16)
    explorer.panels.train.training_requested.emit(wish)
    qtbot.waitUntil(lambda: any(status.step >= 10 for status in statuses), timeout=LONG_MS)
    qtbot.waitUntil(lambda: explorer.model.path == explorer.training.run, timeout=LONG_MS)
    assert explorer.training.curves()[0].values
    with qtbot.waitSignal(explorer.training.ended, timeout=LONG_MS) as told:
        explorer.panels.train.stop_requested.emit()
    assert told.args[0].phase == "stopped"
    settle(explorer)
    run = Path(explorer.training.run)
    assert run.parent == tmp_path / "runs"
    opened = explorer.planner.opened
    assert opened is not None
    assert opened.facts.title == "vae / faces"
    assert opened.facts.step == told.args[0].step
    assert _shown(explorer).shape == (64, 64, 3)
    assert opened.encoded is not None
    assert opened.encoded.generation == opened.facts.generation


def test_snapshots_follow_a_run_and_a_kill_leaves_the_window_alive(
    explorer: Explorer, qtbot: "QtBot", settle: Callable[[Explorer], None], mouse: "type[Mouse]"
) -> None:
    settings = (("architecture", "mlp"), ("hidden_sizes", "[16]"))
    explorer.panels.train.training_requested.emit(TrainingWish("vae", "digits", settings, epochs=100_000))
    seen: list[int] = []

    def step_shown() -> int:
        opened = explorer.planner.opened
        if opened is not None and opened.path == explorer.training.run and opened.facts.step not in seen:
            seen.append(opened.facts.step)
        return len(seen)

    qtbot.waitUntil(lambda: step_shown() >= 2, timeout=LONG_MS)
    mouse(explorer.panels.latent_map).click(explorer.panels.latent_map.position_of(1.0, 1.0))
    qtbot.waitUntil(lambda: step_shown() >= 4, timeout=LONG_MS)
    assert seen == sorted(seen)
    assert explorer.store.state.code == pytest.approx((1.0, 1.0), abs=0.02)
    with qtbot.waitSignal(explorer.training.ended, timeout=LONG_MS) as told:
        os.kill(explorer.training.process_id, signal.SIGKILL)
    assert told.args[0].phase == "failed"
    assert "resumed" in told.args[0].message
    settle(explorer)
    explorer.panels.library.resume_requested.emit(explorer.training.run)
    qtbot.waitUntil(lambda: explorer.training.status.phase == "running", timeout=LONG_MS)


def test_closing_the_window_stops_a_run_so_that_it_can_be_resumed(explorer: Explorer, qtbot: "QtBot") -> None:
    settings = (("architecture", "mlp"), ("hidden_sizes", "[16]"))
    explorer.panels.train.training_requested.emit(TrainingWish("vae", "digits", settings, epochs=100_000))
    qtbot.waitUntil(lambda: explorer.training.status.phase == "running", timeout=LONG_MS)
    run = RunFolder(Path(explorer.training.run))
    explorer.close()
    assert not run.is_running()
    assert run.has_resume


def test_the_first_start_opens_the_shipped_model(open_explorer: "Open", settle: Callable[[Explorer], None]) -> None:
    window = open_explorer("")
    settle(window)
    opened = window.planner.opened
    assert opened is not None
    assert opened.path in shipped_models()
    assert opened.facts.latent_size == 2
    assert opened.encoded is not None
    assert len(opened.encoded.codes) == 10_000
