"""Rows of the slider list that are no sliders: headings, choices, and the one that shows more."""

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget
from superqt import QElidingLabel

from explorer.state.slider_values import CategorySpec, SliderGroup
from explorer.views.icons import icon
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import muted_label
from explorer.views.widgets.slider_entries import Heading, More

# Rounding on the way through a network's numbers is no leaving of the ball.
_OUTSIDE = 1.0 + 1e-5


class HeadingRow(QWidget):
    """The title of a group. folded(name): the person folds the group away or unfolds it."""

    folded = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group: SliderGroup | None = None
        self.button = QToolButton()
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.setProperty("role", "heading")
        self.button.clicked.connect(self._tell)
        self._note = muted_label()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 8, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button, stretch=1)
        layout.addWidget(self._note)

    def show_heading(self, heading: Heading, code: Sequence[float]) -> None:
        """Show a title, and where the code stands."""
        self._group = heading.group
        self.button.setText(heading.group.title)
        self.button.setIcon(icon("chevron_down" if heading.is_open else "chevron_right"))
        self.button.setToolTip(f"{'Fold away' if heading.is_open else 'Unfold'}: {heading.group.title}")
        self.button.setAccessibleName(heading.group.title)
        self.show_code(code)

    def show_code(self, code: Sequence[float]) -> None:
        """Say how far from 0 the numbers of a ball lie together."""
        ball = self._group.ball if self._group is not None else None
        self._note.setVisible(ball is not None)
        if ball is None:
            return
        length = math.hypot(*code[ball[0] : ball[0] + ball[1]])
        is_outside = length > _OUTSIDE
        self._note.setText(f"length {length:.2f}{', outside' if is_outside else ''}")
        self._note.setToolTip("Distance from the middle of the ball; beyond 1 lies outside what the model has learned")
        if self._note.property("role") != ("error" if is_outside else "muted"):
            self._note.setProperty("role", "error" if is_outside else "muted")
            self._note.style().polish(self._note)

    def _tell(self) -> None:
        if self._group is not None:
            self.folded.emit(self._group.name)


class CategoryRow(QWidget):
    """One of several categories. chosen(CategorySpec, place): the person chose one."""

    chosen = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec: CategorySpec | None = None
        self._name = QElidingLabel("")
        self.box = ChoiceBox("Category")
        self.box.setPlaceholderText("a mixture")
        self.box.activated.connect(self._tell)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 4, 0)
        layout.setSpacing(4)
        layout.addWidget(self._name)
        layout.addWidget(self.box, stretch=1)

    def show_category(self, spec: CategorySpec, code: Sequence[float], *, name_width: int) -> None:
        """Show which category a code has."""
        self._spec = spec
        self._name.setText(spec.name)
        self._name.setToolTip(spec.name)
        self._name.setFixedWidth(name_width)
        self.box.setAccessibleName(spec.name)
        self.box.setToolTip(f"Which of its {len(spec.choices)} categories {spec.name} is")
        self.box.set_choices(spec.choices)
        self.show_code(code)

    def show_code(self, code: Sequence[float]) -> None:
        """Show which category a code has; announces nothing."""
        if self._spec is not None:
            self.box.setCurrentIndex(self._spec.place(tuple(code)))

    def _tell(self, place: int) -> None:
        if self._spec is not None:
            self.chosen.emit(self._spec, place)


class MoreRow(QWidget):
    """Shows the rest of a group. wanted(name): the person wants it, or only its first controls again."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._more: More | None = None
        self.button = QPushButton(autoDefault=False)
        self.button.clicked.connect(self._tell)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 4, 0)
        layout.addWidget(self.button)
        layout.addStretch()

    def show_more(self, more: More) -> None:
        """Show how many controls are hidden."""
        self._more = more
        self.button.setText(f"Show {more.hidden:,} more" if more.hidden else "Show fewer")
        self.button.setToolTip(f"{self.button.text()} of {len(more.group.controls):,}")

    def _tell(self) -> None:
        if self._more is not None:
            self.wanted.emit(self._more.group.name)
