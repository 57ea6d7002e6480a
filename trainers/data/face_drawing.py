"""Small friendly faces, drawn from the numbers that describe them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainers.data.face_attributes import RANGES
from trainers.data.face_canvas import SIDE, FaceCanvas, Floats, Window, ellipse, inside, rounded_box, stroke

_CHUNK = 64  # faces painted at once; the layers of so many stay in the processor's cache
_ALL = Window()
_HEAD = Window(12, 56, 9, 55)
_TOP = Window(8, 42, 8, 56)
_BOTTOM = Window(top=44)
_JAW = Window(32, 58, 9, 55)
_BAND = Window(22, 44, 8, 56)
_EYES = (Window(19, 44, 12, 40), Window(19, 44, 24, 52))
_CHEEKS = Window(32, 47, 10, 54)
_MOUTH = Window(39, 54, 16, 48)
_HAT = Window(2, 30, 7, 57)
_MIDDLE, _HEIGHT = 34.0, 18.5  # of the head: where its middle is, and its half height

_HAIR = np.array([[30, 24, 26], [84, 52, 34], [150, 76, 40], [228, 186, 110]], np.float32) / 255.0
_SKIN = np.array([[255, 224, 200], [240, 190, 150], [190, 128, 88], [112, 70, 48]], np.float32) / 255.0
_IRIS = np.array([[64, 40, 28], [96, 62, 34], [70, 120, 84], [70, 130, 190]], np.float32) / 255.0
_WHITE = np.array([[1.0, 0.99, 0.97]], np.float32)
_INK = np.array([[0.13, 0.1, 0.12]], np.float32)
_LIPS = np.array([[0.78, 0.3, 0.32]], np.float32)
_THROAT = np.array([[0.45, 0.12, 0.15]], np.float32)
_BLUSH = np.array([[0.95, 0.42, 0.42]], np.float32)
_FRAME = np.array([[0.16, 0.16, 0.22]], np.float32)


def draw_faces(attributes: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pictures (count, 3, 64, 64) for a table (count, attributes) with the columns of `RANGES`."""
    chunks = [_draw(attributes[start : start + _CHUNK]) for start in range(0, len(attributes), _CHUNK)]
    return np.concatenate(chunks) if chunks else np.empty((0, 3, SIDE, SIDE), np.uint8)


@dataclass(frozen=True)
class _Face:
    """Where the parts of the faces are; numbers (count, 1, 1) in pixels, colours (count, 3)."""

    factor: Mapping[str, Floats]
    skin: Floats
    hair: Floats
    iris: Floats
    clothes: Floats
    background: Floats
    centre: Floats
    width: Floats
    front: Floats  # horizontal middle of the features; moves with the turn of the head
    hair_volume: Floats
    head: Floats  # (count, SIDE, SIDE) signed distance to the outline of the head
    long_hair: Floats  # (count, SIDE, SIDE) coverage


def _face(attributes: NDArray[np.float32]) -> _Face:
    columns = dict(zip(RANGES, attributes.T, strict=True))
    factor: dict[str, Floats] = {name: values[:, None, None] for name, values in columns.items()}
    centre, width = 32.0 + 0.8 * factor["head_turn"], 15.0 + 3.2 * factor["face_width"]
    return _Face(
        factor=factor,
        skin=_between(_SKIN, columns["skin_tone"]),
        hair=_between(_HAIR, columns["hair_colour"]),
        iris=_between(_IRIS, columns["hair_colour"]),
        clothes=_hue(columns["clothes_hue"], 0.75, 0.55),
        background=_hue(columns["background_hue"], 0.9, 0.25),
        centre=centre,
        width=width,
        front=centre + 4.6 * factor["head_turn"],
        hair_volume=np.clip(5.0 * factor["hair_length"], 0.0, 1.0),
        head=_head_distance(centre, width),
        long_hair=_long_hair(centre, width, factor["hair_length"]),
    )


def _head_distance(centre: Floats, width: Floats) -> Floats:
    down = _ALL.down - _MIDDLE
    # The jaw is narrower than the forehead.
    narrowing = 1.0 - 0.16 * np.clip(down / _HEIGHT, 0.0, 1.2) ** 2
    return ellipse(_ALL.across - centre, down, width * narrowing, _HEIGHT)


def _long_hair(centre: Floats, width: Floats, length: Floats) -> Floats:
    # A tall rounded shape behind the head; with the length its sides come out and its lower end falls.
    end, top = _MIDDLE - 5.0 + 33.0 * length, _MIDDLE - _HEIGHT + 6.0
    reach = width - 3.5 + 7.0 * np.clip(5.0 * length - 1.0, 0.0, 1.0)
    return inside(rounded_box(_ALL.across - centre, _ALL.down - (end + top) / 2.0, reach, (end - top) / 2.0))


def _draw(attributes: NDArray[np.float32]) -> NDArray[np.uint8]:
    face = _face(attributes)
    canvas = FaceCanvas(face.background)
    for paint in (
        _paint_light,
        _paint_hair_behind,
        _paint_body,
        _paint_head,
        _paint_beard,
        _paint_hair_in_front,
        _paint_eyes,
        _paint_nose_and_cheeks,
        _paint_mouth,
        _paint_glasses,
        _paint_hat,
    ):
        paint(canvas, face)
    return canvas.quantised()


def _paint_light(canvas: FaceCanvas, face: _Face) -> None:
    light = inside(ellipse(_ALL.across - 26.0, _ALL.down - 20.0, 30.0, 30.0), 40.0)
    canvas.paint(_ALL, 0.45 * light, _WHITE)


def _paint_hair_behind(canvas: FaceCanvas, face: _Face) -> None:
    canvas.paint(_ALL, face.long_hair, 0.82 * face.hair)


def _paint_body(canvas: FaceCanvas, face: _Face) -> None:
    across, down = _BOTTOM.across - face.centre, _BOTTOM.down
    canvas.paint(_BOTTOM, inside(rounded_box(across, down - 54.0, 6.0, 9.0)), 0.84 * face.skin)
    shoulders = inside(ellipse(_BOTTOM.across - 32.0, down - 71.0, 26.0, 15.5))
    collar = inside(ellipse(across, down - 55.0, 7.5, 5.5))
    canvas.paint(_BOTTOM, shoulders * (1.0 - collar), face.clothes)
    canvas.paint(_BOTTOM, collar * shoulders, 0.84 * face.skin)


def _paint_head(canvas: FaceCanvas, face: _Face) -> None:
    down = _BAND.down - _MIDDLE - 1.0
    for side in (-1.0, 1.0):
        across = _BAND.across - face.centre - side * (face.width + 0.6) + 1.3 * face.factor["head_turn"]
        canvas.paint(_BAND, inside(ellipse(across, down, 3.0, 4.2)), 0.93 * face.skin)
        canvas.paint(_BAND, inside(ellipse(across, down, 1.3, 2.2), 2.0), 0.8 * face.skin)
    head = inside(_HEAD.of(face.head))
    canvas.paint(_HEAD, head, face.skin)
    shadow = np.clip(0.05 * (_HEAD.across - face.front) + 0.03 * (_HEAD.down - _MIDDLE) - 0.35, 0.0, 0.5)
    canvas.paint(_HEAD, head * shadow, 0.72 * face.skin)


def _paint_beard(canvas: FaceCanvas, face: _Face) -> None:
    across, down = _JAW.across - face.front, _JAW.down - _MIDDLE
    edge = 8.0 - 8.5 * (across / face.width) ** 2
    beard = inside(_JAW.of(face.head) - 1.2) * inside(edge - down, 2.0)
    moustache = inside(ellipse(across, down - 8.2, 6.5, 2.0), 1.5)
    canvas.paint(_JAW, np.maximum(beard, moustache) * face.factor["beard"], 0.8 * face.hair + 0.04)


def _paint_hair_in_front(canvas: FaceCanvas, face: _Face) -> None:
    across, down, volume = _TOP.across - face.centre, _TOP.down - _MIDDLE, face.hair_volume
    # The cap follows the skull; its edge is an arch, parted on one side.
    cap = inside(ellipse(across, down + 1.5 * volume, face.width + 2.8 * volume, _HEIGHT + 3.0 * volume))
    edge = -12.5 + 3.0 * volume + 10.0 * ((_TOP.across - face.front + 3.0) / face.width) ** 2
    top = cap * inside(np.maximum(down - edge, down - 1.0), 1.2) * np.clip(12.0 * face.factor["hair_length"], 0.0, 1.0)
    canvas.paint(_TOP, top, face.hair)
    shine = inside(ellipse(across + 6.0, down + 17.0, 7.0, 2.6), 5.0)
    canvas.paint(_TOP, 0.25 * shine * top, _WHITE)
    locks = inside(face.width - 2.2 - np.abs(_ALL.across - face.centre)) * inside(_MIDDLE - 10.0 - _ALL.down)
    canvas.paint(_ALL, face.long_hair * locks, face.hair)


def _eye_places(face: _Face) -> tuple[tuple[Window, Floats, Floats], ...]:
    # Where each eye is and its horizontal scale; the one turned away is narrower.
    turn = face.factor["head_turn"]
    scales = ((window, side, 1.0 - 0.12 * side * turn) for window, side in zip(_EYES, (-1.0, 1.0), strict=True))
    return tuple((window, face.front + 6.9 * side * scale, scale) for window, side, scale in scales)


def _paint_eyes(canvas: FaceCanvas, face: _Face) -> None:
    size = face.factor["eye_size"]
    for window, place, scale in _eye_places(face):
        across, down = window.across - place, window.down - _MIDDLE + 0.5
        width, height = (2.7 + 1.4 * size) * scale, 2.1 + 2.1 * size
        canvas.paint(window, inside(ellipse(across, down + 0.7, width + 0.5, height + 0.3)), _INK)
        white = inside(ellipse(across, down, width, height))
        canvas.paint(window, white, _WHITE)
        gaze = across - 0.8 * face.factor["head_turn"]
        canvas.paint(window, white * inside(ellipse(gaze, down, 1.7 + 0.8 * size, 1.8 + 0.9 * size)), face.iris)
        canvas.paint(window, white * inside(ellipse(gaze, down, 0.9 + 0.5 * size, 0.9 + 0.5 * size)), _INK)
        canvas.paint(window, white * inside(ellipse(gaze + 0.8, down + 0.9, 0.7, 0.7)), _WHITE)
        lift = down + height + 1.9 + 2.6 * face.factor["eyebrow_height"]
        canvas.paint(window, stroke(lift - 0.09 * across**2, 0.75, across, 4.0 * scale), 0.7 * face.hair)


def _paint_nose_and_cheeks(canvas: FaceCanvas, face: _Face) -> None:
    down = _CHEEKS.down - _MIDDLE
    warmth = (0.22 + 0.14 * np.clip(face.factor["smile"], 0.0, 1.0)) * inside(_CHEEKS.of(face.head) + 0.5)
    for side in (-1.0, 1.0):
        cheek = inside(ellipse(_CHEEKS.across - face.front - side * 9.0, down - 6.2, 3.6, 2.6), 3.5)
        canvas.paint(_CHEEKS, cheek * warmth, _BLUSH)
    nose = _CHEEKS.across - face.front - 1.2 * face.factor["head_turn"]
    canvas.paint(_CHEEKS, inside(ellipse(nose, down - 4.6, 2.3, 1.8)), 0.86 * face.skin)
    canvas.paint(_CHEEKS, inside(ellipse(nose, down - 3.9, 2.1, 1.7)), face.skin)


def _paint_mouth(canvas: FaceCanvas, face: _Face) -> None:
    smile = face.factor["smile"]
    half = 4.8 + 1.6 * np.clip(smile, 0.0, 1.0)
    across = (_MOUTH.across - face.front) / half
    arch = 1.0 - across**2
    bend = np.where(smile > 0.0, 2.8, 1.9) * smile
    # Distance below the upper lip, whose ends rise with the smile.
    down = _MOUTH.down - _MIDDLE - 11.0 - bend * (arch - 0.5)
    opening = 4.6 * np.clip((smile - 0.2) / 0.8, 0.0, 1.0) * np.clip(arch, 0.0, 1.0)
    ends = inside((np.abs(across) - 1.0) * half)
    inner = inside(-down) * inside(down - opening) * ends * np.clip(4.0 * opening, 0.0, 1.0)
    canvas.paint(_MOUTH, inner, _THROAT)
    canvas.paint(_MOUTH, inner * inside(down - 0.45 * opening), _WHITE)
    canvas.paint(_MOUTH, inside(np.abs(down) - 0.65) * ends, 0.75 * _LIPS)
    lower = inside(np.abs(down - opening - 0.3) - 0.6) * ends
    canvas.paint(_MOUTH, lower * np.clip(opening + 0.4, 0.0, 1.0), _LIPS)


def _paint_glasses(canvas: FaceCanvas, face: _Face) -> None:
    worn = face.factor["glasses"]
    for window, place, scale in _eye_places(face):
        rim = ellipse(window.across - place, window.down - _MIDDLE + 0.3, 5.6 * scale, 5.4)
        canvas.paint(window, 0.16 * inside(rim) * worn, _WHITE)
        canvas.paint(window, inside(np.abs(rim) - 0.65) * worn, _FRAME)
    across, down = _BAND.across - face.front, _BAND.down - _MIDDLE
    bridge = stroke(down + 1.3 - 0.1 * across**2, 0.6, across, 1.6)
    arms = inside(np.abs(down + 1.5) - 0.6) * inside(12.3 - np.abs(across)) * inside(_BAND.of(face.head) + 0.6)
    canvas.paint(_BAND, np.maximum(bridge, arms) * worn, _FRAME)


def _paint_hat(canvas: FaceCanvas, face: _Face) -> None:
    worn, across, down = face.factor["hat"], _HAT.across - face.centre, _HAT.down - _MIDDLE
    width = face.width + 1.2 + 1.8 * face.hair_volume
    canvas.paint(_HAT, inside(ellipse(across, down + 26.5, 4.0, 4.0)) * worn, 0.35 * face.clothes + 0.65)
    dome = inside(ellipse(across, down + 10.0, width, 16.0)) * inside(down + 10.0)
    canvas.paint(_HAT, dome * worn, face.clothes)
    band = inside(rounded_box(across, down + 11.0, width + 0.6, 3.2)) * worn
    canvas.paint(_HAT, band, 0.78 * face.clothes)
    ribs = 0.5 + 0.5 * np.cos(2.1 * across)
    canvas.paint(_HAT, 0.25 * ribs * band, _WHITE)


def _between(stops: Floats, position: Floats) -> Floats:
    """Colours (count, 3) at positions (count,) from 0 to 1 along a row of stops."""
    places = np.linspace(0.0, 1.0, len(stops))
    return np.stack([np.interp(position, places, channel) for channel in stops.T], axis=1).astype(np.float32)


def _hue(position: Floats, value: float, saturation: float) -> Floats:
    """Colours (count, 3) round the colour circle."""
    phase = (position[:, None] + np.array([[0.0, 2.0, 1.0]], np.float32) / 3.0) % 1.0
    wave = np.clip(np.abs(phase * 6.0 - 3.0) - 1.0, 0.0, 1.0)
    return (value * (1.0 - saturation * (1.0 - wave))).astype(np.float32)
