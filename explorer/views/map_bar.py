"""The row of controls above the map."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.state.point_colour import ColourOption, PointColour
from explorer.state.session_state import NEIGHBOUR_KINDS, MapChoice, PlaneChoice, PlaneKind
from explorer.views.colour_box import COLOUR_TIP, ColourBox
from explorer.views.plane_controls import PlaneControls
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import SentenceLabel, enable, icon_button
from explorer.views.widgets.flow_layout import FlowLayout, side_by_side
from explorer.views.widgets.work_progress import WorkProgress

_SPACINGS = (("even", "Even in code"), ("probability", "Even in probability"))
_NO_SPACING = "A map of neighbours has no spacing to choose"
_ITEMS = (("test", "Test items"), ("train", "Training items"), ("all", "All items"))
_ITEMS_TIP = "Which items of the data are shown as points"
_CONTOURS_TIP = "Show contours of the prior, dashed, and of where the points lie"
_NO_PLANE = "There is no plane to choose: a space of two dimensions is shown as it is."
_WIDE, _NARROW = 800, 560
_SPACING_TIP = "Places on the map even in the code, or even in the prior's probability (inverse normal distribution)"


class MapBar(QWidget):
    """Plane, spacing, layers and colours of the map, and a line for what is to be said of the plane.

    corner_wanted(int): the current point is to be corner A, B or C of the plane, counted from 0.
    work_cancelled(): the person no longer waits for the plane that is being found.
    plane_chosen(PlaneChoice), spacing_chosen(str), tiles_toggled(bool), points_toggled(bool), contours_toggled(bool),
    items_chosen(str), colour_chosen(PointColour), home_requested(): the person chose; nothing is announced when a
    choice is shown.
    """

    plane_chosen = Signal(object)
    corner_wanted = Signal(int)
    work_cancelled = Signal()
    spacing_chosen = Signal(str)
    tiles_toggled = Signal(bool)
    points_toggled = Signal(bool)
    contours_toggled = Signal(bool)
    items_chosen = Signal(str)
    colour_chosen = Signal(object)
    home_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_bar")
        self._planes = PlaneControls(self)
        self._note = SentenceLabel()
        self._note.setContentsMargins(8, 0, 8, 4)
        self._note.hide()
        self._progress = WorkProgress("Give up looking for this map; the one before stays")
        self._spacing = ChoiceBox("Spacing", _SPACING_TIP, _texts(_SPACINGS))
        self._items = ChoiceBox("Items", _ITEMS_TIP, _texts(_ITEMS))
        self._colour = ColourBox()
        self._tiles = icon_button("tiles", "Show decoded tiles", checkable=True, text="Tiles")
        self._points = icon_button("points", "Show the encoded data as points", checkable=True, text="Points")
        self._contours = icon_button("contours", _CONTOURS_TIP, checkable=True)
        self._home = icon_button("home", "Show the whole map")
        self._lay_out()
        self._connect()
        self.show_choice(MapChoice(), (), principal_possible=False)

    def show_choice(
        self,
        choice: MapChoice,
        dimension_names: tuple[str, ...],
        principal_possible: bool,
        items_fixed: str = "",
    ) -> None:
        """Show how the map is drawn, and what can be chosen for this model; announces nothing.

        items_fixed: why there is no choice of items, as a sentence.
        """
        self._planes.show_choice(choice.plane, dimension_names, principal_possible)
        self._items.setCurrentIndex(_place(_ITEMS, choice.items))
        self._spacing.setCurrentIndex(_place(_SPACINGS, choice.spacing))
        self._tiles.setChecked(choice.tiles_shown)
        self._points.setChecked(choice.points_shown)
        self._contours.setChecked(choice.contours_shown)
        self._explain(bool(dimension_names), choice.points_shown, choice.plane.kind)
        reason = "" if choice.points_shown else "The points are hidden"
        enable(self._items, _ITEMS_TIP, (items_fixed or reason) if dimension_names else "Open a model first")
        self._fit()

    def show_features(
        self, class_names: tuple[str, ...], attribute_names: tuple[str, ...], group_names: tuple[str, ...] = ()
    ) -> None:
        """Say between which classes and groups and along which attributes of the data there may be planes."""
        self._planes.show_features(class_names, attribute_names, group_names)

    def show_plane(self, plane: PlaneChoice) -> None:
        """Show which plane is chosen, after all; announces nothing."""
        self._planes.show_plane(plane)

    def show_point_count(self, count: int) -> None:
        """Say how many encoded data a map of neighbours could be made of."""
        self._planes.show_point_count(count)

    def show_missing(self, missing: Mapping[PlaneKind, str]) -> None:
        """Say which kinds of planes cannot be had here, and why not."""
        self._planes.show_missing(missing)

    def show_making(self, plane: PlaneChoice | None) -> None:
        """Show a choice that is being made in place of the one on the map, or that none is any longer."""
        self._planes.show_making(plane)

    def keep_planes_alone(self, name: str) -> None:
        """Offer nothing but planes, for a map of a name that is drawn like another one."""
        for part in self._beside_planes:
            part.hide()
        self._name.setText(name)
        self._name.show()

    def open_planes(self) -> None:
        """Let the person choose a plane by keyboard."""
        self._open(self._planes.parts[0])

    def open_colours(self) -> None:
        """Let the person choose by keyboard what the points are coloured by."""
        self._open(self._colour)

    def _open(self, box: QWidget) -> None:
        if isinstance(box, ChoiceBox) and box.isVisible() and box.isEnabled():
            box.setFocus(Qt.FocusReason.ShortcutFocusReason)
            box.showPopup()
        else:
            self.show_note(box.toolTip() if box.isVisible() else _NO_PLANE)

    def show_progress(self, share: float, what: str) -> None:
        """Show how far the search for a plane is, from 0 to 1."""
        self._progress.show_progress(share, what)

    def end_progress(self) -> None:
        """Nothing is being looked for."""
        self._progress.end()

    def show_note(self, text: str) -> None:
        """Say below the controls why the plane that was chosen is not shown; an empty text takes the line away."""
        self._note.show_sentence(text)
        self._note.setVisible(bool(text))

    def show_colours(self, options: Sequence[ColourOption], chosen: PointColour) -> None:
        """Show what the points are coloured by and could be; announces nothing."""
        self._colour.show_options(options, chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the words beside the icons where the row is narrow."""
        self._fit()

    def _fit(self) -> None:
        needed = _WIDE if self._planes.is_offered else _NARROW
        style = Qt.ToolButtonStyle
        fitting = style.ToolButtonTextBesideIcon if self.width() >= needed else style.ToolButtonIconOnly
        for button in (self._tiles, self._points):
            button.setToolButtonStyle(fitting)

    def _explain(self, has_model: bool, points_shown: bool, plane_kind: PlaneKind) -> None:
        no_model = "" if has_model else "Open a model first"
        enable(self._spacing, _SPACING_TIP, no_model or _NO_SPACING * (plane_kind in NEIGHBOUR_KINDS))
        enable(self._tiles, "Show decoded tiles (Ctrl+T)", no_model)
        enable(self._points, "Show the encoded data as points (Ctrl+P)", no_model)
        enable(self._contours, f"{_CONTOURS_TIP} (Ctrl+U)", no_model)
        enable(self._home, "Show the whole map (Ctrl+0)", no_model)
        enable(
            self._colour, f"{COLOUR_TIP} (Ctrl+Shift+L)", no_model or ("" if points_shown else "The points are hidden")
        )

    def _lay_out(self) -> None:
        controls = QWidget()
        flow = FlowLayout(controls, spacing=8)
        layers = side_by_side(self._tiles, self._points, self._contours)
        points = side_by_side(self._items, self._colour)
        self._beside_planes = (self._spacing, layers, points, self._home)
        for part in (*self._planes.parts, self._spacing, layers, points):
            flow.addWidget(part)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        self._name = QLabel()
        self._name.setProperty("role", "title")
        self._name.setContentsMargins(0, 0, 8, 0)
        self._name.hide()
        row.addWidget(self._name)
        row.addWidget(controls, stretch=1)
        row.addWidget(self._home, alignment=Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._note)
        layout.addWidget(self._progress)

    def _connect(self) -> None:
        self._planes.plane_chosen.connect(self.plane_chosen)
        self._planes.corner_wanted.connect(self.corner_wanted)
        self._progress.cancelled.connect(self.work_cancelled)
        self._spacing.activated.connect(lambda place: self.spacing_chosen.emit(_SPACINGS[place][0]))
        self._items.activated.connect(lambda place: self.items_chosen.emit(_ITEMS[place][0]))
        self._colour.chosen.connect(self.colour_chosen)
        self._tiles.clicked.connect(self.tiles_toggled)
        self._points.clicked.connect(self.points_toggled)
        self._contours.clicked.connect(self.contours_toggled)
        self._home.clicked.connect(self.home_requested)


def _texts(choices: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in choices)


def _place(choices: Sequence[tuple[str, str]], value: str) -> int:
    return [name for name, _ in choices].index(value)
