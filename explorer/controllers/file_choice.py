"""Asking for a file or folder without stopping the window."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget


class FileChoice(QObject):
    """Dialogs for files; one at a time.

    chosen: purpose and path, when the person chose one.
    """

    chosen = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._purpose = ""

    def ask_file(self, purpose: str, title: str, filters: str) -> None:
        """Ask for a file that exists."""
        self._show(purpose, QFileDialog(self._window, title, "", filters), QFileDialog.FileMode.ExistingFile)

    def ask_folder(self, purpose: str, title: str) -> None:
        """Ask for a folder that exists."""
        self._show(purpose, QFileDialog(self._window, title), QFileDialog.FileMode.Directory)

    def ask_new_file(self, purpose: str, title: str, filters: str, suggestion: str) -> None:
        """Ask where to write a file."""
        dialog = QFileDialog(self._window, title, suggestion, filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._show(purpose, dialog, QFileDialog.FileMode.AnyFile)

    def _show(self, purpose: str, dialog: QFileDialog, mode: QFileDialog.FileMode) -> None:
        self._purpose = purpose
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._announce)
        dialog.open()

    @Slot(str)
    def _announce(self, path: str) -> None:
        self.chosen.emit(self._purpose, path)
