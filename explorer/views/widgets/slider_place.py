"""One place of the slider list: whatever row belongs there at the moment."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.state.slider_values import CategorySpec, SliderSpec
from explorer.views.widgets.group_rows import CategoryRow, HeadingRow, MoreRow
from explorer.views.widgets.slider_entries import Entry, Heading, More
from explorer.views.widgets.slider_row import ROW_HEIGHT, SliderRow


class SliderPlace(QWidget):
    """Shows one entry after another; the widgets for a kind of entry are built when the first one comes.

    drag_started(), moved(dimension, value), drag_finished(), reset_requested(dimension); chosen(CategorySpec, place);
    lock_requested(dimension, locked); about_requested(dimension);
    folded(name), more_wanted(name): of a group. left(step): an arrow key leaves the slider, up (-1) or down (1).
    """

    drag_started = Signal()
    moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)
    lock_requested = Signal(int, bool)
    about_requested = Signal(int)
    chosen = Signal(object, int)
    folded = Signal(str)
    more_wanted = Signal(str)
    left = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(ROW_HEIGHT)
        self._entry: Entry | None = None
        self._shown: QWidget | None = None
        self._slider: SliderRow | None = None
        self._heading: HeadingRow | None = None
        self._category: CategoryRow | None = None
        self._more: MoreRow | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    @property
    def slider_row(self) -> SliderRow | None:
        """The slider's row, while a slider is shown here."""
        return self._slider if isinstance(self._entry, SliderSpec) else None

    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard here, in order."""
        if self._slider is not None and isinstance(self._entry, SliderSpec):
            return self._slider.controls()
        if self._category is not None and isinstance(self._entry, CategorySpec):
            return (self._category.box,)
        if self._heading is not None and isinstance(self._entry, Heading):
            return (self._heading.button,)
        return (self._more.button,) if self._more is not None and isinstance(self._entry, More) else ()

    def show_entry(self, entry: Entry, code: Sequence[float], *, has_activity: bool, name_width: int) -> None:
        """Show an entry with the numbers of a code; announces nothing."""
        if not isinstance(entry, SliderSpec):
            self._forget_slider()
        self._entry = entry
        if isinstance(entry, SliderSpec):
            row = self._slider_row()
            row.show_slider(entry, code[entry.dimension], has_activity=has_activity, name_width=name_width)
            self._bring(row)
        elif isinstance(entry, CategorySpec):
            self._bring(self._category_row())
            self._category_row().show_category(entry, code, name_width=name_width)
        elif isinstance(entry, Heading):
            self._bring(self._heading_row())
            self._heading_row().show_heading(entry, code)
        else:
            self._bring(self._more_row())
            self._more_row().show_more(entry)

    def show_code(self, code: Sequence[float]) -> None:
        """Show the numbers of a code; announces nothing."""
        if isinstance(self._entry, SliderSpec):
            self._slider_row().show_value(code[self._entry.dimension])
        elif isinstance(self._entry, CategorySpec):
            self._category_row().show_code(code)
        elif isinstance(self._entry, Heading):
            self._heading_row().show_code(code)

    def show_nothing(self) -> None:
        """Belong to no entry, and so have nothing to announce."""
        self._forget_slider()
        self._entry = None

    def _forget_slider(self) -> None:
        # Before it is hidden: a box that loses the keyboard says what was typed into it.
        if self._slider is not None:
            self._slider.show_nothing()

    def _bring(self, row: QWidget) -> None:
        if row is self._shown:
            return
        if self._shown is not None:
            self._shown.hide()
        self._shown = row
        row.show()

    def _slider_row(self) -> SliderRow:
        if self._slider is None:
            self._slider = SliderRow(self)
            self._slider.drag_started.connect(self.drag_started)
            self._slider.moved.connect(self.moved)
            self._slider.drag_finished.connect(self.drag_finished)
            self._slider.reset_requested.connect(self.reset_requested)
            self._slider.lock_requested.connect(self.lock_requested)
            self._slider.about_requested.connect(self.about_requested)
            self._slider.slider.left.connect(self.left)
            self._layout.addWidget(self._slider)
        return self._slider

    def _category_row(self) -> CategoryRow:
        if self._category is None:
            self._category = CategoryRow(self)
            self._category.chosen.connect(self.chosen)
            self._layout.addWidget(self._category)
        return self._category

    def _heading_row(self) -> HeadingRow:
        if self._heading is None:
            self._heading = HeadingRow(self)
            self._heading.folded.connect(self.folded)
            self._layout.addWidget(self._heading)
        return self._heading

    def _more_row(self) -> MoreRow:
        if self._more is None:
            self._more = MoreRow(self)
            self._more.wanted.connect(self.more_wanted)
            self._layout.addWidget(self._more)
        return self._more
