"""The themes: readable text, classes that colour-blind people can tell apart, changing at run time."""

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shiboken6
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from explorer.views.icons import icon, icon_names
from explorer.views.style_sheet import ROLES
from explorer.views.theme import (
    ALL_CLASS_COLOURS,
    CLASS_COLOURS,
    DARK,
    LIGHT,
    Palette,
    apply_theme,
    class_colour,
    palette_of,
    small_font,
)
from explorer.views.widgets.curve_plot import ON_DARK, ON_LIGHT
from explorer.views.widgets.pictures import image_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

# Machado, Oliveira and Fernandes (2009), full protanopia and deuteranopia, on linear light.
_PROTANOPIA = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
_DEUTERANOPIA = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
_TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]


def _linear(name: str) -> "NDArray[np.float64]":
    values = np.array(QColor(name).getRgbF()[:3])  # type: ignore[index]
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(linear: "NDArray[np.float64]") -> "NDArray[np.float64]":
    ratios = np.array(_TO_XYZ) @ np.clip(linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _contrast(one: str, other: str) -> float:
    lights = sorted(float(_linear(name) @ np.array(_TO_XYZ[1])) for name in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_text_is_readable_on_every_ground(palette: Palette) -> None:
    for ground in (palette.window, palette.field, palette.raised, palette.canvas):
        assert _contrast(palette.text, ground) > 9
    assert _contrast(palette.muted, palette.window) > 4.5
    assert _contrast(palette.error, palette.window) > 4.5
    assert _contrast(palette.accent_text, palette.accent) > 4.5
    assert _contrast(palette.accent, palette.window) > 3


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_grounds_are_neutral_greys(palette: Palette) -> None:
    for name in (palette.window, palette.canvas, palette.field, palette.raised, palette.hairline):
        colour = QColor(name)
        assert colour.red() == colour.green() == colour.blue()


@pytest.mark.parametrize(("colours", "apart"), [(CLASS_COLOURS, 15), (ALL_CLASS_COLOURS, 8)], ids=["ten", "twenty"])
def test_classes_differ_for_colour_blind_eyes(colours: tuple[str, ...], apart: float) -> None:
    for sight in (np.eye(3), np.array(_PROTANOPIA), np.array(_DEUTERANOPIA)):
        seen = [_lab(sight @ _linear(name)) for name in colours]
        assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) > apart


@pytest.mark.parametrize(("places", "palette"), [(ON_DARK, DARK), (ON_LIGHT, LIGHT)], ids=["dark", "light"])
def test_curves_differ_for_colour_blind_eyes_and_from_the_ground(places: tuple[int, ...], palette: Palette) -> None:
    colours = [ALL_CLASS_COLOURS[place] for place in places]
    assert min(_contrast(colour, palette.window) for colour in colours) > 2.7
    for sight in (np.eye(3), np.array(_PROTANOPIA), np.array(_DEUTERANOPIA)):
        seen = [_lab(sight @ _linear(name)) for name in colours]
        assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) > 11


def test_class_colours_come_again_and_no_class_is_grey() -> None:
    assert class_colour(23) == class_colour(3) != class_colour(13)
    grey = class_colour(-1)
    assert grey.red() == grey.green() == grey.blue()


def test_a_theme_changes_widgets_that_are_there_already(qapp: "QApplication", qtbot: "QtBot") -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    for mode, palette in (("light", LIGHT), ("dark", DARK)):
        apply_theme(qapp, mode)  # type: ignore[arg-type]
        qtbot.waitUntil(lambda palette=palette: palette_of(widget) is palette)  # type: ignore[misc]


def _ground(widget: QWidget) -> str:
    return QColor(widget.grab().toImage().pixelColor(4, widget.height() // 2)).name()


def test_what_the_style_sheet_colours_changes_and_is_painted_again(qapp: "QApplication", qtbot: "QtBot") -> None:
    apply_theme(qapp, "dark")
    window = QWidget()
    qtbot.addWidget(window)
    button = QPushButton("Press", window)
    window.show()
    sheet = qapp.styleSheet()
    for mode, palette in (("light", LIGHT), ("dark", DARK), ("light", LIGHT), ("dark", DARK)):
        apply_theme(qapp, mode)  # type: ignore[arg-type]
        qtbot.waitUntil(lambda palette=palette: _ground(button) == palette.raised)  # type: ignore[misc]
        qtbot.waitUntil(lambda: button.updatesEnabled() and window.updatesEnabled())
    assert qapp.styleSheet() == sheet


def test_a_panel_that_goes_while_a_theme_comes_is_not_missed_by_the_next_one(
    qapp: "QApplication", qtbot: "QtBot"
) -> None:
    apply_theme(qapp, "dark")
    window = QWidget()
    qtbot.addWidget(window)
    stays, goes = QPushButton("Stay", window), QPushButton("Go", window)
    window.show()
    qtbot.waitUntil(lambda: window.updatesEnabled() and stays.updatesEnabled())
    apply_theme(qapp, "light")
    shiboken6.delete(goes)
    apply_theme(qapp, "dark")
    qtbot.waitUntil(lambda: stays.updatesEnabled() and _ground(stays) == DARK.raised)


def test_a_theme_chosen_while_another_comes_is_the_one_that_stays(qapp: "QApplication", qtbot: "QtBot") -> None:
    window = QWidget()
    qtbot.addWidget(window)
    buttons = [QPushButton(str(place), window) for place in range(100)]
    window.show()
    apply_theme(qapp, "dark")
    apply_theme(qapp, "light")
    apply_theme(qapp, "dark")
    qtbot.waitUntil(lambda: all(_ground(button) == DARK.raised and button.updatesEnabled() for button in buttons))


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_roles_of_the_style_sheet_are_the_colours_of_the_theme(palette: Palette, qapp: "QApplication") -> None:
    apply_theme(qapp, "dark" if palette.is_dark else "light")
    assert {*ROLES, "is_dark"} == set(Palette.__dataclass_fields__)
    for name, role in ROLES.items():
        known = QPalette.ColorRole["".join(part.capitalize() for part in role.split("-"))]
        assert qapp.palette().color(known).name() == getattr(palette, name)


def test_icons_take_the_text_colour_of_the_theme(qapp: "QApplication") -> None:
    for mode, palette in (("light", LIGHT), ("dark", DARK)):
        apply_theme(qapp, mode)  # type: ignore[arg-type]
        image = icon("stop").pixmap(32, 32).toImage()
        ink = image_pixels(image)[np.frombuffer(image.constBits(), np.uint8).reshape(32, 32, 4)[:, :, 3] == 255]
        assert np.abs(ink.astype(int) - QColor(palette.text).red()).max() <= 2


def test_every_icon_has_a_glyph(qapp: "QApplication") -> None:
    assert [name for name in icon_names() if icon(name).pixmap(16, 16).isNull()] == []


def test_small_text_is_never_below_eleven_pixels(qtbot: "QtBot") -> None:
    label = QLabel()
    qtbot.addWidget(label)
    font = label.font()
    font.setPixelSize(8)
    label.setFont(font)
    assert QFontInfo(small_font(label)).pixelSize() == 11
