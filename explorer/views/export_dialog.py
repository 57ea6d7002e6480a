"""Where a picture is written and how large."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
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

from explorer.views.widgets.controls import SentenceLabel, icon_button, muted_label
from explorer.views.widgets.number_boxes import WholeNumberBox

_LARGEST_SCALE = 64


class ExportDialog(QDialog):
    """Asks for a file and a whole-number scale; it does not stop the window behind it.

    export_chosen(path, scale).
    """

    export_chosen = Signal(str, int)

    def __init__(self, title: str, path: str, size: tuple[int, int], scale: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle(title)
        self._size = size
        self._path = QLineEdit(path)
        self._path.setToolTip("File that is written")
        self._path.setAccessibleName("File")
        self._browse = icon_button("open", "Choose another file")
        self._scale = WholeNumberBox(1, _LARGEST_SCALE)
        self._scale.setValue(scale)
        self._scale.setKeyboardTracking(True)
        self._scale.setToolTip(f"Every pixel becomes so many pixels in both directions, from 1 to {_LARGEST_SCALE}")
        self._scale.setAccessibleName("Scale")
        self._result = muted_label()
        self._problem = SentenceLabel(is_error=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._export = QPushButton("Export", default=True)
        self._export.setProperty("role", "primary")
        self._buttons.addButton(self._export, QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self._path.textChanged.connect(self._describe)
        self._scale.valueChanged.connect(self._describe)
        self._browse.clicked.connect(self._choose_file)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._describe()

    def accept(self) -> None:
        """Announce file and scale, and close."""
        self.export_chosen.emit(self._path.text().strip(), self._scale.value())
        super().accept()

    def _lay_out(self) -> None:
        file = QHBoxLayout()
        file.addWidget(self._path, stretch=1)
        file.addWidget(self._browse)
        scale = QHBoxLayout()
        scale.addWidget(self._scale)
        scale.addWidget(self._result, stretch=1)
        form = QFormLayout()
        form.addRow("File", file)
        form.addRow("Scale", scale)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(self._problem)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(440)

    def _describe(self) -> None:
        width, height = (side * self._scale.value() for side in self._size)
        self._result.setText(f"{width} × {height} pixels")
        text = self._path.text().strip()
        problem = ""
        if not text:
            problem = "Name a file to write."
        elif not Path(text).expanduser().absolute().parent.is_dir():
            problem = f"There is no folder {Path(text).expanduser().absolute().parent}."
        self._problem.show_sentence(problem)
        self._problem.setVisible(bool(problem))
        self._export.setEnabled(not problem)
        self._export.setToolTip(problem or "Write the file")

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.windowTitle(), self._path.text(), "PNG pictures (*.png)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(self._path.setText)
        dialog.open()
        dialog.finished.connect(dialog.deleteLater)
