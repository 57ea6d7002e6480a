"""Planes along directions of the encoded data: what they show, what they say, and when there is none."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.services.encodings import EncodedItems, encoded_items
from explorer.services.found_planes import FoundPlane, PlaneJob
from explorer.services.planes import map_plane
from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import DirectionChoice, MapChoice, PlaneChoice, PlaneKind, Spacing

CODE = (0.5, -1.0, 2.0, 0.0)
NAMES = ("cat", "dog", "cow", "owl")


@pytest.fixture(scope="module")
def encoded() -> EncodedItems:
    """Classes 0 and 1 apart along the first dimension, 2 apart along the second, none of class 3; wide in the third."""
    random = np.random.default_rng(0)
    labels = np.arange(300) % 3
    middles = np.array([[0, 0, 0, 0], [4, 0, 0, 0], [0, 4, 0, 0]])
    codes = middles[labels] + random.normal(size=(300, 4)) * [0.1, 0.1, 9.0, 0.1]
    return encoded_items(1, codes.astype(np.float32), None, labels, NAMES, "test items")


def _attributes(encoded: EncodedItems) -> np.ndarray:
    return np.stack((encoded.codes[:, 1], np.ones(len(encoded.codes))), axis=1).astype(np.float32)


def _found(choice: PlaneChoice, encoded: EncodedItems) -> FoundPlane:
    job = PlaneJob(choice, encoded, _attributes(encoded), ("hat", "age"))
    return job(lambda *_: None, lambda: False)


def _choice(kind: PlaneKind, across: tuple[int, int], upwards: tuple[int, int] = (-1, 2)) -> PlaneChoice:
    return PlaneChoice(kind, across=DirectionChoice(*across), upwards=DirectionChoice(*upwards))


def _facts(size: int = 4) -> ModelFacts:
    names = tuple(f"z{index + 1}" for index in range(size))
    zeros, ones = (0.0,) * size, (1.0,) * size
    return ModelFacts("vae / x", "", 1, size, names, zeros, ones, (1, 8, 8), NAMES, frozenset(), "x", 1.0, 1)


def test_the_axes_lead_from_class_to_class(encoded: EncodedItems) -> None:
    found = _found(_choice("attributes", (0, 1), (0, 2)), encoded)
    assert found.plane is not None
    assert found.problem == ""
    across = encoded.codes[encoded.labels == 1].mean(axis=0) - encoded.codes[encoded.labels == 0].mean(axis=0)
    assert found.plane.axes[0] == pytest.approx(across / np.linalg.norm(across), abs=1e-6)
    assert found.caption.startswith("from cat to dog × from cat to cow (")
    assert found.caption.endswith("% of it, at right angles)")


def test_an_attribute_leads_from_low_to_high(encoded: EncodedItems) -> None:
    found = _found(_choice("attributes", (-1, 4), (0, 1)), encoded)
    assert found.plane is not None
    assert found.plane.axes[0, 1] > 0.8
    assert found.caption.startswith("from low to high hat × from cat to dog")


def test_beside_a_direction_lies_what_varies_most(encoded: EncodedItems) -> None:
    found = _found(_choice("residual", (0, 1)), encoded)
    assert found.plane is not None
    assert abs(found.plane.axes[1, 2]) > 0.8
    assert found.plane.axes[0] @ found.plane.axes[1] == pytest.approx(0.0, abs=1e-9)
    assert found.caption == "from cat to dog × what varies most beside it"


@pytest.mark.parametrize(
    ("across", "sentence"),
    [
        ((-1, 3), "None of these items is of class owl; choose another class."),
        ((3, 0), "None of these items is of class owl; choose another class."),
        ((1, 1), "A direction from dog to itself leads nowhere; choose another class."),
        ((-1, 5), "All these items have the same age; choose another attribute."),
        ((-1, 6), "This direction belongs to other data; choose another class, attribute or group."),
        ((-1, -7), "This direction belongs to other data; choose another class, attribute or group."),
        ((-1, 2), "The two directions are the same line through the codes; choose another one for one of them."),
    ],
)
def test_what_has_no_direction_is_told_in_a_sentence(
    across: tuple[int, int], sentence: str, encoded: EncodedItems
) -> None:
    found = _found(_choice("attributes", across), encoded)
    assert (found.plane, found.problem) == (None, sentence)


def test_a_class_none_of_whose_items_has_a_code_is_told(encoded: EncodedItems) -> None:
    codes, labels = encoded.codes.copy(), np.asarray(encoded.labels)
    codes[labels == 1] = np.nan
    found = _found(_choice("attributes", (0, 1)), encoded_items(1, codes, None, labels, NAMES, "items"))
    assert found.plane is None
    assert found.problem == "No item at one end of this direction has a code; choose another one."


def test_data_without_classes_and_attributes_have_no_directions(encoded: EncodedItems) -> None:
    job = PlaneJob(_choice("residual", (-1, 0)), replace(encoded, labels=None))
    assert "other data" in job(lambda *_: None, lambda: False).problem


@pytest.mark.parametrize("spacing", ["even", "probability"])
@pytest.mark.parametrize("kind", ["attributes", "residual"])
def test_moving_the_ring_goes_there_and_stays_on_the_plane(
    kind: PlaneKind, spacing: Spacing, encoded: EncodedItems
) -> None:
    choice = _choice(kind, (0, 1))
    found, shown = _found(choice, encoded), MapChoice(choice, spacing)
    plane = map_plane(shown, CODE, _facts(), encoded, (), found)
    moved = plane.moved(CODE, 0.25, 0.75)
    after = map_plane(shown, moved, _facts(), encoded, (), found)
    assert plane.choice == plane.wanted == choice
    assert plane.position(moved) == pytest.approx((0.25, 0.75))
    assert after.key == plane.key
    assert plane.codes(np.array([[0.25, 0.75]]))[0] == pytest.approx(moved)
    assert plane.caption.startswith(f"slice {found.caption}, of 4 dimensions through the current point")


def test_a_plane_found_for_another_choice_or_model_is_not_shown(encoded: EncodedItems) -> None:
    choice = _choice("residual", (0, 1))
    found = _found(choice, encoded)
    other = map_plane(MapChoice(_choice("residual", (0, 2))), CODE, _facts(), encoded, (), found)
    larger = map_plane(MapChoice(choice), (*CODE, 0.0), _facts(5), encoded, (), found)
    for plane in (other, larger):
        assert plane.choice == PlaneChoice()
        assert plane.problem.startswith("This map comes as soon as")
        assert plane.wanted.kind == "residual"


def test_the_map_of_neighbours_says_how_far_it_can_be_trusted(encoded: EncodedItems) -> None:
    choice = PlaneChoice("neighbours")
    found = _found(choice, encoded)
    plane = map_plane(MapChoice(choice, "probability"), CODE, _facts(), encoded, (), found)
    assert found.neighbours is not None
    assert plane.caption == (
        f"t-SNE of 300 points, approximate: {found.neighbours.kept:.0%} of the 10 nearest neighbours are kept; "
        "between points the nearest codes are mixed"
    )
    cloud = plane.points(encoded, coloured=True)
    assert cloud.positions == pytest.approx(found.neighbours.positions, rel=1e-5)
    assert plane.codes(found.neighbours.positions[7:8])[0] == pytest.approx(encoded.codes[7])
    assert plane.bounds is None
    left, bottom, right, top = plane.home
    assert all(left < u < right and bottom < v < top for u, v in found.neighbours.positions)


def test_neighbours_of_other_items_or_of_too_few_are_not_shown(encoded: EncodedItems) -> None:
    choice = PlaneChoice("neighbours", before="principal")
    other = map_plane(MapChoice(choice), CODE, _facts(), replace(encoded), (), _found(choice, encoded))
    few = replace(encoded, codes=encoded.codes[:20])
    none = map_plane(MapChoice(choice), CODE, _facts(), few, (), _found(choice, few))
    assert other.choice == none.choice == PlaneChoice("principal")
    assert none.problem.startswith("t-SNE needs 30 points")
    assert other.problem == ""


@pytest.mark.parametrize("kind", ["attributes", "residual"])
def test_items_without_a_code_have_no_say_in_a_direction(kind: PlaneKind, encoded: EncodedItems) -> None:
    codes = encoded.codes.copy()
    codes[::7] = np.nan
    known = np.isfinite(codes).all(axis=1)
    labels = np.asarray(encoded.labels)
    gaps = encoded_items(1, codes, None, labels, NAMES, "items")
    without = encoded_items(1, codes[known], None, labels[known], NAMES, "items")
    one, other = (PlaneJob(_choice(kind, (0, 1)), given)(lambda *_: None, lambda: False) for given in (gaps, without))
    assert one.plane is not None
    assert other.plane is not None
    assert one.plane.axes == pytest.approx(other.plane.axes)
    assert one.plane.means == pytest.approx(other.plane.means)
