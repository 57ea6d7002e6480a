"""A picture of one's own dropped on the real window and pasted into it."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.state.session_file import load_session
from explorer.views.export_dialog import ExportDialog
from trainers.data.catalogue import load_dataset
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.engine.named_codes import named_codes
from trainers.export.picture_formats import read_provenance
from trainers.export.recipes import recipe_text
from trainers.export.writing import export_file

if TYPE_CHECKING:
    from explorer.app import Explorer
    from explorer.state.own_picture import OwnPicture
    from tests.explorer.conftest import SaveStub

Settle = Callable[["Explorer"], None]


@pytest.fixture
def explorer(open_explorer: Callable[[str], "Explorer"], settle: Settle, digits_run: Path) -> "Explorer":
    window = open_explorer(str(digits_run))
    settle(window)
    return window


@pytest.fixture
def digit(tmp_path: Path) -> Path:
    """A test digit as a coloured photograph of twice the size."""
    pixels = load_dataset("digits", "test").images[8, 0].numpy()
    file = tmp_path / "digit.png"
    Image.fromarray(pixels).resize((16, 16), Image.Resampling.NEAREST).convert("RGB").save(file)
    return file


def drop(explorer: "Explorer", *files: Path) -> None:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    how = (Qt.DropAction.CopyAction, content, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(explorer.window, QDragEnterEvent(QPoint(40, 40), *how))
    QApplication.sendEvent(explorer.window, QDropEvent(QPointF(40.0, 40.0), *how))


def own_of(explorer: "Explorer") -> "OwnPicture":
    own = explorer.store.state.own_picture
    assert own is not None, explorer.window.message()
    return own


def test_a_dropped_picture_is_encoded_edited_and_taken_back(
    explorer: "Explorer", settle: Settle, digits_run: Path, digit: Path
) -> None:
    before = explorer.store.state
    drop(explorer, digit)
    settle(explorer)
    own = own_of(explorer)
    assert own.note == "resized from 16 × 16 to 8 × 8, turned to grey"
    (named,) = named_codes(load_model(find_checkpoint(digits_run)), [str(digit)], pytest.fail)
    np.testing.assert_allclose(own.code, named.code.numpy(), atol=1e-6)
    assert explorer.store.state.code == own.code
    assert explorer.panels.decoded.own.isVisible()
    explorer.panels.latent_map.setFocus()
    QTest.keyClick(explorer.panels.latent_map, Qt.Key.Key_Right)
    settle(explorer)
    assert explorer.store.state.code != own.code
    explorer.window.action("own_code").trigger()
    assert explorer.store.state.code == own.code
    for _ in range(3):
        explorer.store.undo()
    settle(explorer)
    assert explorer.store.state == before
    assert not explorer.panels.decoded.own.isVisible()


def test_a_pasted_picture_has_the_code_of_its_file(explorer: "Explorer", settle: Settle, digit: Path) -> None:
    drop(explorer, digit)
    settle(explorer)
    dropped = own_of(explorer)
    explorer.window.action("end_picture").trigger()
    QGuiApplication.clipboard().setImage(QImage(str(digit)))
    explorer.panels.latent_map.setFocus()
    QTest.keyClick(explorer.panels.latent_map, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(explorer)
    pasted = own_of(explorer)
    assert pasted.name == "clipboard"
    assert pasted.code == dropped.code


def test_it_comes_back_with_the_session_and_lies_on_the_map(
    explorer: "Explorer", settle: Settle, open_explorer: Callable[[str], "Explorer"], digit: Path, tmp_path: Path
) -> None:
    drop(explorer, digit)
    settle(explorer)
    explorer.store.update(code=(0.25, -0.75))
    explorer.session.save(str(tmp_path / "mine.session.json"))
    state = explorer.store.state
    assert load_session(tmp_path / "mine.session.json") == state
    # As after a crash: what was kept while the window was open is all there is.
    explorer.session.save_now()
    again = open_explorer("")
    settle(again)
    assert again.store.state == state
    assert again.panels.decoded.own.isVisible()
    marks = again.panels.latent_map._own
    assert marks is not None
    assert marks.place == pytest.approx(own_of(again).code)
    assert len(marks.outlines) == 2


def test_a_search_is_cancelled_and_leaves_a_code(
    open_explorer: Callable[[str], "Explorer"],
    settle: Settle,
    stubs: "SaveStub",
    digit: Path,
    qtbot: object,
) -> None:
    explorer = open_explorer(str(stubs("stub")))
    settle(explorer)
    drop(explorer, digit)
    qtbot.waitUntil(lambda: explorer.own._found is not None, timeout=60_000)  # type: ignore[attr-defined]
    explorer.panels.decoded.own.search_cancelled.emit()
    settle(explorer)
    own = own_of(explorer)
    assert len(own.code) == 3
    assert explorer.store.state.code == own.code


def test_the_exported_strip_is_drawn_again_by_a_script_and_restores_the_edit(
    explorer: "Explorer", settle: Settle, digits_run: Path, digit: Path, tmp_path: Path
) -> None:
    drop(explorer, digit)
    settle(explorer)
    explorer.store.update(code=(0.5, 1.0))
    settle(explorer)
    state, file, again = explorer.store.state, tmp_path / "strip.png", tmp_path / "again.png"
    explorer.window.action("export_edited").trigger()
    dialog = explorer.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.export_chosen.emit(str(file), dialog.options())
    dialog.close()
    dialog.setParent(None)
    settle(explorer)
    about = read_provenance(file)
    assert about is not None
    assert about.recipe is not None
    export_file(digits_run, recipe_text(about.recipe), again)
    np.testing.assert_array_equal(_pixels(file), _pixels(again))
    explorer.window.action("end_picture").trigger()
    explorer.store.update(code=(0.0, 0.0))
    drop(explorer, file)
    settle(explorer)
    assert explorer.store.state == state


def test_of_several_dropped_pictures_the_first_is_taken(
    explorer: "Explorer", settle: Settle, digit: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(other)
    drop(explorer, digit, other, other)
    settle(explorer)
    assert own_of(explorer).name == "digit.png"
    assert "drop the other 2 afterwards" in explorer.window.message()


@pytest.mark.parametrize("content", [b"no picture", b"\x89PNG\r\n\x1a\n", b""])
def test_what_is_no_picture_is_a_sentence_and_changes_nothing(
    explorer: "Explorer", settle: Settle, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "broken.png"
    file.write_bytes(content)
    before = explorer.store.state
    drop(explorer, file)
    settle(explorer)
    assert "broken.png" in explorer.window.message()
    assert explorer.store.state == before


def test_a_huge_picture_is_refused_by_its_header(explorer: "Explorer", settle: Settle, tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("1", (8000, 7000)).save(stream, "PNG")
    (tmp_path / "huge.png").write_bytes(stream.getvalue())
    drop(explorer, tmp_path / "huge.png")
    settle(explorer)
    assert "huge.png has 8,000 × 7,000 pixels; the most that are read is 50,000,000" in explorer.window.message()


def _pixels(file: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(file) as picture:
        return np.array(picture)
