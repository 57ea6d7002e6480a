"""The row of controls above the map."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.state.session_state import MapChoice, PlaneChoice, PlaneKind
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import enable, icon_button
from explorer.views.widgets.flow_layout import FlowLayout, side_by_side

_PLANES: tuple[tuple[PlaneKind, str], ...] = (("dimensions", "Dimensions"), ("principal", "Principal directions"))
_SPACINGS = (("even", "Even in code"), ("probability", "Even in probability"))
_COLOURS = (("class", "By class"), ("none", "One colour"))
_WIDE, _NARROW = 800, 560
_SPACING_TIP = "Places on the map even in the code, or even in the prior's probability (inverse normal distribution)"
_COLOUR_TIP = "What the colours of the points mean"


class MapBar(QWidget):
    """Plane, spacing, layers and colours of the map.

    plane_chosen(PlaneChoice), spacing_chosen(str), tiles_toggled(bool), points_toggled(bool), colour_chosen(str),
    home_requested(): the person chose; nothing is announced when a choice is shown.
    """

    plane_chosen = Signal(object)
    spacing_chosen = Signal(str)
    tiles_toggled = Signal(bool)
    points_toggled = Signal(bool)
    colour_chosen = Signal(str)
    home_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_bar")
        self._plane = PlaneChoice()
        self._kind = ChoiceBox("Plane", "Which plane through the latent space the map shows", _texts(_PLANES))
        self._first = ChoiceBox("Dimension across", "Dimension that grows to the right")
        self._second = ChoiceBox("Dimension upwards", "Dimension that grows upwards")
        self._axes = side_by_side(self._first, QLabel("×"), self._second)
        self._spacing = ChoiceBox("Spacing", _SPACING_TIP, _texts(_SPACINGS))
        self._colour = ChoiceBox("Colour of the points", _COLOUR_TIP, _texts(_COLOURS))
        self._tiles = icon_button("tiles", "Show decoded tiles", checkable=True, text="Tiles")
        self._points = icon_button("points", "Show the encoded data as points", checkable=True, text="Points")
        self._home = icon_button("home", "Show the whole map")
        self._lay_out()
        self._connect()
        self.show_choice(MapChoice(), (), (), principal_possible=False)

    def show_choice(
        self,
        choice: MapChoice,
        dimension_names: tuple[str, ...],
        class_names: tuple[str, ...],
        principal_possible: bool,
    ) -> None:
        """Show how the map is drawn, and what can be chosen for this model; announces nothing."""
        self._plane = choice.plane
        for box in (self._first, self._second):
            box.set_choices(dimension_names)
        self._first.setCurrentIndex(choice.plane.first)
        self._second.setCurrentIndex(choice.plane.second)
        self._kind.setCurrentIndex(_place(_PLANES, choice.plane.kind))
        self._spacing.setCurrentIndex(_place(_SPACINGS, choice.spacing))
        self._colour.setCurrentIndex(_place(_COLOURS, choice.colour_by))
        self._tiles.setChecked(choice.tiles_shown)
        self._points.setChecked(choice.points_shown)
        has_planes = len(dimension_names) > 2
        is_slice = has_planes and choice.plane.kind == "dimensions"
        self._kind.setVisible(has_planes)
        self._axes.setVisible(is_slice)
        self._allow_principal(principal_possible)
        self._explain(bool(dimension_names), bool(class_names), choice.points_shown)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the words beside the icons where the row is narrow."""
        self._fit()

    def _fit(self) -> None:
        needed = _NARROW if self._kind.isHidden() else _WIDE
        style = Qt.ToolButtonStyle
        fitting = style.ToolButtonTextBesideIcon if self.width() >= needed else style.ToolButtonIconOnly
        for button in (self._tiles, self._points):
            button.setToolButtonStyle(fitting)

    def _allow_principal(self, possible: bool) -> None:
        model = cast("QStandardItemModel", self._kind.model())
        model.item(1).setEnabled(possible)
        model.item(1).setToolTip("" if possible else "The data must be encoded first")

    def _explain(self, has_model: bool, has_classes: bool, points_shown: bool) -> None:
        no_model = "" if has_model else "Open a model first"
        enable(self._spacing, _SPACING_TIP, no_model)
        enable(self._tiles, "Show decoded tiles", no_model)
        enable(self._points, "Show the encoded data as points", no_model)
        enable(self._home, "Show the whole map", no_model)
        no_colour = no_model or ("" if has_classes else "The data have no classes")
        hidden = "" if points_shown else "The points are hidden"
        enable(self._colour, _COLOUR_TIP, no_colour or hidden)

    def _lay_out(self) -> None:
        controls = QWidget()
        flow = FlowLayout(controls, spacing=8)
        for part in (self._kind, self._axes, self._spacing, side_by_side(self._tiles, self._points, self._colour)):
            flow.addWidget(part)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(controls, stretch=1)
        layout.addWidget(self._home, alignment=Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self._kind.activated.connect(lambda place: self._choose(replace(self._plane, kind=_PLANES[place][0])))
        self._first.activated.connect(self._choose_first)
        self._second.activated.connect(self._choose_second)
        self._spacing.activated.connect(lambda place: self.spacing_chosen.emit(_SPACINGS[place][0]))
        self._colour.activated.connect(lambda place: self.colour_chosen.emit(_COLOURS[place][0]))
        self._tiles.clicked.connect(self.tiles_toggled)
        self._points.clicked.connect(self.points_toggled)
        self._home.clicked.connect(self.home_requested)

    def _choose_first(self, first: int) -> None:
        second = self._plane.first if first == self._plane.second else self._plane.second
        self._choose(replace(self._plane, first=first, second=second))

    def _choose_second(self, second: int) -> None:
        first = self._plane.second if second == self._plane.first else self._plane.first
        self._choose(replace(self._plane, first=first, second=second))

    def _choose(self, plane: PlaneChoice) -> None:
        if plane != self._plane:
            self._plane = plane
            self.plane_chosen.emit(plane)


def _texts(choices: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in choices)


def _place(choices: Sequence[tuple[str, str]], value: str) -> int:
    return [name for name, _ in choices].index(value)
