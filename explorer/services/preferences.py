"""What the window remembers of the person between two starts."""

from pathlib import Path
from typing import Literal, cast

from PySide6.QtCore import QByteArray, QSettings

Theme = Literal["system", "light", "dark"]
_FILES_REMEMBERED = 20


class Preferences:
    """Settings of the window in one file under `home`, written as they change."""

    def __init__(self, home: Path) -> None:
        self._settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Theme:
        """The chosen theme."""
        chosen = str(self._settings.value("theme", "system"))
        return cast("Theme", chosen) if chosen in ("light", "dark") else "system"

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._settings.setValue("theme", theme)

    @property
    def keeps_training(self) -> bool:
        """Whether a run goes on when the window closes."""
        return str(self._settings.value("keep_training", "false")) == "true"

    @keeps_training.setter
    def keeps_training(self, keeps: bool) -> None:
        self._settings.setValue("keep_training", "true" if keeps else "false")

    @property
    def layout(self) -> bytes:
        """The layout of the window's panels, empty before the first close."""
        value = self._settings.value("layout")
        return bytes(value.data()) if isinstance(value, QByteArray) else b""

    @layout.setter
    def layout(self, layout: bytes) -> None:
        self._settings.setValue("layout", QByteArray(layout))

    @property
    def opened(self) -> tuple[str, ...]:
        """Paths opened before, the newest first."""
        value = self._settings.value("opened", [])
        return tuple(str(path) for path in value) if isinstance(value, list) else (str(value),)

    def remember_opened(self, path: str) -> None:
        """Put a path first among those opened."""
        others = [other for other in self.opened if other != path]
        self._settings.setValue("opened", [path, *others][:_FILES_REMEMBERED])

    def save(self) -> None:
        """Write now what is written soon anyway."""
        self._settings.sync()
