"""Choosing what to measure of the chosen runs."""

from pathlib import PurePath
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.state.metric_values import MeasureWish, MetricOffer
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import SentenceLabel, enable, push_button, row_label
from explorer.views.widgets.number_boxes import WholeNumberBox

_NAME = Qt.ItemDataRole.UserRole + 1
_SPLITS: tuple[Literal["test", "train"], ...] = ("test", "train")
_MOST_ITEMS, _MOST_SAMPLES, _MOST_WEIGHTS = 10_000_000, 1_000_000, 10_000


class MeasureDialog(QDialog):
    """A list of metrics to tick, and how they are measured; it does not stop the window behind it.

    measure_requested(MeasureWish). weights_wanted(): the file of the weights of Inception-v3 is to be chosen.
    """

    measure_requested = Signal(object)
    weights_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("measure_dialog")
        self.setWindowTitle("Measure")
        self._paths: tuple[str, ...] = ()
        self._about = QLabel(wordWrap=True)
        self._metrics = QListWidget()
        self._metrics.setSpacing(3)
        self._metrics.setAccessibleName("Metrics; Space ticks one")
        self._split = ChoiceBox("Split", "Which part of the data is measured on", _SPLITS)
        self._limit = _whole("Items", "Only so many items from the start of the split; 0 for all", _MOST_ITEMS, "all")
        self._samples = _whole(
            "Samples", "How many are drawn; 0 for each metric's usual number", _MOST_SAMPLES, "usual"
        )
        self._weights = WholeNumberBox(1, _MOST_WEIGHTS)
        self._weights.setAccessibleName("Importance samples K")
        self._weights.setToolTip("Importance samples K of iw_bound")
        self._weights_file = ""
        self._inception = push_button("", "")
        self._error = SentenceLabel(is_error=True)
        self._measure = push_button("Measure", "", is_primary=True)
        self._close = push_button("Close", "Measure nothing")
        self._lay_out()
        self._connect()
        self.show_weights("")
        self.resize(440, 480)

    def show_runs(self, paths: tuple[str, ...], about: str) -> None:
        """Begin with other runs; `about` says which."""
        self._paths = paths
        self._about.setText(about)
        self._metrics.clear()
        self._weights.setValue(MeasureWish((), ()).importance_samples)
        self.show_problem("")
        self._enable()

    def show_offers(self, offers: tuple[MetricOffer, ...]) -> None:
        """Offer metrics; the usual ones are ticked, and those that no chosen run can have say why."""
        self._metrics.clear()
        for offer in offers:
            item = QListWidgetItem(offer.name)
            item.setData(_NAME, offer.name)
            item.setToolTip(offer.reason or offer.description)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, offer.reason or offer.description)
            item.setCheckState(Qt.CheckState.Checked if offer.is_usual else Qt.CheckState.Unchecked)
            if offer.reason:
                item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.NoItemFlags)
            self._metrics.addItem(item)
        self._enable()

    def show_problem(self, sentence: str) -> None:
        """Say in place what is wrong; an empty text takes it away."""
        self._error.show_sentence(sentence)
        self._error.setVisible(bool(sentence))

    def show_weights(self, file: str) -> None:
        """Show which file of weights of Inception-v3 is taken; empty for where they usually lie."""
        self._weights_file = file
        self._inception.setText(PurePath(file).name if file else "Where they usually lie…")
        self._inception.setToolTip(
            f"{file or 'Choose the file'}; metrics with Inception-v3 need its weights, about 91 MB"
        )

    def chosen(self) -> tuple[str, ...]:
        """The metrics that are ticked."""
        items = (self._metrics.item(row) for row in range(self._metrics.count()))
        return tuple(item.data(_NAME) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(8)
        for text, editor in (
            ("Split", self._split),
            ("Items", self._limit),
            ("Samples", self._samples),
            ("K", self._weights),
            ("Inception weights", self._inception),
        ):
            form.addRow(row_label(text, editor), editor)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._close)
        buttons.addWidget(self._measure)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._about)
        layout.addWidget(self._metrics, stretch=1)
        layout.addLayout(form)
        layout.addWidget(self._error)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self._metrics.itemChanged.connect(self._enable)
        self._inception.clicked.connect(self.weights_wanted)
        self._close.clicked.connect(self.reject)
        self._measure.clicked.connect(self._request)

    def _enable(self) -> None:
        enable(
            self._measure, "Measure the ticked metrics of these runs", "" if self.chosen() else "Tick a metric first"
        )

    def _request(self) -> None:
        for box in (self._weights, self._samples, self._limit):
            # What is typed counts although the box may still have the keyboard.
            box.interpretText()
        wish = MeasureWish(
            self._paths,
            self.chosen(),
            self._weights.value(),
            self._samples.value() or None,
            self._limit.value() or None,
            _SPLITS[self._split.currentIndex()],
            self._weights_file,
        )
        self.accept()
        self.measure_requested.emit(wish)


def _whole(name: str, tooltip: str, most: int, nothing: str) -> WholeNumberBox:
    box = WholeNumberBox(0, most)
    box.setSpecialValueText(nothing)
    box.setAccessibleName(name)
    box.setToolTip(tooltip)
    return box
