"""Planes: which one a choice means, where codes lie on it, and what the map says."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.services.encodings import EncodedItems, encoded_items
from explorer.services.image_planes import Corners
from explorer.services.planes import fitting_plane, map_plane
from explorer.state.condition_facts import ConditionFacts
from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import MapChoice, PlaneChoice, Spacing

CODE = (0.5, -1.0, 2.0, 0.0)
CORNERS = ((1.0, 0.0, 0.0, 0.5), (0.0, 1.0, 0.0, 0.5), (0.0, 0.0, 2.0, 0.5))


def _facts(size: int) -> ModelFacts:
    return ModelFacts(
        title="vae / digits",
        path="",
        generation=1,
        latent_size=size,
        dimension_names=tuple(f"z{index + 1}" for index in range(size)),
        means=(0.0,) * size,
        deviations=(1.0,) * size,
        image_shape=(1, 8, 8),
        class_names=("a", "b"),
        capabilities=frozenset({"encoder"}),
        data="digits",
        epoch=1.0,
        step=1,
    )


@pytest.fixture
def encoded() -> EncodedItems:
    rng = np.random.default_rng(0)
    codes = (rng.standard_normal((200, 4)) * [0.1, 3.0, 0.2, 2.0]).astype(np.float32)
    return encoded_items(1, codes, None, np.arange(200) % 2, ("a", "b"), "test items")


@pytest.mark.parametrize(
    ("size", "choice", "principal", "expected"),
    [
        (2, PlaneChoice(), False, PlaneChoice()),
        (1, PlaneChoice(), False, PlaneChoice(first=0, second=0)),
        (4, PlaneChoice(first=3, second=1), False, PlaneChoice(first=3, second=1)),
        (4, PlaneChoice(first=3, second=4), False, PlaneChoice()),
        (4, PlaneChoice(first=-1, second=1), False, PlaneChoice()),
        (4, PlaneChoice(first=2, second=2), False, PlaneChoice()),
        (4, PlaneChoice("principal"), True, PlaneChoice("principal")),
        (4, PlaneChoice("principal"), False, PlaneChoice()),
        (2, PlaneChoice("principal"), True, PlaneChoice()),
        (4, PlaneChoice("images", 3, 1, before="principal"), True, PlaneChoice("principal")),
        (4, PlaneChoice("images", 3, 1), True, PlaneChoice(first=3, second=1)),
    ],
)
def test_a_choice_the_model_cannot_show_gives_way(
    size: int, choice: PlaneChoice, principal: bool, expected: PlaneChoice
) -> None:
    assert fitting_plane(choice, size, principal) == expected


@pytest.mark.parametrize("spacing", ["even", "probability"])
@pytest.mark.parametrize("kind", ["dimensions", "principal"])
def test_moving_the_ring_goes_there_and_stays_on_the_plane(spacing: str, kind: str, encoded: EncodedItems) -> None:
    choice = MapChoice(PlaneChoice(kind, 1, 3), spacing)  # type: ignore[arg-type]
    plane = map_plane(choice, CODE, _facts(4), encoded)
    moved = plane.moved(CODE, 0.25, 0.75)
    after = map_plane(choice, moved, _facts(4), encoded)
    assert plane.position(moved) == pytest.approx((0.25, 0.75))
    assert after.key == plane.key
    assert plane.codes(np.array([[0.25, 0.75]]))[0] == pytest.approx(moved)


def test_a_slider_off_the_plane_makes_another_plane() -> None:
    one = map_plane(MapChoice(), CODE, _facts(4), None)
    other = map_plane(MapChoice(), (0.5, -1.0, 2.1, 0.0), _facts(4), None)
    assert one.key != other.key
    assert one.position(CODE) == (0.5, -1.0)


@pytest.mark.parametrize(
    ("size", "choice", "caption"),
    [
        (1, MapChoice(), "the latent space, z1"),
        (2, MapChoice(), "the latent space, z1 × z2"),
        (2, MapChoice(spacing="probability"), "the latent space, z1 × z2, evenly in probability"),
        (4, MapChoice(PlaneChoice(first=1, second=3)), "slice z2 × z4 of 4 through the current point"),
        (
            4,
            MapChoice(PlaneChoice("principal")),
            "slice along the first two principal directions of 4, through the current point",
        ),
    ],
)
def test_captions_say_which_plane_it_is(size: int, choice: MapChoice, caption: str, encoded: EncodedItems) -> None:
    assert map_plane(choice, CODE[:size], _facts(size), encoded).caption == caption


def test_the_condition_makes_another_plane_and_is_said() -> None:
    condition = ConditionFacts("classes", ("two", "three"), usual=(1.0, 0.0))
    facts = replace(_facts(4), condition=condition)
    one, other = (map_plane(MapChoice(), CODE, facts, None, condition.of_name(place)) for place in (0, 1))
    assert one.key != other.key
    assert other.caption == "slice z1 × z2 of 4 through the current point, class three"
    assert other.condition == (0.0, 1.0)


def test_principal_plane_follows_the_data(encoded: EncodedItems) -> None:
    plane = map_plane(MapChoice(PlaneChoice("principal")), CODE, _facts(4), encoded)
    assert abs(plane.plane.axes[0]) == pytest.approx([0, 1, 0, 0], abs=0.1)
    assert abs(plane.plane.axes[1]) == pytest.approx([0, 0, 0, 1], abs=0.1)


def test_half_encoded_data_have_no_principal_plane(encoded: EncodedItems) -> None:
    plane = map_plane(
        MapChoice(PlaneChoice("principal")), CODE, _facts(4), replace(encoded, complete=False, principal=None)
    )
    assert plane.choice == PlaneChoice()
    assert plane.problem.startswith("This map comes as soon as the data are encoded")
    assert plane.wanted.kind == "principal", "it is shown once they are"


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        (np.full((9, 4), 0.3, np.float32), "All codes are the same, so they have no principal directions"),
        (
            np.arange(9, dtype=np.float32)[:, None] * np.array([1, 2, 0, -3], np.float32),
            "The codes vary in one direction only",
        ),
        (np.ones((1, 4), np.float32), "Principal directions need at least two encoded items"),
    ],
)
def test_codes_without_two_principal_directions_are_told(codes: np.ndarray, sentence: str) -> None:
    few = encoded_items(1, codes, None, None, (), "test items")
    plane = map_plane(MapChoice(PlaneChoice("principal")), CODE, _facts(4), few)
    assert plane.problem.startswith(sentence)
    assert (plane.choice.kind, plane.wanted.kind) == ("dimensions", "principal")
    assert map_plane(MapChoice(PlaneChoice(first=2)), CODE, _facts(4), few).problem == ""
    assert map_plane(MapChoice(PlaneChoice("principal")), CODE[:2], _facts(2), few).problem == ""


def test_points_lie_where_their_codes_do(encoded: EncodedItems) -> None:
    plane = map_plane(MapChoice(PlaneChoice(first=3, second=0)), CODE, _facts(4), encoded)
    cloud = plane.points(encoded, coloured=True)
    assert cloud.positions == pytest.approx(encoded.codes[:, [3, 0]])
    assert cloud.group_names == ("a", "b")
    assert cloud.note == "200 test items"
    assert set(plane.points(encoded, coloured=False).groups) == {-1}


def test_probabilities_have_bounds_and_even_planes_have_none() -> None:
    assert map_plane(MapChoice(), CODE, _facts(4), None).bounds is None
    plane = map_plane(MapChoice(spacing="probability"), CODE, _facts(4), None)
    assert plane.bounds == plane.home == (0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize("spacing", ["even", "probability"])
def test_the_plane_of_three_images_shows_them_and_brings_the_point_to_it(spacing: Spacing) -> None:
    choice = MapChoice(PlaneChoice("images", corners=CORNERS), spacing)
    plane = map_plane(choice, CODE, _facts(4), None)
    assert [letter for letter, _, _ in plane.marks] == ["A", "B", "C"]
    marks = np.array([(u, v) for _, u, v in plane.marks])
    assert plane.codes(marks) == pytest.approx(np.array(CORNERS))
    left, bottom, right, top = plane.home
    assert all(left < u < right and bottom < v < top for u, v in marks)
    moved = plane.moved(CODE, 0.25, 0.75)
    after = map_plane(choice, moved, _facts(4), None)
    assert after.position(moved) == pytest.approx((0.25, 0.75))
    assert after.key == plane.key
    assert moved == pytest.approx(plane.codes(np.array([[0.25, 0.75]]))[0])
    assert "beside it" in plane.caption
    assert "beside it" not in after.caption
    assert "slice of 4 dimensions through the images A, B and C" in after.caption


def test_until_three_images_are_chosen_the_plane_before_stays_and_says_what_is_missing(encoded: EncodedItems) -> None:
    chosen = PlaneChoice("images", corners=(CORNERS[0], (), ()), before="principal")
    before = map_plane(MapChoice(PlaneChoice("principal")), CODE, _facts(4), encoded)
    plane = map_plane(MapChoice(chosen), CODE, _facts(4), encoded)
    assert (plane.key, plane.choice, plane.wanted) == (before.key, before.choice, chosen)
    assert plane.problem.startswith("Still to choose: B, C;")
    assert [letter for letter, _, _ in plane.marks] == ["A"]


@pytest.mark.parametrize(
    ("corners", "sentence"),
    [
        ((CORNERS[0], CORNERS[0], CORNERS[1]), "A and B have the same code"),
        ((CORNERS[0], CORNERS[1], (2.0, -1.0, 0.0, 0.5)), "lie on a line"),
        ((CORNERS[0], CORNERS[1], (1.0, 2.0)), "C cannot be images of this model"),
        ((CORNERS[0], CORNERS[1], (1.0, 2.0, float("nan"), 0.0)), "C cannot be images of this model"),
    ],
)
def test_images_without_a_plane_are_told_and_the_map_stays(corners: Corners, sentence: str) -> None:
    plane = map_plane(MapChoice(PlaneChoice("images", corners=corners)), CODE, _facts(4), None)
    assert sentence in plane.problem
    assert plane.choice == PlaneChoice()


def test_a_space_of_two_dimensions_is_shown_as_it_is() -> None:
    plane = map_plane(
        MapChoice(PlaneChoice("images", corners=((1.0, 0.0), (0.0, 1.0), (0.0, 0.0)))), CODE[:2], _facts(2), None
    )
    assert (plane.choice, plane.problem, plane.marks) == (PlaneChoice(), "", ())
    assert plane.wanted.kind == "dimensions"


def test_another_third_image_makes_another_plane() -> None:
    one, other = (
        map_plane(MapChoice(PlaneChoice("images", corners=(*CORNERS[:2], third))), CODE, _facts(4), None)
        for third in (CORNERS[2], (0.0, 0.0, 2.0, 0.75))
    )
    assert one.key != other.key


def test_dimensions_that_are_the_same_for_all_points_are_told(encoded: EncodedItems) -> None:
    codes = encoded.codes.copy()
    codes[:, 1] = 0.5
    flat = encoded_items(1, codes, None, None, (), "items")
    captions = [
        map_plane(MapChoice(PlaneChoice(first=first, second=second)), CODE, _facts(4), flat).caption
        for first, second in ((0, 1), (0, 2))
    ]
    assert captions == [
        "slice z1 × z2 of 4 through the current point; z2 is the same for all points",
        "slice z1 × z3 of 4 through the current point",
    ]
