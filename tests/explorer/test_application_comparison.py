"""Two models side by side in the real window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from explorer.controllers.compared_side import ComparedSide
from explorer.controllers.side_by_side import SideBySide
from explorer.services.network import open_model
from explorer.state.export_values import ExportOptions
from explorer.state.session_state import ComparisonChoice, PlaneChoice, SessionState
from explorer.views.comparison_bar import ComparisonBar
from explorer.views.comparison_dialog import ComparisonDialog
from explorer.views.export_dialog import ExportDialog
from explorer.views.latent_map import LatentMap
from explorer.views.library_list import LibraryList
from explorer.views.text_dialog import TextDialog
from explorer.views.widgets.pictures import image_pixels
from tests.explorer.stub_models import MIXED
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.export.difference_map import difference_map
from trainers.export.picture_formats import read_provenance

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from explorer.app import Explorer
    from explorer.services.network import OpenModel
    from tests.explorer.conftest import Mouse, Press, SaveStub

LONG_MS = 60_000
Settle = Callable[["Explorer"], None]


@pytest.fixture
def explorer(open_explorer: Callable[[str], "Explorer"], settle: Settle, digits_run: Path) -> "Explorer":
    window = open_explorer(str(digits_run))
    settle(window)
    return window


@pytest.fixture
def settle(settle: Settle, qtbot: "QtBot") -> Settle:
    """Waits for both models."""

    def is_at_rest(explorer: "Explorer") -> bool:
        shown = explorer.comparison.shown
        return shown is None or shown.is_at_rest

    def wait(explorer: "Explorer") -> None:
        for _ in range(2):
            settle(explorer)
            qtbot.waitUntil(lambda: is_at_rest(explorer), timeout=LONG_MS)
            qtbot.wait(40)

    return wait


def side(explorer: "Explorer") -> ComparedSide:
    return both(explorer).second


def both(explorer: "Explorer") -> SideBySide:
    assert explorer.comparison.shown is not None, explorer.window.message()
    return explorer.comparison.shown


def shown(explorer: "Explorer") -> list[np.ndarray]:
    """The values that A and B show."""
    return [
        picture.values for picture in both(explorer).link.pictures if picture is not None and picture.values is not None
    ]


def decoded(model: "OpenModel", code: tuple[float, ...]) -> np.ndarray:
    values: np.ndarray = model.decode_values(np.array([code], np.float32))[0]
    return values


def snapshots(run: Path) -> list[Path]:
    return sorted((run / "checkpoints").glob("*.safetensors"))


def test_the_same_code_shows_each_models_own_picture(explorer: "Explorer", settle: Settle, digits_run: Path) -> None:
    earlier = snapshots(digits_run)[0]
    explorer.comparison.compare_with(str(earlier))
    explorer.store.update(code=(0.5, -0.75))
    settle(explorer)
    models = open_model(str(digits_run), 1), open_model(str(earlier), 1)
    expected = [decoded(model, (0.5, -0.75)) for model in models]
    for values, wanted in zip(shown(explorer), expected, strict=True):
        np.testing.assert_allclose(values, wanted, atol=1e-5)
    assert np.abs(expected[0] - expected[1]).max() > 1e-2, "else one could stand for the other"
    compared = explorer.panels.decoded.compared
    assert compared.isVisible()
    picture = compared.pictures()[2]._image
    assert picture is not None
    wanted_map = difference_map(*expected)
    place = np.unravel_index(np.abs(expected[0] - expected[1])[0].argmax(), (8, 8))
    colour = picture.pixelColor(int(place[1]), int(place[0]))
    assert (colour.red(), colour.green(), colour.blue()) == pytest.approx(tuple(wanted_map[place]), abs=1)
    assert "both decode the same code" in compared.words()


def test_the_same_image_is_encoded_by_the_other_model(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    explorer.store.update(code=(1.25, 0.5))
    settle(explorer)
    other = open_model(str(wide_run), 1)
    given = decoded(open_model(str(digits_run), 1), (1.25, 0.5))
    code = tuple(other.encode(given[None])[0][0].tolist())
    assert side(explorer).planner.plan.code == pytest.approx(code, abs=1e-5)
    np.testing.assert_allclose(shown(explorer)[1], decoded(other, code), atol=1e-5)
    assert "B stands at what A decodes" in explorer.panels.decoded.compared.words()


def test_at_an_item_of_the_data_b_encodes_the_item(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.panels.latent_map.point_activated.emit(11)
    settle(explorer)
    opened = explorer.planner.opened
    assert opened is not None
    assert opened.items is not None
    other = open_model(str(wide_run), 1)
    code = other.encode(opened.items.images[11:12])[0][0]
    assert side(explorer).planner.plan.code == pytest.approx(code.tolist(), abs=1e-4)
    assert "B stands at Test item 11" in explorer.panels.decoded.compared.words()


def test_a_model_without_an_encoder_searches_when_the_ring_rests(
    explorer: "Explorer", settle: Settle, stubs: "SaveStub", qtbot: "QtBot"
) -> None:
    explorer.comparison.compare_with(str(stubs("stub")))
    settle(explorer)
    explorer.store.update(code=(0.5, 0.5))
    compared = explorer.panels.decoded.compared
    qtbot.waitUntil(lambda: "found by optimisation" in compared.words(), timeout=LONG_MS)
    settle(explorer)
    assert len(side(explorer).planner.plan.code) == 3


def test_spaces_and_shapes_of_another_kind_are_said_and_left_apart(
    explorer: "Explorer", settle: Settle, stubs: "SaveStub"
) -> None:
    explorer.model.open(str(stubs(blocks=MIXED)))
    settle(explorer)
    explorer.comparison.compare_with("shipped:digits")
    settle(explorer)
    compared = explorer.panels.decoded.compared
    assert "A has pictures of 8 × 8 grey pixels and B pictures of 28 × 28 grey pixels" in compared.words()
    assert "Nothing links the two" in compared.words()
    assert compared.pictures()[2]._image is None, "nothing is resized to make a difference"
    assert compared.pictures()[1]._image is not None
    bar = both(explorer).bar
    assert not bar._link.isEnabled()
    assert "codes of" in bar._link.toolTip()


def test_a_and_b_are_swapped_and_undone(explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path) -> None:
    explorer.comparison.compare_with(str(wide_run))
    explorer.store.update(code=(1.0, 1.0))
    settle(explorer)
    there = side(explorer).planner.plan.code
    explorer.window.action("swap_models").trigger()
    settle(explorer)
    state = explorer.store.state
    assert (state.model, state.comparison.model) == (str(wide_run), str(digits_run))
    assert explorer.planner.plan.code == pytest.approx(there)
    assert explorer.planner.opened is not None
    assert explorer.planner.opened.facts.latent_size == 5
    assert len(side(explorer).planner.plan.code) == 2
    explorer.store.undo()
    settle(explorer)
    assert (explorer.store.state.model, explorer.planner.plan.code) == (str(digits_run), (1.0, 1.0))
    assert len(side(explorer).planner.plan.code) == 5


def test_what_is_still_being_opened_is_not_swapped(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    told: list[str] = []
    explorer.comparison.failed.connect(told.append)
    explorer.comparison.compare_with(str(wide_run))
    explorer.comparison.swap()
    settle(explorer)
    explorer.comparison.compare_with("/nowhere")
    settle(explorer)
    explorer.comparison.swap()
    assert ["still being opened" in sentence for sentence in told] == [True, False]


def test_another_a_keeps_b_and_the_same_model_may_be_both(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.model.open(str(wide_run))
    settle(explorer)
    assert side(explorer).planner.opened is not None
    assert side(explorer).models.path == str(wide_run) == explorer.model.path
    explorer.store.update(code=(0.5,) * 5)
    settle(explorer)
    assert side(explorer).planner.plan.code == (0.5,) * 5, "their codes are alike now"
    one, other = shown(explorer)
    np.testing.assert_array_equal(one, other)
    assert "0 (exact)" in explorer.panels.decoded.compared.words()


def test_the_command_lets_a_model_be_chosen_and_compares_no_longer(
    explorer: "Explorer", settle: Settle, qtbot: "QtBot"
) -> None:
    action = explorer.window.action("compare")
    action.trigger()
    assert not action.isChecked(), "nothing is compared before a model is chosen"
    dialog = explorer.window.findChild(ComparisonDialog)
    assert isinstance(dialog, ComparisonDialog)
    entries = dialog.findChild(LibraryList)
    assert isinstance(entries, LibraryList)
    qtbot.waitUntil(lambda: entries.model().rowCount() > 0, timeout=LONG_MS)
    titles = [entries.model().index(row, 0).data() for row in range(entries.model().rowCount())]
    assert any("at epoch" in title for title in titles), "this model before"
    assert "digits" in titles, "and the library"
    QTest.keyClick(entries, Qt.Key.Key_Return)
    settle(explorer)
    assert action.isChecked()
    assert "/checkpoints/" in side(explorer).models.path
    action.trigger()
    settle(explorer)
    assert explorer.comparison.shown is None
    assert not explorer.window.findChildren(ComparisonBar)
    assert not explorer.panels.decoded.compared.isVisible()
    assert not action.isChecked()
    action.trigger()
    settle(explorer)
    assert "/checkpoints/" in side(explorer).models.path, "the model of before is B again"


def test_a_b_that_cannot_be_opened_is_a_sentence_in_its_place(
    explorer: "Explorer", settle: Settle, tmp_path: Path, wide_run: Path
) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no checkpoint")
    explorer.comparison.compare_with(str(broken))
    settle(explorer)
    compared = explorer.panels.decoded.compared
    assert "broken.safetensors" in compared.words()
    assert compared.pictures()[0]._image is not None
    explorer.store.update(code=(0.25, 0.25))
    settle(explorer)
    assert explorer.planner.plan.code == (0.25, 0.25)
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    assert "broken" not in compared.words()
    assert len(shown(explorer)) == 2


def test_a_session_brings_b_back(
    explorer: "Explorer", settle: Settle, wide_run: Path, open_explorer: Callable[[str], "Explorer"]
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    explorer.store.update(code=(0.25, -0.5))
    settle(explorer)
    there = side(explorer).planner.plan.code
    explorer.session.save_now()
    again = open_explorer("")
    settle(again)
    assert again.store.state == explorer.store.state
    assert side(again).planner.plan.code == pytest.approx(there)
    assert again.panels.decoded.compared.isVisible()
    assert again.window.action("compare").isChecked()


def test_a_session_whose_b_is_gone_opens_with_a_and_says_so(
    explorer: "Explorer", settle: Settle, stubs: "SaveStub", open_explorer: Callable[[str], "Explorer"]
) -> None:
    other = stubs()
    explorer.comparison.compare_with(str(other))
    settle(explorer)
    explorer.session.save_now()
    other.unlink()
    again = open_explorer("")
    settle(again)
    assert again.planner.opened is not None
    assert other.name in again.panels.decoded.compared.words()
    again.store.update(code=(0.5, 0.5))
    settle(again)
    picture = both(again).link.pictures[0]
    assert picture is not None
    assert picture.code == (0.5, 0.5)


def test_undo_ends_a_comparison_and_redo_brings_it_back(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.store.undo()
    settle(explorer)
    assert explorer.comparison.shown is None
    explorer.store.redo()
    settle(explorer)
    assert side(explorer).planner.opened is not None


def test_b_is_taken_away_while_it_loads(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    for _ in range(3):
        explorer.comparison.compare_with(str(wide_run))
        explorer.comparison.set_shown(False)
    settle(explorer)
    assert explorer.comparison.shown is None
    assert explorer.comparison._ending == []
    assert not explorer.panels.decoded.compared.isVisible()


def test_nothing_runs_after_the_window_closed_in_the_middle(
    explorer: "Explorer", settle: Settle, wide_run: Path, stubs: "SaveStub"
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.comparison.compare_with(str(stubs("stub")))
    explorer.store.update(code=(1.0, 1.0))
    QApplication.processEvents()
    threads = side(explorer).decoder._threads()
    explorer.close()
    assert all(thread.isFinished() for thread in threads)


def test_no_comparison_costs_nothing(explorer: "Explorer", settle: Settle) -> None:
    assert explorer.comparison.shown is None
    assert explorer.store.state == SessionState(
        model=explorer.store.state.model,
        code=explorer.store.state.code,
        map=explorer.store.state.map,
        comparison=ComparisonChoice(),
    )


def maps(explorer: "Explorer") -> list[LatentMap]:
    return [explorer.panels.latent_map, both(explorer).map.map]


def test_maps_of_like_codes_are_linked(
    explorer: "Explorer", settle: Settle, digits_run: Path, mouse: type["Mouse"]
) -> None:
    explorer.comparison.compare_with(str(snapshots(digits_run)[0]))
    settle(explorer)
    first, second = maps(explorer)
    assert abs(first.viewport.width - second.viewport.width) <= 2
    assert second.viewport.scale == pytest.approx(first.viewport.scale, rel=0.02)
    mouse(second).turn(second.position_of(1.0, 1.0), 3.0)
    settle(explorer)
    assert first.viewport.scale == pytest.approx(second.viewport.scale, rel=0.02)
    assert (first.viewport.centre_u, first.viewport.centre_v) == pytest.approx(
        (second.viewport.centre_u, second.viewport.centre_v), abs=1e-6
    )
    scale = second.viewport.scale
    settle(explorer)
    assert second.viewport.scale == scale, "views do not grow by going to and fro"
    explorer.window.action("home_view").trigger()
    settle(explorer)
    assert first.shows_home()
    assert second.shows_home()
    explorer.map.set_points_shown(False)
    assert not second._shown_layers[1]


def test_the_ring_dragged_in_b_leads_a_and_is_one_step_of_undo(
    explorer: "Explorer", settle: Settle, digits_run: Path, mouse: type["Mouse"]
) -> None:
    explorer.comparison.compare_with(str(snapshots(digits_run)[0]))
    settle(explorer)
    first, second = maps(explorer)
    before = explorer.store.state.code
    mouse(second).drag([second.position_of(*place) for place in ((0.0, 0.0), (0.5, 0.5), (1.0, -0.5))])
    settle(explorer)
    assert explorer.store.state.code == pytest.approx((1.0, -0.5), abs=0.02)
    assert first.ring == pytest.approx(second.ring)
    explorer.store.undo()
    settle(explorer)
    assert explorer.store.state.code == before
    assert second.ring == pytest.approx(before)


def test_the_ring_dragged_in_b_of_another_space_takes_a_to_its_picture(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path, mouse: type["Mouse"]
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    second = maps(explorer)[1]
    mouse(second).click(second.position_of(1.0, -1.0))
    settle(explorer)
    there = side(explorer).planner.plan.code
    assert there[:2] == pytest.approx((1.0, -1.0), abs=0.05)
    given = decoded(open_model(str(wide_run), 1), there)
    expected = open_model(str(digits_run), 1).encode(given[None])[0][0]
    assert explorer.store.state.code == pytest.approx(expected.tolist(), abs=1e-4)
    assert "A stands at what B decodes" in explorer.panels.decoded.compared.words()


def test_b_of_another_space_has_a_plane_of_its_own(
    explorer: "Explorer", settle: Settle, wide_run: Path, digits_run: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    second = both(explorer).map
    assert second.bar.isVisible()
    assert not second.bar._home.isVisible(), "what is drawn is chosen once for both"
    second.bar.plane_chosen.emit(PlaneChoice("dimensions", 3, 4))
    settle(explorer)
    assert side(explorer).planner.plan.plane is not None
    assert explorer.store.state.comparison.map.plane == PlaneChoice("dimensions", 3, 4)
    assert explorer.store.state.map.plane == PlaneChoice()
    explorer.comparison.compare_with(str(snapshots(digits_run)[0]))
    settle(explorer)
    assert not second.bar.isVisible()


def test_what_is_selected_on_b_is_selected_on_both(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    first, second = maps(explorer)
    second.points_chosen.emit(np.array([3, 5]), "replace")
    settle(explorer)
    assert explorer.selection.selected.tolist() == [3, 5]
    for shown_on in (first, second):
        chosen = shown_on._chosen
        assert chosen is not None
        assert np.flatnonzero(chosen).tolist() == [3, 5]


def test_the_map_of_a_has_all_the_room_again(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    width = explorer.panels.latent_map.width()
    legend = explorer.panels.latent_map._legend.isVisible()
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    assert explorer.panels.latent_map.width() < 0.6 * width
    assert not explorer.panels.latent_map._legend.isVisible(), "one legend for both"
    explorer.comparison.set_shown(False)
    settle(explorer)
    assert explorer.panels.latent_map.width() == width
    assert explorer.panels.latent_map._legend.isVisible() == legend


def test_reconstructions_and_samples_of_both_are_of_the_same_items_and_noise(
    explorer: "Explorer", settle: Settle, digits_run: Path, qtbot: "QtBot"
) -> None:
    earlier = snapshots(digits_run)[0]
    explorer.comparison.compare_with(str(earlier))
    explorer.store.update(samples=replace(explorer.store.state.samples, count=9, seed=5))
    settle(explorer)
    grids = both(explorer).grids
    assert grids.reconstructions.isVisible()
    assert explorer.panels.reconstructions.isVisible()
    assert not grids.reconstructions._controls.isVisible(), "what is shown is chosen once for both"
    panels = (explorer.panels.reconstructions, grids.reconstructions)
    originals, reconstructions = ([image_pixels(panel._grid._images[layer]) for panel in panels] for layer in (0, 1))
    np.testing.assert_array_equal(originals[0], originals[1])
    assert (reconstructions[0] != reconstructions[1]).any()
    drawn = [image_pixels(panel._grid._images[0]) for panel in (explorer.panels.samples, grids.samples)]
    model = open_model(str(earlier), 1)
    expected = model.decode(model.sample_codes(9, 1.0, 5)).reshape(9, -1)
    cells = drawn[1][..., 0].reshape(-1, 8, drawn[1].shape[1] // 8, 8).swapaxes(1, 2).reshape(-1, 64)[:9]
    np.testing.assert_array_equal(cells, expected)
    assert (drawn[0] != drawn[1]).any()


def test_an_item_taken_from_b_leads_both(explorer: "Explorer", settle: Settle, digits_run: Path) -> None:
    explorer.comparison.compare_with(str(snapshots(digits_run)[0]))
    settle(explorer)
    both(explorer).grids.samples.item_activated.emit(2)
    settle(explorer)
    assert explorer.store.state.code == side(explorer).planner.plan.code
    explorer.store.undo()
    settle(explorer)
    assert explorer.store.state.code == side(explorer).planner.plan.code


def test_a_key_point_from_b_is_one_of_the_path_only_where_codes_are_alike(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    both(explorer).grids.samples.key_point_wanted.emit(0)
    assert "no key point of A's path" in explorer.window.message()
    assert not explorer.store.state.path.keys
    explorer.comparison.compare_with(str(snapshots(digits_run)[0]))
    settle(explorer)
    both(explorer).grids.samples.key_point_wanted.emit(0)
    assert [key.name for key in explorer.store.state.path.keys] == ["Sample 1, seed 0 of B"]


def test_the_panels_are_as_before_when_it_ends(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    panel = explorer.panels.reconstructions
    width = panel._grid.width()
    for _ in range(2):
        explorer.comparison.compare_with(str(wide_run))
        settle(explorer)
        assert panel._grid.width() < 0.6 * width
        explorer.comparison.set_shown(False)
        settle(explorer)
        assert panel._grid.width() == width
        assert panel.beside.count() == 1


def test_nothing_of_the_b_before_stands_under_the_name_of_another(
    explorer: "Explorer", settle: Settle, tmp_path: Path, wide_run: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.comparison.compare_with(str(tmp_path / "gone.safetensors"))
    settle(explorer)
    there = both(explorer)
    for panel in (there.grids.reconstructions, there.grids.samples):
        assert panel._pages.currentWidget() is panel._empty
    assert not there.grids.samples._note.isVisible()
    assert there.map.map._empty.isVisible()
    assert not there.map.bar.isVisible()
    assert explorer.panels.latent_map._legend.isVisible()


def test_what_is_exported_names_both_models_and_restores_a(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path, tmp_path: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    explorer.store.update(code=(0.5, -0.5))
    settle(explorer)
    one, other = shown(explorer)
    file = tmp_path / "pair.png"
    explorer.window.action("export_pair").trigger()
    dialog = explorer.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.export_chosen.emit(str(file), ExportOptions(scale=2, columns=3, titled=False))
    dialog.close()
    dialog.setParent(None)
    settle(explorer)
    with Image.open(file) as picture:
        written = np.array(picture.convert("RGB"))
    assert written.shape == (16, 3 * 16 + 2 * 2, 3)
    for place, pixels in enumerate((one, other)):
        left = place * 18
        expected = np.rint(np.clip(pixels, 0.0, 1.0) * 255.0)[0].astype(np.uint8)
        np.testing.assert_array_equal(written[::2, left : left + 16 : 2, 0], expected)
    np.testing.assert_array_equal(written[::2, 36::2], difference_map(one, other))
    about = read_provenance(file)
    assert about is not None
    assert about.beside is not None
    opened = side(explorer).planner.opened
    assert opened is not None
    assert about.beside.digest == opened.facts.digest != about.digest
    assert about.beside.code == pytest.approx(side(explorer).planner.plan.code)
    assert str(wide_run) not in about.text()
    explorer.store.update(code=(0.0, 0.0))
    explorer.window.file_dropped.emit(str(file))
    settle(explorer)
    assert (explorer.store.state.model, explorer.store.state.code) == (str(digits_run), (0.5, -0.5))


def test_pictures_of_other_sizes_are_exported_as_they_are(
    explorer: "Explorer", settle: Settle, stubs: "SaveStub"
) -> None:
    explorer.model.open(str(stubs(blocks=MIXED)))
    settle(explorer)
    explorer.comparison.compare_with("shipped:digits")
    settle(explorer)
    thing = both(explorer).exportable()
    assert thing is not None
    drawn = thing.picture(1)
    assert drawn.shape == (28, 2 * 28 + 2, 3)
    assert (drawn[0, :28] == 255).all(), "the smaller one stands in the middle of room"
    first = both(explorer).link.pictures[0]
    assert first is not None
    np.testing.assert_array_equal(drawn[10:18, 10:18, :1], first.picture)


def test_nothing_is_exported_where_nothing_is_compared(explorer: "Explorer") -> None:
    explorer.window.action("export_pair").trigger()
    assert "nothing" in explorer.window.message().lower()


def test_a_and_b_are_the_chosen_rows_of_the_metrics(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    assert explorer.store.state.metrics.runs == (str(digits_run), str(wide_run))
    explorer.comparison.compare_with(str(snapshots(wide_run)[0]))
    assert explorer.store.state.metrics.runs == (str(digits_run), str(wide_run)), "a snapshot belongs to its run"
    settle(explorer)


def test_what_is_known_of_both_stands_in_two_columns(
    explorer: "Explorer", settle: Settle, wide_run: Path, press: "Press"
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    press(both(explorer).bar, "What is known of A and B, in two columns")
    dialog = explorer.window.findChild(TextDialog)
    assert isinstance(dialog, TextDialog)
    text = dialog.findChildren(QLabel)[0].text()
    counts = [
        f"{sum(one.numel() for one in load_model(find_checkpoint(Path(path))).parameters()):,}"
        for path in (explorer.model.path, str(wide_run))
    ]
    assert f"<td>Parameters</td><td><b>{counts[0]}</b></td><td><b>{counts[1]}</b></td>" in text
    assert "<td>Data</td><td>digits</td><td>digits</td>" in text
    dialog.close()
