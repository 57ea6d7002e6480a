"""The row above the maps of two models: which they are, what links them, and how it ends."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget
from superqt import QElidingLabel

from explorer.state.comparison_values import LinkOffer
from explorer.state.session_state import Link
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import icon_button

_LINKS: tuple[Link, ...] = ("code", "picture")
_TEXTS = ("Same code", "Same image")
_TIPS = ("Both decode the same code", "Both stand at the same image: each encodes it")
_LINK_TIP = "What links A and B"
_NOT_LINKED = "Not linked"


class ComparisonBar(QWidget):
    """A, the link, and B.

    link_chosen(str), swap_requested(), choice_requested(): another B is wanted. facts_requested(): what is known of
    both. end_requested().
    """

    link_chosen = Signal(str)
    swap_requested = Signal()
    choice_requested = Signal()
    facts_requested = Signal()
    end_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparison_bar")
        self._titles = (_title(), _title())
        self._link = ChoiceBox("Link", _LINK_TIP, _TEXTS)
        self._link.setPlaceholderText(_NOT_LINKED)
        self._swap = icon_button("swap", "Swap A and B")
        self._choose = icon_button("open", "Choose another model as B")
        self._facts = icon_button("info", "What is known of A and B, in two columns")
        self._end = icon_button("close", "Compare no longer")
        self._link.activated.connect(lambda place: self.link_chosen.emit(_LINKS[place]))
        self._swap.clicked.connect(self.swap_requested)
        self._choose.clicked.connect(self.choice_requested)
        self._facts.clicked.connect(self.facts_requested)
        self._end.clicked.connect(self.end_requested)
        self._lay_out()
        self.show_link(LinkOffer())

    def show_titles(self, first: str, second: str) -> None:
        """Say which models are A and B, with what is known of them line by line below the name."""
        for label, letter, text in zip(self._titles, "AB", (first, second), strict=True):
            name = text.partition("\n")[0]
            if label.toolTip() != text:
                label.setText(name)
                label.setToolTip(text)
                label.setAccessibleName(f"{letter} is {name}")

    def titles(self) -> tuple[str, str]:
        """The names of A and B."""
        return self._titles[0].text(), self._titles[1].text()

    def show_link(self, offer: LinkOffer) -> None:
        """Show how both are linked, and why not otherwise."""
        self._link.setCurrentIndex(-1 if offer.chosen is None else _LINKS.index(offer.chosen))
        for place, link in enumerate(_LINKS):
            refusal = offer.refusals.get(link, "")
            item = self._link.model().index(place, 0)
            self._link.model().setData(item, refusal or _TIPS[place], Qt.ItemDataRole.ToolTipRole)
            _enable_item(self._link, place, not refusal)
        possible = [link for link in _LINKS if not offer.refusals.get(link, "")]
        self._link.setEnabled(offer.chosen is not None)
        reasons = ". ".join(text for text in offer.refusals.values() if text)
        chosen = _TIPS[_LINKS.index(offer.chosen)] if offer.chosen is not None else _NOT_LINKED
        self._link.setToolTip(f"{_LINK_TIP}: {chosen}" + (f". {reasons}." if len(possible) < len(_LINKS) else ""))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(_letter("A"))
        row.addWidget(self._titles[0], stretch=1)
        row.addWidget(self._link)
        row.addWidget(self._swap)
        row.addWidget(_letter("B"))
        row.addWidget(self._titles[1], stretch=1)
        row.addWidget(self._choose)
        row.addWidget(self._facts)
        row.addWidget(self._end)


def _letter(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "title")
    return label


def _title() -> QElidingLabel:
    label = QElidingLabel("")
    label.setMinimumWidth(32)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _enable_item(box: ChoiceBox, place: int, enabled: bool) -> None:
    model = box.model()
    item = getattr(model, "item", None)
    if item is not None:
        item(place).setEnabled(enabled)
