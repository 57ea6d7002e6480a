"""How directions lie to each other, beside how the attributes themselves correlate."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from explorer.state.direction_values import Correlations
from explorer.views.widgets.controls import icon_button, muted_label
from explorer.views.widgets.correlation_diagram import CorrelationDiagram
from explorer.views.widgets.widget_picture import widget_picture

_LARGEST = QSize(1400, 900)


class CorrelationDialog(QDialog):
    """The diagram, which scrolls where it is large; it does not stop the window behind it.

    export_requested(), copy_requested().
    """

    export_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("correlation_dialog")
        self.setWindowTitle("Correlations of directions and attributes")
        self._diagram = CorrelationDiagram()
        self._note = muted_label("", wraps=True)
        copy = icon_button("copy", "Copy the diagram to the clipboard")
        export = icon_button("export", "Export the diagram")
        copy.clicked.connect(self.copy_requested)
        export.clicked.connect(self.export_requested)
        scroll = QScrollArea()
        scroll.setWidget(self._diagram)
        scroll.setWidgetResizable(True)
        bar = QHBoxLayout()
        bar.addWidget(self._note, stretch=1)
        bar.addWidget(copy)
        bar.addWidget(export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(scroll, stretch=1)
        layout.addLayout(bar)

    def show_correlations(self, shown: Correlations, note: str) -> None:
        """Show two tables, and say in a line what they are of."""
        self._diagram.show_correlations(shown)
        self._note.setText(note)
        wanted = self._diagram.sizeHint() + QSize(24, 72)
        self.resize(self.size().expandedTo(wanted).boundedTo(_LARGEST))

    def picture(self, scale: int) -> QImage:
        """The whole diagram, each pixel of it `scale` wide and high."""
        return widget_picture(self._diagram, self._diagram.sizeHint(), scale)
