"""Where something is written, as what kind of file, and how it looks."""

from pathlib import Path
from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer.state.export_values import FILM_SUFFIXES, PICTURE_SUFFIXES, Background, ExportOffer, ExportOptions
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import SentenceLabel, enable, icon_button, muted_label, push_button
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox

_LARGEST_SCALE, _MOST_COLUMNS, _MOST_TILES = 64, 1000, 100
_GAP = 2
_PICTURES = f"Pictures ({' '.join(f'*{suffix}' for suffix in PICTURE_SUFFIXES)})"
_FILMS = f"Films ({' '.join(f'*{suffix}' for suffix in FILM_SUFFIXES)})"


class ExportDialog(QDialog):
    """Asks for a file and for what makes sense of scale, columns, titles, background, and the speed of a film.

    It does not stop the window behind it. export_chosen, command_wanted, python_wanted(path, `ExportOptions`).
    """

    export_chosen = Signal(str, object)
    command_wanted = Signal(str, object)
    python_wanted = Signal(str, object)

    def __init__(self, offer: ExportOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle(offer.title)
        self._offer = offer
        self._path = QLineEdit(offer.file)
        self._path.setAccessibleName("File")
        self._path.setToolTip("File that is written; its ending says the kind")
        self._browse = icon_button("open", "Choose another file")
        options = offer.options
        self._scale = _number(1, _LARGEST_SCALE, options.scale, "Scale")
        self._scale.setToolTip(f"Every pixel becomes so many pixels in both directions, from 1 to {_LARGEST_SCALE}")
        self._columns = _number(1, _MOST_COLUMNS, options.columns, "Columns")
        self._columns.setToolTip("Pictures in a row")
        self._tiles = _number(1, _MOST_TILES, options.tiles, "Tiles")
        self._tiles.setToolTip("Tiles from left to right")
        self._background = ChoiceBox(
            "Background", "What fills the gaps", (name.title() for name in get_args(Background))
        )
        self._titled = QCheckBox("Titles of columns and rows")
        self._titled.setChecked(options.titled)
        self._speed = NumberBox(0.1, 120.0)
        self._speed.setValue(options.frames_per_second)
        self._speed.setAccessibleName("Pictures a second")
        self._back = QCheckBox("And back again, so that it loops")
        self._back.setChecked(options.there_and_back)
        self._result = muted_label()
        self._problem = SentenceLabel(is_error=True)
        self._command = push_button("Copy as command", "")
        self._python = push_button("Copy as Python", "")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._export = QPushButton("Export", default=True)
        self._export.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self._describe()

    def accept(self) -> None:
        """Announce file and options, and close."""
        self.export_chosen.emit(self._file(), self.options())
        super().accept()

    def options(self) -> ExportOptions:
        """What is chosen now."""
        return ExportOptions(
            scale=self._scale.value(),
            columns=self._columns.value(),
            tiles=self._tiles.value(),
            background=get_args(Background)[self._background.currentIndex()],
            titled=self._titled.isChecked(),
            frames_per_second=self._speed.value(),
            there_and_back=self._back.isChecked(),
        )

    def _lay_out(self) -> None:
        offer = self._offer
        file = QHBoxLayout()
        file.addWidget(self._path, stretch=1)
        file.addWidget(self._browse)
        scale = QHBoxLayout()
        scale.addWidget(self._scale)
        scale.addWidget(self._result, stretch=1)
        self._form = QFormLayout()
        self._form.addRow("File", file)
        self._form.addRow("Scale", scale)
        rows = (
            ("Columns", self._columns, offer.has_columns),
            ("Tiles", self._tiles, offer.has_tiles),
            ("Background", self._background, offer.count > 1 and not offer.has_tiles),
            ("", self._titled, offer.has_titles),
            ("Pictures a second", self._speed, offer.has_film),
            ("", self._back, offer.has_film),
        )
        for label, editor, is_offered in rows:
            self._form.addRow(label, editor)
            self._form.setRowVisible(editor, is_offered)
        for button in (self._command, self._python):
            self._buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.addButton(self._export, QDialogButtonBox.ButtonRole.AcceptRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(self._form)
        layout.addWidget(self._problem)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(480)

    def _connect(self) -> None:
        self._path.textChanged.connect(self._describe)
        for box in (self._scale, self._columns, self._tiles):
            box.valueChanged.connect(self._describe)
        self._background.currentIndexChanged.connect(self._describe)
        self._browse.clicked.connect(self._choose_file)
        self._command.clicked.connect(lambda: self.command_wanted.emit(self._file(), self.options()))
        self._python.clicked.connect(lambda: self.python_wanted.emit(self._file(), self.options()))
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _describe(self) -> None:
        film = self._suffix() in FILM_SUFFIXES
        for editor in (self._speed, self._back):
            self._form.setRowVisible(editor, self._offer.has_film and film)
        self._result.setText(self._size_text(film))
        problem = self._file_problem()
        self._problem.show_sentence(problem)
        self._problem.setVisible(bool(problem))
        enable(self._export, "Write the file", problem)
        for button, tooltip in (
            (self._command, "Copy a command that writes the same pixels"),
            (self._python, "Copy a Python script that writes the same pixels"),
        ):
            enable(button, tooltip, self._offer.scripts_missing or problem)

    def _size_text(self, film: bool) -> str:
        offer, options = self._offer, self.options()
        height, width = (
            side * options.scale + gaps * _GAP
            for side, gaps in zip((offer.height, offer.width), offer.gaps, strict=True)
        )
        if film:
            captions = " and captions" if offer.captioned else ""
            return f"{width} × {height} pixels{captions}, {offer.count} picture{'' if offer.count == 1 else 's'}"
        if offer.has_tiles:
            columns, gap = options.tiles, 0
            rows = max(1, round(columns * offer.count / offer.options.tiles**2))
        else:
            columns, gap = min(options.columns, offer.count), _GAP
            rows = -(-offer.count // columns)
        titles = ", and titles" if offer.captioned or (offer.has_titles and options.titled) else ""
        return f"{columns * (width + gap) - gap} × {rows * (height + gap) - gap} pixels{titles}"

    def _file(self) -> str:
        return self._path.text().strip()

    def _suffix(self) -> str:
        return Path(self._file()).suffix.lower()

    def _file_problem(self) -> str:
        if not self._file():
            return "Name a file to write."
        kinds = PICTURE_SUFFIXES + (FILM_SUFFIXES if self._offer.has_film else ())
        if self._suffix() not in kinds:
            return f"Let the name end in {', '.join(kinds[:-1])} or {kinds[-1]}."
        folder = Path(self._file()).expanduser().absolute().parent
        if not folder.is_dir():
            return f"There is no folder {folder}."
        is_clear = self._background.currentIndex() == get_args(Background).index("transparent")
        if is_clear and self._suffix() == ".pdf":
            return "A PDF cannot be transparent; choose another background or a PNG."
        return ""

    def _choose_file(self) -> None:
        filters = ";;".join([_PICTURES, *([_FILMS] if self._offer.has_film else [])])
        dialog = QFileDialog(self, self.windowTitle(), self._path.text(), filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(self._path.setText)
        dialog.open()
        dialog.finished.connect(dialog.deleteLater)


def _number(minimum: int, maximum: int, value: int, name: str) -> WholeNumberBox:
    box = WholeNumberBox(minimum, maximum)
    box.setValue(value)
    box.setKeyboardTracking(True)
    box.setAccessibleName(name)
    return box
