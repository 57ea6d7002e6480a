"""The history of a real run in the whole window: every panel moves together, and nothing that goes wrong is lost."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from explorer.app import Explorer
from explorer.controllers import exportables
from explorer.state.export_values import ExportOptions
from explorer.views.export_dialog import ExportDialog
from tests.explorer.conftest import LONG_MS, Choose, Press
from trainers.engine.checkpoint import checkpoint_files, checkpoint_path, load_model, read_header
from trainers.engine.training import resume, train
from trainers.engine.training_request import TrainingRequest
from trainers.export.picture_formats import read_provenance
from trainers.export.recipe_drawing import draw_recipe
from trainers.export.recipes import HistoryRecipe

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Pixels

Settle = Callable[[Explorer], None]


@dataclass(frozen=True)
class Shown:
    """What every panel that depends on the weights shows."""

    step: int
    code: Any
    decoded: Any
    tiles: Any
    points: Any
    samples: Any
    reconstructions: Any


@pytest.fixture
def run(digits_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(digits_run, tmp_path / "run"))


@pytest.fixture
def steps(run: Path) -> list[int]:
    return [read_header(file).training.step for file in checkpoint_files(run)]


@pytest.fixture
def rest(settle: Settle, qtbot: "QtBot") -> Settle:
    """Waits until the history stands still, all codes are there, and nothing is computed."""

    def wait(explorer: Explorer) -> None:
        def stands() -> bool:
            return explorer.reader.is_idle() and not explorer.history._rest.isActive()

        for _ in range(2):
            qtbot.waitUntil(stands, timeout=LONG_MS)
            settle(explorer)

    return wait


@pytest.fixture
def explorer(open_explorer: Callable[[str], Explorer], rest: Settle, run: Path) -> Explorer:
    window = open_explorer(str(run))
    rest(window)
    window.window.dock("history_panel").raise_()
    return window


def seen_by(explorer: Explorer, pixels: "Pixels") -> Shown:
    opened, panels = explorer.planner.opened, explorer.panels
    assert opened is not None
    assert opened.encoded is not None
    assert explorer.code.picture is not None
    assert explorer.samples.samples is not None
    assert explorer.reconstructions._shown is not None
    return Shown(
        opened.facts.step,
        explorer.store.state.code,
        explorer.code.picture.picture,
        pixels(panels.latent_map),
        opened.encoded.codes,
        explorer.samples.samples.pictures,
        explorer.reconstructions._shown.reconstructions,
    )


def assert_alike(first: Shown, second: Shown, *, has_size: bool = True) -> None:
    assert (first.step, first.code) == (second.step, second.code)
    assert np.allclose(first.points, second.points, atol=1e-5)
    for name in ("decoded", "samples", "reconstructions"):
        assert np.abs(getattr(first, name).astype(int) - getattr(second, name)).max() <= 1, name
    assert not has_size or (first.tiles != second.tiles).mean() < 0.01


def test_every_panel_shows_what_opening_that_checkpoint_by_itself_shows(
    explorer: Explorer,
    open_explorer: Callable[[str], Explorer],
    rest: Settle,
    run: Path,
    steps: list[int],
    pixels: "Pixels",
) -> None:
    explorer.store.update(code=(0.7, -0.4))
    rest(explorer)
    newest = seen_by(explorer, pixels)
    explorer.panels.history.place_chosen.emit(1)
    rest(explorer)
    scrubbed = seen_by(explorer, pixels)
    assert scrubbed.step == steps[1]
    for name in ("decoded", "tiles", "points", "samples", "reconstructions"):
        assert (getattr(scrubbed, name) != getattr(newest, name)).any(), name
    alone = open_explorer(str(checkpoint_path(run, steps[1])))
    rest(alone)
    alone.window.dock("history_panel").raise_()
    alone.store.update(code=(0.7, -0.4))
    rest(alone)
    assert_alike(scrubbed, seen_by(alone, pixels))
    assert alone.panels.history.place_text() == explorer.panels.history.place_text()
    explorer.window.action("undo").trigger()
    rest(explorer)
    assert_alike(newest, seen_by(explorer, pixels))


def test_a_drag_over_the_whole_run_ends_where_it_is_let_go(
    explorer: Explorer, rest: Settle, steps: list[int], pixels: "Pixels"
) -> None:
    panel, last = explorer.panels.history, len(steps) - 1
    opening = explorer.planner.opened and explorer.planner.opened.opening
    panel.drag_started.emit()
    for place in [*range(last, -1, -1), *range(last), 2]:
        panel.place_chosen.emit(place)
    panel.drag_finished.emit()
    rest(explorer)
    assert seen_by(explorer, pixels).step == steps[2]
    assert explorer.planner.opened is not None
    assert explorer.planner.opened.opening == opening
    explorer.window.action("undo").trigger()
    rest(explorer)
    assert seen_by(explorer, pixels).step == steps[-1]
    assert not explorer.window.action("undo").isEnabled()


def test_commands_and_playing_go_through_the_run(
    explorer: Explorer, steps: list[int], rest: Settle, qtbot: "QtBot"
) -> None:
    def shown() -> int:
        return explorer.planner.opened.facts.step if explorer.planner.opened is not None else -1

    for name, step in (("first", steps[0]), ("later", steps[1]), ("earlier", steps[0]), ("live", steps[-1])):
        explorer.window.action(f"history_{name}").trigger()
        qtbot.waitUntil(lambda wanted=step: shown() == wanted, timeout=LONG_MS)  # type: ignore[misc]
    explorer.panels.history.speed_changed.emit(20)
    seen: list[int] = []
    explorer.planner.planned.connect(lambda _old, _new: seen.append(shown()))
    explorer.window.action("history_play").trigger()
    qtbot.waitUntil(lambda: set(steps) <= set(seen), timeout=LONG_MS)
    explorer.window.action("history_play").trigger()
    rest(explorer)
    assert list(dict.fromkeys(seen))[: len(steps)] in (steps, [steps[-1], *steps[:-1]])


def test_a_deleted_snapshot_and_a_deleted_run_are_sentences(
    explorer: Explorer, rest: Settle, run: Path, steps: list[int], pixels: "Pixels"
) -> None:
    panel = explorer.panels.history
    panel.place_chosen.emit(0)
    rest(explorer)
    before = seen_by(explorer, pixels)
    explorer.reader.look_at("", "")
    explorer.reader.look_at(str(run), str(run))
    checkpoint_path(run, steps[2]).unlink()
    panel.place_chosen.emit(2)
    rest(explorer)
    assert_alike(before, seen_by(explorer, pixels))
    assert panel._note.text().startswith(f"The snapshot of step {steps[2]:,} is gone")
    assert panel.place_text().endswith(f"1 of {len(steps) - 1}")
    shutil.rmtree(run)
    panel.place_chosen.emit(1)
    rest(explorer)
    assert_alike(before, seen_by(explorer, pixels))
    assert "gone or was moved" in panel._empty._line.text()


def test_a_model_that_is_no_run_says_what_to_do(
    open_explorer: Callable[[str], Explorer], settle: Settle, run: Path, tmp_path: Path, press: Press
) -> None:
    alone = tmp_path / "alone.safetensors"
    shutil.copy(checkpoint_files(run)[-1], alone)
    explorer = open_explorer(str(alone))
    settle(explorer)
    assert "snapshots belong to a run" in explorer.panels.history._empty._line.text()
    assert press.button(explorer.panels.history, "Open a run folder…")


def test_the_last_session_comes_back_to_its_snapshot(
    explorer: Explorer, open_explorer: Callable[[str], Explorer], rest: Settle, steps: list[int], pixels: "Pixels"
) -> None:
    explorer.panels.history.place_chosen.emit(1)
    rest(explorer)
    before = seen_by(explorer, pixels)
    explorer.close()
    again = open_explorer("")
    rest(again)
    again.window.dock("history_panel").raise_()
    rest(again)
    assert again.store.state.snapshot == steps[1]
    assert again.panels.history.place_text().endswith(f"2 of {len(steps)}")
    # A window that was never on a screen comes back in another size.
    assert_alike(before, seen_by(again, pixels), has_size=False)


def test_a_session_of_a_snapshot_that_is_gone_opens_the_newest_and_says_so(
    explorer: Explorer, open_explorer: Callable[[str], Explorer], rest: Settle, run: Path, steps: list[int]
) -> None:
    explorer.panels.history.place_chosen.emit(1)
    rest(explorer)
    explorer.close()
    checkpoint_path(run, steps[1]).unlink()
    again = open_explorer("")
    rest(again)
    assert again.store.state.snapshot is None
    assert again.planner.opened is not None
    assert again.planner.opened.facts.step == steps[-1]
    assert f"step {steps[1]:,} is gone" in again.window.message()


def test_other_snapshots_do_not_disturb_a_person_who_looks_at_one(
    explorer: Explorer, rest: Settle, run: Path, steps: list[int], qtbot: "QtBot"
) -> None:
    panel = explorer.panels.history
    panel.place_chosen.emit(1)
    rest(explorer)
    explorer.trainer.resume_run(str(run))
    qtbot.waitUntil(lambda: not explorer.training.is_active(), timeout=LONG_MS)
    rest(explorer)
    assert explorer.planner.opened is not None
    assert explorer.planner.opened.facts.step == steps[1]


def test_a_run_that_trains_is_listed_as_it_grows_and_live_follows_it(
    open_explorer: Callable[[str], Explorer], rest: Settle, qtbot: "QtBot", tmp_path: Path
) -> None:
    run, small = tmp_path / "runs" / "growing", {"architecture": "mlp", "hidden_sizes": [64], "latent_size": 2}
    request = TrainingRequest(model="vae", model_settings=small, data="digits", epochs=1, batch_size=64)
    train(request, run)
    explorer = open_explorer(str(run))
    rest(explorer)
    first = explorer.history.history.marks
    explorer.panels.history.place_chosen.emit(0)
    rest(explorer)
    resume(run, epochs=3)
    explorer.training.follow(run)
    qtbot.waitUntil(lambda: len(explorer.history.history.marks) > len(first), timeout=LONG_MS)
    qtbot.waitUntil(lambda: not explorer.training.is_active(), timeout=LONG_MS)
    rest(explorer)
    assert explorer.planner.opened is not None
    assert explorer.planner.opened.facts.step == 0
    assert explorer.panels.train._curves._plot.marked_step() == 0
    explorer.window.action("history_live").trigger()
    rest(explorer)
    newest = explorer.history.history.marks[-1].step
    assert explorer.planner.opened.facts.step == newest > first[-1].step
    assert explorer.panels.train._curves._plot.marked_step() == newest


@pytest.mark.parametrize("kind", ["samples", "reconstructions", "map"])
def test_the_history_becomes_a_film_of_what_the_panels_show_at_each_snapshot(
    explorer: Explorer,
    rest: Settle,
    run: Path,
    steps: list[int],
    press: Press,
    choose: Choose,
    tmp_path: Path,
    kind: str,
) -> None:
    choose(explorer.panels.history, "Film", f"Film: {kind}")
    press(explorer.panels.history, "Export the history")
    dialog = explorer.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    file, options = tmp_path / "history.gif", replace(dialog.options(), scale=2)
    assert not options.there_and_back
    dialog.export_chosen.emit(str(file), options)
    dialog.close()
    rest(explorer)
    about = read_provenance(file)
    assert about is not None
    assert isinstance(about.recipe, HistoryRecipe)
    assert about.recipe.steps == tuple(steps)
    assert about.state["state"]["snapshot"] is None
    with Image.open(file) as film:
        frames = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]
    assert len(frames) == len(steps)
    last = draw_recipe(load_model(checkpoint_files(run)[-1]), about.recipe.frame).pixels()
    above = frames[-1].shape[0] - last.shape[0]
    aside = (frames[-1].shape[1] - last.shape[1]) // 2
    shown = frames[-1][above:, aside : aside + last.shape[1]].astype(int)
    assert np.abs(shown - last).mean() < 4
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() > 4


def test_a_dropped_film_brings_back_its_snapshot(
    explorer: Explorer, rest: Settle, steps: list[int], tmp_path: Path, qtbot: "QtBot"
) -> None:
    explorer.panels.history.place_chosen.emit(1)
    rest(explorer)
    explorer.store.update(code=(0.3, 0.9))
    rest(explorer)
    file = tmp_path / "picture.png"
    thing = exportables.decoded(explorer.planner.plan, explorer.code.picture)
    assert thing is not None
    explorer.export.export(thing, str(file), ExportOptions())
    rest(explorer)
    explorer.panels.history.place_chosen.emit(2)
    explorer.store.update(code=(0.0, 0.0))
    rest(explorer)
    explorer.preferences.remember_opened(explorer.model.path)
    explorer.window.file_dropped.emit(str(file))
    qtbot.waitUntil(lambda: explorer.store.state.code == (0.3, 0.9), timeout=LONG_MS)
    rest(explorer)
    assert explorer.planner.opened is not None
    assert explorer.planner.opened.facts.step == steps[1]
    assert explorer.panels.history.place_text().endswith(f"2 of {len(steps)}")
