"""Three pictures of one size, with words where a fourth would be."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.views.theme import small_font
from explorer.views.widgets.picture_view import PictureView

_PICTURES = 3


class PictureTrio(QWidget):
    """Pictures in two rows, each below its title.

    views, titles: of the three. words: labels that are shown below each other in the fourth place.
    """

    def __init__(self, names: tuple[str, str, str], words: tuple[QLabel, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views = tuple(PictureView() for _ in range(_PICTURES))
        self.titles = tuple(_title(name) for name in names)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for place, (title, view) in enumerate(zip(self.titles, self.views, strict=True)):
            grid.addLayout(_titled(title, view), *divmod(place, 2))
        grid.addWidget(_room_for(words), 1, 1)
        for place in range(2):
            grid.setColumnStretch(place, 1)
            grid.setRowStretch(place, 1)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        for view in self.views:
            view.set_smooth(smooth)


def _room_for(labels: tuple[QLabel, ...]) -> QScrollArea:
    # However long the words are, the pictures stay of one size.
    room, content = QScrollArea(), QWidget()
    room.setWidgetResizable(True)
    room.setFrameShape(QFrame.Shape.NoFrame)
    room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    room.setMinimumSize(64, 64)
    room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    room.setWidget(content)
    words = QVBoxLayout(content)
    words.setContentsMargins(4, 16, 0, 0)
    words.setSpacing(4)
    for label in labels:
        label.setMinimumWidth(32)
        words.addWidget(label)
    words.addStretch()
    return room


def _title(name: str) -> QLabel:
    label = QElidingLabel(name)
    label.setFont(small_font(label))
    label.setProperty("role", "muted")
    label.setMinimumWidth(32)
    return label


def _titled(title: QLabel, view: PictureView) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setSpacing(0)
    box.addWidget(title)
    box.addWidget(view, stretch=1)
    return box
