"""The panels of two models side by side: maps, reconstructions, samples, metrics and what is exported."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel

from explorer.services.network import open_model
from explorer.state.export_values import ExportOptions
from explorer.state.session_state import PlaneChoice
from explorer.views.export_dialog import ExportDialog
from explorer.views.text_dialog import TextDialog
from explorer.views.widgets.pictures import image_pixels
from tests.explorer.compared_models import both, decoded, maps, shown, side, snapshots
from tests.explorer.stub_models import MIXED
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.export.difference_map import difference_map
from trainers.export.picture_formats import read_provenance

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from explorer.app import Explorer
    from tests.explorer.conftest import Mouse, Press, SaveStub

Settle = Callable[["Explorer"], None]


@pytest.fixture
def explorer(open_explorer: Callable[[str], "Explorer"], settle: Settle, digits_run: Path) -> "Explorer":
    window = open_explorer(str(digits_run))
    settle(window)
    return window


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
    assert explorer.window.message() == "There is no second model yet; choose one with A | B."


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
