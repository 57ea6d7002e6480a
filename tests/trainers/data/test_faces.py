import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from trainers.data.catalogue import load_dataset
from trainers.data.face_attributes import CORRELATIONS, RANGES, SHARES, draw_attributes
from trainers.data.face_drawing import draw_faces

NAMES = tuple(RANGES)
COUNT = 200_000


@pytest.fixture(scope="module")
def table() -> NDArray[np.float32]:
    return draw_attributes(COUNT, 0)


def plain_face(**changes: float) -> NDArray[np.int64]:
    """One face (3, 64, 64) in the middle of all ranges, nothing worn, but for some attributes."""
    values = {name: 0.0 if name in SHARES else (low + high) / 2 for name, (low, high) in RANGES.items()} | changes
    face: NDArray[np.int64] = draw_faces(np.array([list(values.values())], np.float32))[0].astype(np.int64)
    return face


def changed_rows(first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[int, int]:
    rows = np.flatnonzero((first != second).any(axis=(0, 2)))
    return int(rows.min()), int(rows.max())


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(NAMES, 2)))
def test_attributes_have_their_true_correlation(first: str, second: str, table: NDArray[np.float32]) -> None:
    expected = CORRELATIONS.get((first, second), CORRELATIONS.get((second, first), 0.0))
    measured = np.corrcoef(table[:, NAMES.index(first)], table[:, NAMES.index(second)])[0, 1]
    # The standard error is at most 1 / √count; 5 of them for the largest of 78 pairs.
    assert measured == pytest.approx(expected, abs=5.0 / COUNT**0.5)


@pytest.mark.parametrize("name", NAMES)
def test_attributes_follow_their_law(name: str, table: NDArray[np.float32]) -> None:
    values, (lowest, highest) = table[:, NAMES.index(name)], RANGES[name]
    if name in SHARES:
        assert set(np.unique(values)) == {0.0, 1.0}
        assert values.mean() == pytest.approx(SHARES[name], abs=0.006)
    else:
        counts, _ = np.histogram(values, 10, (lowest, highest))
        assert counts.sum() == COUNT
        assert np.abs(counts / COUNT - 0.1).max() < 0.004


def test_attributes_follow_their_seed() -> None:
    assert np.array_equal(draw_attributes(100, 1), draw_attributes(100, 1))
    assert not np.array_equal(draw_attributes(100, 1), draw_attributes(100, 2))


def test_a_face_does_not_depend_on_its_neighbours(table: NDArray[np.float32]) -> None:
    together = draw_faces(table[:150])
    assert together.shape == (150, 3, 64, 64)
    assert together.dtype == np.uint8
    for place in (0, 63, 64, 149):
        assert np.array_equal(draw_faces(table[place : place + 1])[0], together[place])
    assert draw_faces(table[:0]).shape == (0, 3, 64, 64)


def test_faces_differ_and_fill_the_range(table: NDArray[np.float32]) -> None:
    faces = draw_faces(table[:200])
    assert len({face.tobytes() for face in faces}) == 200
    assert faces.min() < 60
    assert faces.max() > 230


@pytest.mark.parametrize("name", NAMES)
def test_every_attribute_is_seen(name: str) -> None:
    lowest, highest = RANGES[name]
    # A hue of 1 is the hue 0 again.
    other = 0.5 if name.endswith("hue") else highest
    difference = np.abs(plain_face(**{name: lowest}) - plain_face(**{name: other}))
    assert (difference.max(axis=0) > 20).sum() >= 15


def test_parts_are_where_they_belong() -> None:
    plain = plain_face()
    smile_top, smile_bottom = changed_rows(plain_face(smile=-0.9), plain_face(smile=0.0))
    assert smile_top > 36
    assert smile_bottom < 56
    assert changed_rows(plain, plain_face(hat=1.0))[1] < 32
    assert changed_rows(plain, plain_face(beard=1.0))[0] > 30
    glasses_top, glasses_bottom = changed_rows(plain, plain_face(glasses=1.0))
    assert glasses_top > 20
    assert glasses_bottom < 44


def test_turning_moves_the_features() -> None:
    # Pupils and lashes are the only pixels as dark as this.
    left, right = plain_face(head_turn=-1.0, hair_length=0.0), plain_face(head_turn=1.0, hair_length=0.0)

    def middle_of_eyes(face: NDArray[np.int64]) -> float:
        return float(np.nonzero(face.max(axis=0) < 50)[1].mean())

    assert middle_of_eyes(left) < 28.0
    assert middle_of_eyes(right) > 36.0


def test_dataset_has_factors_and_labels() -> None:
    train, test = load_dataset("faces", "train"), load_dataset("faces", "test")
    assert (len(train), len(test)) == (10_000, 2_000)
    assert train.spec.shape == (3, 64, 64)
    assert train.spec.attribute_names == NAMES
    assert train.spec.class_names == ("not smiling", "smiling")
    assert train.attributes is not None
    assert train.labels is not None
    assert ((train.attributes[:, NAMES.index("smile")] > 0).long() == train.labels).all()
    assert train.labels.float().mean().item() == pytest.approx(0.5, abs=0.03)
    assert test.attributes is not None
    # The drawing of the table's rows, here or on any other machine, is the picture.
    assert np.array_equal(draw_faces(test.attributes[:5].numpy()), test.images[:5].numpy())
