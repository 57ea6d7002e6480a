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
        self._purpose = self._suffix = ""

    def ask_file(self, purpose: str, title: str, filters: str) -> None:
        """Ask for a file that exists."""
        self._show(purpose, QFileDialog(self._window, title, "", filters), QFileDialog.FileMode.ExistingFile)

    def ask_folder(self, purpose: str, title: str) -> None:
        """Ask for a folder that exists."""
        self._show(purpose, QFileDialog(self._window, title), QFileDialog.FileMode.Directory)

    def ask_new_file(self, purpose: str, title: str, filters: str, suggestion: str, suffix: str = "") -> None:
        """Ask where to write a file.

        suffix: how its name ends, such as ".csv", also where the person does not type it; the dialog then knows of the
        file that would be replaced.
        """
        dialog = QFileDialog(self._window, title, suggestion, filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        self._show(purpose, dialog, QFileDialog.FileMode.AnyFile, suffix)

    def _show(self, purpose: str, dialog: QFileDialog, mode: QFileDialog.FileMode, suffix: str = "") -> None:
        self._purpose, self._suffix = purpose, suffix
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._announce)
        dialog.open()

    @Slot(str)
    def _announce(self, path: str) -> None:
        is_whole = path.lower().endswith(self._suffix)
        self.chosen.emit(self._purpose, path if is_whole else f"{path}{self._suffix}")
