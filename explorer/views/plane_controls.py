"""The controls that choose which plane the map shows."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget

from explorer.state.session_state import PlaneChoice, PlaneKind
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import icon_button
from explorer.views.widgets.flow_layout import side_by_side

if TYPE_CHECKING:
    from PySide6.QtGui import QStandardItemModel

_PLANES: tuple[tuple[PlaneKind, str, str], ...] = (
    ("dimensions", "Dimensions", "Two numbers of the code, through the current point"),
    ("principal", "Principal directions", "The two directions in which the codes vary most"),
    ("images", "Three images", "The plane through the codes of three images"),
)
_NEEDS_CODES = ("principal",)
_CORNER_TIP = "Take the current point as image {0} of the plane; on the map, key {0} takes the point under the cursor"


class PlaneControls(QObject):
    """The kind of the plane and what belongs to it, in `parts` that a row shows one after the other.

    plane_chosen(PlaneChoice): the person chose. corner_wanted(int): the current point is to be image A, B or C.
    """

    plane_chosen = Signal(object)
    corner_wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plane = PlaneChoice()
        self._kind = ChoiceBox("Plane", "Which plane through the latent space the map shows", [p[1] for p in _PLANES])
        self._first = ChoiceBox("Dimension across", "Dimension that grows to the right")
        self._second = ChoiceBox("Dimension upwards", "Dimension that grows upwards")
        self._axes = side_by_side(self._first, QLabel("×"), self._second)
        self._corners = [icon_button("mark", _CORNER_TIP.format(name), checkable=True, text=name) for name in "ABC"]
        for button in self._corners:
            button.setProperty("role", "name")
        self._images = side_by_side(*self._corners)
        self._is_offered = False
        self._connect()

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """The widgets, from left to right."""
        return self._kind, self._axes, self._images

    @property
    def is_offered(self) -> bool:
        """Whether there is anything to choose; a space of two dimensions is shown as it is."""
        return self._is_offered

    def show_choice(self, plane: PlaneChoice, dimension_names: tuple[str, ...], has_codes: bool) -> None:
        """Show a choice and what can be chosen for this model; announces nothing.

        has_codes: whether all the data are encoded, so that directions can be found in them.
        """
        self._plane = plane
        for box, place in ((self._first, plane.first), (self._second, plane.second)):
            box.set_choices(dimension_names)
            box.setCurrentIndex(place)
        self._kind.setCurrentIndex([kind for kind, _, _ in _PLANES].index(plane.kind))
        for button, corner in zip(self._corners, plane.corners, strict=True):
            button.setChecked(bool(corner))
        self._is_offered = len(dimension_names) > 2
        self._kind.setVisible(self._is_offered)
        self._axes.setVisible(self._is_offered and plane.kind == "dimensions")
        self._images.setVisible(self._is_offered and plane.kind == "images")
        self._allow(has_codes)

    def _allow(self, has_codes: bool) -> None:
        model = cast("QStandardItemModel", self._kind.model())
        for row, (kind, _, tooltip) in enumerate(_PLANES):
            is_possible = has_codes or kind not in _NEEDS_CODES
            model.item(row).setEnabled(is_possible)
            model.item(row).setToolTip(tooltip if is_possible else "The data must be encoded first")

    def _connect(self) -> None:
        self._kind.activated.connect(self._choose_kind)
        self._first.activated.connect(self._choose_first)
        self._second.activated.connect(self._choose_second)
        for place, button in enumerate(self._corners):
            button.clicked.connect(partial(self._want_corner, place))

    def _choose_kind(self, place: int) -> None:
        kind, earlier = _PLANES[place][0], self._plane.kind
        before = earlier if earlier in ("dimensions", "principal") else self._plane.before
        self._choose(replace(self._plane, kind=kind, before=before))

    def _want_corner(self, place: int) -> None:
        # A filled letter says that its image is chosen, which is not for the click to decide.
        self._corners[place].setChecked(bool(self._plane.corners[place]))
        self.corner_wanted.emit(place)

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
