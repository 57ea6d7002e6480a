"""The controls that choose which plane the map shows."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from explorer.state.session_state import NEIGHBOUR_KINDS, DirectionChoice, PlaneChoice, PlaneKind
from explorer.views.direction_boxes import DirectionBoxes
from explorer.views.point_count_box import PointCountBox
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import icon_button
from explorer.views.widgets.flow_layout import side_by_side

if TYPE_CHECKING:
    from PySide6.QtGui import QStandardItemModel

_PLANES: tuple[tuple[PlaneKind, str, str], ...] = (
    ("dimensions", "Dimensions", "Two numbers of the code, through the current point"),
    ("principal", "Principal directions", "The two directions in which the codes vary most"),
    ("images", "Three images", "The plane through the codes of three images"),
    ("attributes", "Attribute × attribute", "From one class to another, or along an attribute, in both directions"),
    ("residual", "Direction × the rest", "One direction, and what varies most at right angles to it"),
    ("neighbours", "Neighbours (t-SNE)", "Near codes near each other, as far as that goes; approximate everywhere"),
    ("umap", "Neighbours (UMAP)", "Near codes near each other, and groups kept apart; approximate everywhere"),
)
_NEEDS_CODES = ("principal", "attributes", "residual", *NEIGHBOUR_KINDS)
_NEEDS_NAMES = ("attributes", "residual")
_CORNER_TIP = "Take the current point as image {0} of the plane; on the map, key {0} takes the point under the cursor"


class PlaneControls(QObject):
    """The kind of the plane and what belongs to it, in `parts` that a row shows one after the other.

    plane_chosen(PlaneChoice): the person chose. corner_wanted(int): the current point is to be image A, B or C.
    """

    plane_chosen = Signal(object)
    corner_wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # What is being made is shown in place of what was given.
        self._plane = self._given = PlaneChoice()
        self._making: PlaneChoice | None = None
        self._kind = ChoiceBox("Plane", "Which plane the map shows (Ctrl+L)", [p[1] for p in _PLANES])
        self._first = ChoiceBox("Dimension across", "Dimension that grows to the right")
        self._second = ChoiceBox("Dimension upwards", "Dimension that grows upwards")
        self._axes = side_by_side(self._first, QLabel("×"), self._second)
        self._corners = [icon_button("mark", _CORNER_TIP.format(name), checkable=True, text=name) for name in "ABC"]
        for button in self._corners:
            button.setProperty("role", "name")
        self._images = side_by_side(*self._corners)
        self._across = DirectionBoxes("Direction across")
        self._upwards = DirectionBoxes("Direction upwards")
        self._times = QLabel("×")
        self._points = PointCountBox()
        self._point_count = 0
        self._missing: Mapping[PlaneKind, str] = {}
        self._dimension_names: tuple[str, ...] = ()
        self._feature_names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())
        self._has_codes = False
        self._connect()

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """The widgets, from left to right."""
        return self._kind, self._axes, self._images, self._across, self._times, self._upwards, self._points

    @property
    def is_offered(self) -> bool:
        """Whether there is anything to choose; a space of two dimensions is shown as it is."""
        return len(self._dimension_names) > 2

    def show_choice(self, plane: PlaneChoice, dimension_names: tuple[str, ...], has_codes: bool) -> None:
        """Show a choice and what can be chosen for this model; announces nothing.

        has_codes: whether all the data are encoded, so that directions can be found in them.
        """
        self._dimension_names, self._has_codes = dimension_names, has_codes
        for box in (self._first, self._second):
            box.set_choices(dimension_names)
        self.show_plane(plane)

    def show_features(
        self, class_names: tuple[str, ...], attribute_names: tuple[str, ...], group_names: tuple[str, ...] = ()
    ) -> None:
        """Say between which classes and groups and along which attributes of the data directions can be found."""
        self._feature_names = (class_names, attribute_names, group_names)
        self.show_plane(self._given)

    def show_point_count(self, count: int) -> None:
        """Say how many encoded data a map of neighbours could be made of."""
        self._point_count = count
        self.show_plane(self._given)

    def show_missing(self, missing: Mapping[PlaneKind, str]) -> None:
        """Say which kinds cannot be had here, and why not."""
        self._missing = missing
        self._allow()

    def show_making(self, plane: PlaneChoice | None) -> None:
        """Show a choice that is being made in place of the one on the map, or that none is any longer."""
        self._making = plane
        self.show_plane(self._given)

    def show_plane(self, plane: PlaneChoice) -> None:
        """Show a choice among what is known to be possible; announces nothing."""
        self._given = plane
        self._plane = plane = self._making or plane
        self._first.setCurrentIndex(plane.first)
        self._second.setCurrentIndex(plane.second)
        self._kind.setCurrentIndex([kind for kind, _, _ in _PLANES].index(plane.kind))
        for button, corner in zip(self._corners, plane.corners, strict=True):
            button.setChecked(bool(corner))
        self._across.show_direction(plane.across, *self._feature_names)
        self._upwards.show_direction(plane.upwards, *self._feature_names)
        self._points.show_count(plane.points, self._point_count)
        self._allow()
        shown = {
            self._kind: True,
            self._axes: plane.kind == "dimensions",
            self._images: plane.kind == "images",
            self._across: plane.kind in _NEEDS_NAMES,
            self._times: plane.kind == "attributes",
            self._upwards: plane.kind == "attributes",
            self._points: plane.kind in NEIGHBOUR_KINDS and self._points.is_offered,
        }
        for part, is_shown in shown.items():
            part.setVisible(self.is_offered and is_shown)

    def _allow(self) -> None:
        model = cast("QStandardItemModel", self._kind.model())
        for row, (kind, _, tooltip) in enumerate(_PLANES):
            reason = "" if self._has_codes or kind not in _NEEDS_CODES else "The data must be encoded first"
            if kind in _NEEDS_NAMES and not any(self._feature_names):
                reason = "The data have neither classes nor attributes; name a selection of points to have a group"
            reason = self._missing.get(kind, reason)
            model.item(row).setEnabled(not reason)
            model.item(row).setToolTip(reason or tooltip)

    def _connect(self) -> None:
        self._kind.activated.connect(self._choose_kind)
        self._first.activated.connect(self._choose_first)
        self._second.activated.connect(self._choose_second)
        self._across.direction_chosen.connect(self._choose_across)
        self._upwards.direction_chosen.connect(self._choose_upwards)
        self._points.count_chosen.connect(self._choose_points)
        for place, button in enumerate(self._corners):
            button.clicked.connect(partial(self._want_corner, place))

    def _choose_kind(self, place: int) -> None:
        kind, earlier = _PLANES[place][0], self._plane.kind
        before = earlier if earlier in ("dimensions", "principal") else self._plane.before
        across = self._across.possible(self._plane.across)
        upwards = self._upwards.possible(self._plane.upwards, across)
        self._choose(replace(self._plane, kind=kind, before=before, across=across, upwards=upwards))

    @Slot(int)
    def _choose_points(self, count: int) -> None:
        self._choose(replace(self._plane, points=count))

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

    @Slot(object)
    def _choose_across(self, direction: DirectionChoice) -> None:
        self._choose(replace(self._plane, across=direction))

    @Slot(object)
    def _choose_upwards(self, direction: DirectionChoice) -> None:
        self._choose(replace(self._plane, upwards=direction))

    def _choose(self, plane: PlaneChoice) -> None:
        # A map of neighbours that was given up is made when it is chosen again.
        if plane != self._plane or plane.kind in NEIGHBOUR_KINDS:
            self._plane = plane
            self.plane_chosen.emit(plane)
