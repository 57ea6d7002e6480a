"""Named groups as ends of a direction, beside classes: the same mathematics, and a sentence where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.services.direction_ends import between
from explorer.services.encodings import encoded_items
from explorer.services.found_planes import PlaneJob, named_groups
from explorer.state.item_groups import ItemGroup, packed
from explorer.state.session_state import DirectionChoice, PlaneChoice, PlaneKind
from trainers.errors import UsageError

CODES = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
LABELS = np.arange(30) % 2
NAMES = ("cat", "dog", "owl")


def _group(name: str, members: slice | list[int], count: int = 30) -> ItemGroup:
    mask = np.zeros(count, dtype=bool)
    mask[members] = True
    return ItemGroup(name, "test items", packed(mask))


GROUPS = (
    _group("left", slice(0, 5)),
    _group("right", slice(10, 20)),
    _group("both", [4, 10]),
    _group("far", [35], count=40),
    _group("all", slice(0, 30)),
    _group("cats", slice(0, 30, 2)),
)


def _between(direction: DirectionChoice) -> tuple[np.ndarray, str]:
    return between(direction, CODES, LABELS, NAMES, GROUPS)


def test_the_direction_leads_from_mean_to_mean() -> None:
    vector, caption = _between(DirectionChoice(start_group="left", end_group="right"))
    assert vector == pytest.approx(CODES[10:20].mean(axis=0) - CODES[:5].mean(axis=0), abs=1e-6)
    assert caption == "from group left to group right"
    vector, caption = _between(DirectionChoice(start=-1, end_group="right"))
    others = np.r_[CODES[:10], CODES[20:]].mean(axis=0)
    assert caption == "from the others to group right"
    assert vector == pytest.approx(CODES[10:20].mean(axis=0) - others, abs=1e-6)
    vector, caption = _between(DirectionChoice(start=1, end_group="cats"))
    assert caption == "from dog to group cats"
    assert vector == pytest.approx(CODES[::2].mean(axis=0) - CODES[1::2].mean(axis=0), abs=1e-6)


@pytest.mark.parametrize(
    ("direction", "sentence"),
    [
        (DirectionChoice(end_group="gone"), "There is no group “gone” of these items any more"),
        (DirectionChoice(start_group="gone", end=1), "There is no group “gone” of these items any more"),
        (DirectionChoice(end_group="far"), "None of these items is in group “far”"),
        (DirectionChoice(start_group="left", end_group="both"), "Group left and group both have 1 items in common"),
        (DirectionChoice(start_group="right", end=0), "Group right and cat have 5 items in common"),
        (DirectionChoice(end_group="all"), "All these items are of group all, so there are no others"),
        (DirectionChoice(start_group="left", end_group="left"), "from group left to itself leads nowhere"),
        (DirectionChoice(start=2, end_group="left"), "None of these items is of class owl"),
    ],
)
def test_ends_without_a_direction_are_told(direction: DirectionChoice, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        _between(direction)


def test_data_without_classes_have_directions_between_groups() -> None:
    encoded = encoded_items(1, CODES, None, None, (), "test items")
    left, right = DirectionChoice(start_group="left", end_group="right"), DirectionChoice(end_group="left")
    choice = PlaneChoice("attributes", across=left, upwards=right)
    found = PlaneJob(choice, encoded, groups=named_groups(choice, GROUPS))(lambda *_: None, lambda: False)
    assert found.plane is not None
    assert found.caption.startswith("from group left to group right × from the others to group left")
    assert found.answers(choice, encoded, False, GROUPS)
    assert not found.answers(choice, encoded, False, GROUPS[1:])
    changed = (_group("left", slice(0, 6)), *GROUPS[1:])
    assert not found.answers(choice, encoded, False, changed)
    assert found.answers(choice, encoded, False, (*GROUPS, _group("new", [1])))


@pytest.mark.parametrize("kind", ["attributes", "residual"])
def test_items_without_a_code_have_no_part_in_a_direction(kind: PlaneKind) -> None:
    codes = CODES.copy()
    codes[[2, 12]] = np.nan
    whole = encoded_items(1, CODES, None, LABELS, NAMES, "test items")
    whole = replace(whole, codes=codes, has_code=np.isfinite(codes[:, 0]))
    across, upwards = DirectionChoice(start_group="left", end_group="right"), DirectionChoice(0, 1)
    choice = PlaneChoice(kind, across=across, upwards=upwards)
    found = PlaneJob(choice, whole, groups=named_groups(choice, GROUPS))(lambda *_: None, lambda: False)
    left, right = (codes[place] for place in ([0, 1, 3, 4], [10, 11, *range(13, 20)]))
    expected = right.mean(axis=0) - left.mean(axis=0)
    assert found.problem == ""
    assert found.plane is not None
    assert found.plane.axes[0] == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)
    assert found.answers(choice, whole, False, GROUPS)
