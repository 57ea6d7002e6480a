"""The bar over the Metrics panel: its pages, what each of them shows, and what can be done with the table."""

from dataclasses import replace
from html import escape

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from explorer.state.metric_values import MetricsChoice, MetricsPage, TableFormat
from explorer.views.icons import icon
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import enable, icon_button, muted_label, push_button
from explorer.views.widgets.flow_layout import FlowLayout, side_by_side

_PAGES: tuple[tuple[MetricsPage, str, str], ...] = (
    ("table", "Table", "What was measured of every run"),
    ("curves", "Curves", "What the chosen runs told while they were trained, over one another"),
    ("units", "Units", "How much each number of the code was used, epoch by epoch"),
    ("scatter", "Scatter", "One metric against another over the runs"),
    ("pair", "A | B", "What was measured of A and B, beside each other"),
)
_FORMATS: tuple[tuple[TableFormat, str], ...] = (("csv", "CSV"), ("markdown", "Markdown"), ("latex", "LaTeX"))
_MEASURE, _MEASURE_BOTH = "Measure chosen metrics of the selected runs", "Measure chosen metrics of both A and B"
_COPY, _SAVE = "Copy the table, or its selected rows", "Save the table, or its selected rows, as a file"
_WIDEST, _NARROW = 200, 112
# Where there is room for the buttons of the pages, with that of A and B for one more, and for words on the others.
_WIDE, _PAIR_BUTTON, _ROOMY = 660, 60, 820
_EXPORT, _NO_PLOT = "Export the plot as a picture", "Nothing is drawn yet"
_PLOTS = ("curves", "units", "scatter")
_NO_TABLE = "Nothing is measured yet"


class MetricsBar(QWidget):
    """Buttons and lists in as many rows as they need.

    choice_changed(MetricsChoice); measure_requested(); copy_requested(format), save_requested(format): of the table;
    export_requested(): a picture of the plot;
    notes_requested(): all that a reader must know of the table.
    """

    choice_changed = Signal(object)
    measure_requested = Signal()
    copy_requested = Signal(str)
    save_requested = Signal(str)
    export_requested = Signal()
    notes_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = MetricsChoice()
        # Whether there is room for buttons of the pages, and for words on the others; unknown at first.
        self._fits: tuple[bool | None, bool | None] = (None, None)
        self._refusal = ""
        self._pages = QButtonGroup(self)
        self._page = ChoiceBox("Page", "What the panel shows", (text for _, text, _ in _PAGES))
        self._quantity = ChoiceBox("Quantity", "Which curves are drawn")
        self._axis = ChoiceBox("Axis", "What the horizontal axis counts", ("by step", "by epoch"))
        self._logarithmic = _switch(
            "log", "Logarithmic values", "Logarithmic values; those at or below zero are not drawn"
        )
        self._order = ChoiceBox("Order of the units", "How the units are sorted", ("by index", "by activity"))
        self._upwards = ChoiceBox("Upwards", "The metric of the vertical axis")
        self._across = ChoiceBox("Across", "The metric of the horizontal axis")
        for box in (self._quantity, self._upwards, self._across):
            box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
            box.setMaximumWidth(_WIDEST)
        self._measure = push_button("", _MEASURE, is_primary=True)
        self._notes = icon_button("info", "")
        self._notes.hide()
        self._copy = _menu_button("copy", _COPY, self.copy_requested)
        self._save = _menu_button("save", _SAVE, self.save_requested)
        self._export = icon_button("export", _EXPORT)
        self._lay_out()
        self._connect()
        self.offer_pair(False)
        self.show_choice(self._choice)
        self.set_measured(False)
        self.set_drawn(False)

    def show_choice(self, choice: MetricsChoice) -> None:
        """Show what is chosen; announces nothing."""
        self._choice = choice
        for place, (page, _, _) in enumerate(_PAGES):
            if page == choice.page:
                self._pages.buttons()[place].setChecked(True)
                self._page.setCurrentIndex(place)
        self._axis.setCurrentIndex(int(choice.by_epoch))
        self._order.setCurrentIndex(int(choice.by_activity))
        self._logarithmic.setChecked(choice.logarithmic)
        for widgets, page in self._of_pages:
            for widget in widgets:
                if widget.isHidden() == (page == choice.page):
                    widget.setVisible(page == choice.page)
        self._show_measure()
        is_plot = choice.page in _PLOTS
        for button, is_shown in ((self._copy, not is_plot), (self._save, not is_plot), (self._export, is_plot)):
            if button.isHidden() == is_shown:
                button.setVisible(is_shown)
        self._controls.updateGeometry()

    def offer_pair(self, is_offered: bool) -> None:
        """Offer the page of A and B, which is the last, or do not."""
        count = len(_PAGES) if is_offered else len(_PAGES) - 1
        if self._page.count() != count:
            self._page.set_choices(text for _, text, _ in _PAGES[:count])
            self._pages.buttons()[-1].setVisible(is_offered)
            self._fit()
            self.show_choice(self._choice)

    def offer_quantities(self, titles: tuple[str, ...]) -> str:
        """Offer which curves can be drawn; gives the one chosen, empty without any."""
        self._quantity.set_choices(titles)
        self._quantity.setCurrentIndex(titles.index(self._choice.quantity) if self._choice.quantity in titles else 0)
        return self._quantity.currentText()

    def offer_metrics(self, names: tuple[str, ...], across: str, upwards: str) -> None:
        """Offer the metrics of the scatter, and show which two it has."""
        for box, chosen in ((self._across, across), (self._upwards, upwards)):
            box.set_choices(names)
            box.setCurrentText(chosen)

    def show_notes(self, notes: tuple[str, ...], has_failures: bool) -> None:
        """Offer to read notes; has_failures: the first of them say what went wrong."""
        text = f"What to know of these numbers: {len(notes)} note{'s' * (len(notes) > 1)}"
        self._notes.setToolTip(f"<p>{escape(f'{text}; the first: {notes[0]}')}</p>" if notes else "")
        self._notes.setAccessibleName(text)
        self._notes.setAccessibleDescription(" ".join(notes))
        self._notes.setIcon(icon("error" if has_failures else "info"))
        self._notes.setVisible(bool(notes))

    def set_measured(self, is_measured: bool) -> None:
        """Say whether there is anything to copy and to save."""
        for button, tooltip in ((self._copy, _COPY), (self._save, _SAVE)):
            enable(button, tooltip, "" if is_measured else _NO_TABLE)

    def set_drawn(self, is_drawn: bool) -> None:
        """Say whether there is a plot to export."""
        enable(self._export, _EXPORT, "" if is_drawn else _NO_PLOT)

    def set_measuring(self, reason: str) -> None:
        """Say why nothing can be measured now; empty where something can."""
        self._refusal = reason
        self._show_measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let an icon stand for the words of the button, and then a list for the pages, where the bar is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        offers_pair = self._page.count() == len(_PAGES)
        fit = self.width() >= _WIDE + _PAIR_BUTTON * offers_pair, self.width() >= _ROOMY
        if fit != self._fits:
            has_buttons, is_roomy = self._fits = fit
            self._buttons.setVisible(has_buttons)
            self._page.setVisible(not has_buttons)
            self._show_measure()
            for box in (self._quantity, self._upwards, self._across):
                box.setMaximumWidth(_WIDEST if is_roomy else _NARROW)
            self._controls.updateGeometry()

    def _lay_out(self) -> None:
        self._controls = QWidget()
        flow = FlowLayout(self._controls, spacing=8)
        self._buttons = side_by_side(*(self._page_button(text, tooltip) for _, text, tooltip in _PAGES))
        flow.addWidget(self._buttons)
        flow.addWidget(self._page)
        pages: tuple[tuple[MetricsPage, tuple[QWidget, ...]], ...] = (
            ("curves", (self._quantity, self._axis, self._logarithmic)),
            ("units", (self._order,)),
            ("scatter", (self._upwards, muted_label("over"), self._across)),
        )
        for _, widgets in pages:
            for widget in widgets:
                flow.addWidget(widget)
        self._of_pages = tuple((widgets, page) for page, widgets in pages)
        bar = QHBoxLayout(self)
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(4)
        bar.addWidget(self._controls, stretch=1)
        for widget in (self._notes, self._measure, self._copy, self._save, self._export):
            bar.addWidget(widget, alignment=Qt.AlignmentFlag.AlignTop)

    def _show_measure(self) -> None:
        is_pair = self._choice.page == "pair"
        words = "Measure both…" if is_pair else "Measure…"
        _, is_roomy = self._fits
        self._measure.setText(words if is_roomy else "")
        self._measure.setIcon(QIcon() if is_roomy else icon("measure"))
        self._measure.setAccessibleName(words)
        enable(self._measure, _MEASURE_BOTH if is_pair else _MEASURE, self._refusal)

    def _page_button(self, text: str, tooltip: str) -> QToolButton:
        button = _switch(text, text, tooltip)
        self._pages.addButton(button)
        return button

    def _connect(self) -> None:
        self._pages.buttonClicked.connect(
            lambda button: self._choose(page=_PAGES[self._pages.buttons().index(button)][0])
        )
        self._page.activated.connect(lambda place: self._choose(page=_PAGES[place][0]))
        self._quantity.activated.connect(lambda: self._choose(quantity=self._quantity.currentText()))
        self._axis.activated.connect(lambda place: self._choose(by_epoch=place == 1))
        self._logarithmic.clicked.connect(lambda is_on: self._choose(logarithmic=is_on))
        self._order.activated.connect(lambda place: self._choose(by_activity=place == 1))
        self._upwards.activated.connect(lambda: self._choose(upwards=self._upwards.currentText()))
        self._across.activated.connect(lambda: self._choose(across=self._across.currentText()))
        self._measure.clicked.connect(self.measure_requested)
        self._notes.clicked.connect(self.notes_requested)
        self._export.clicked.connect(self.export_requested)

    def _choose(self, **changes: object) -> None:
        self.show_choice(replace(self._choice, **changes))  # type: ignore[arg-type]  # of the fields' own types
        self.choice_changed.emit(self._choice)


def _switch(text: str, name: str, tooltip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setToolTip(tooltip)
    button.setAccessibleName(name)
    button.setProperty("role", "name")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _menu_button(name: str, tooltip: str, signal: SignalInstance) -> QToolButton:
    button = icon_button(name, tooltip)
    menu = QMenu(button)
    for form, text in _FORMATS:
        menu.addAction(text).triggered.connect(lambda _checked, form=form: signal.emit(form))
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button
