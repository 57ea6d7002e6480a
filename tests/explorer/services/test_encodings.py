"""Encodings: made in short steps, or read where they lie if they belong to the checkpoint."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.data_items import DataItems, load_data_items
from explorer.services.encodings import encode_in_steps, encoded_items, read_encodings
from explorer.services.network import OpenModel, open_model
from trainers.data.catalogue import load_dataset
from trainers.engine.checkpoint import find_checkpoint
from trainers.engine.encoding import encode_dataset
from trainers.errors import UsageError
from trainers.reporting import no_report

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def model(digits_run: Path) -> OpenModel:
    return open_model(str(digits_run), 1)


@pytest.fixture(scope="module")
def items(model: OpenModel) -> DataItems:
    return load_data_items(model.header.data, no_report)


def test_steps_give_what_the_command_line_encodes(model: OpenModel, items: DataItems) -> None:
    *_, last = encode_in_steps(model, items, 10_000)
    assert last is not None
    expected = encode_dataset(model._model, load_dataset("digits", "test"))
    assert last.complete
    assert last.codes == pytest.approx(expected.codes, abs=1e-4)
    assert last.labels is not None
    assert (last.labels == expected.labels).all()
    assert last.note == f"{len(items)} test items of digits"


def test_no_more_are_encoded_than_asked_for(model: OpenModel, items: DataItems) -> None:
    results = list(encode_in_steps(model, items, 100))
    shown = [result for result in results if result is not None]
    assert [len(result.codes) for result in shown] == [100]
    assert None in results


def test_activity_is_the_mean_divergence_in_nats() -> None:
    codes = np.array([[1.0, 0.0], [-1.0, 0.0]], dtype=np.float32)
    spread = np.zeros((2, 2), dtype=np.float32)
    encoded = encoded_items(1, codes, spread, None, (), "items")
    assert encoded.activity == pytest.approx((0.5, 0.0))
    assert encoded.activity_unit == "nats"


def test_activity_without_a_posterior_is_the_variance() -> None:
    encoded = encoded_items(1, np.array([[2.0, 1.0], [-2.0, 1.0]], dtype=np.float32), None, None, (), "items")
    assert encoded.activity == pytest.approx((4.0, 0.0))
    assert encoded.activity_unit == "variance"


def _encode_beside(checkpoint: Path, file: Path) -> None:
    model = open_model(str(checkpoint), 1)
    encode_dataset(model._model, load_dataset("digits", "test"), limit=20, digest=model.header.digest).save(file)


def test_encodings_beside_a_checkpoint_are_found(digits_run: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "shipped.safetensors"
    shutil.copy(find_checkpoint(digits_run), checkpoint)
    _encode_beside(checkpoint, tmp_path / "shipped.encodings.npz")
    encoded = read_encodings(open_model(str(checkpoint), 5))
    assert encoded is not None
    assert (len(encoded.codes), encoded.generation, encoded.note) == (20, 5, "20 test items of digits")


def test_encodings_in_the_run_folder_are_found(digits_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(digits_run, run)
    _encode_beside(find_checkpoint(run), run / "encodings.npz")
    assert read_encodings(open_model(str(run), 1)) is not None


def test_encodings_of_another_checkpoint_or_damaged_ones_are_not_used(digits_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(digits_run, run)
    earlier = sorted((run / "checkpoints").iterdir())[0]
    _encode_beside(earlier, run / "encodings.npz")
    assert read_encodings(open_model(str(run), 1)) is None
    (run / "encodings.npz").write_bytes(b"rubbish")
    assert read_encodings(open_model(str(run), 1)) is None


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_item_without_a_code_is_left_out_and_counted(value: float) -> None:
    codes = np.array([[1.0, 5.0, 0.0], [3.0, 5.0, value], [2.0, 5.0, 1.0], [4.0, 5.0, -1.0]], np.float32)
    labels = np.array([0, 1, 2, 3])
    encoded = encoded_items(1, codes, None, labels, ("a", "b", "c", "d"), "items")
    assert encoded.note == "4 items; 1 of 4 items have no code"
    assert encoded.coded.tolist() == [True, False, True, True]
    assert np.isnan(encoded.codes[1]).all()
    assert [encoded.class_name_of(place) for place in (0, 2, 3)] == ["a", "c", "d"]
    others = encoded_items(1, codes[[0, 2, 3]], None, None, (), "items")
    assert encoded.activity == pytest.approx(others.activity)
    assert encoded.constant == others.constant == {1}
    assert encoded.principal is not None
    assert others.principal is not None
    assert encoded.principal.axes == pytest.approx(others.principal.axes)
    assert np.isfinite(codes[1, :2]).all(), "what was given stays as it is"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_model_that_gives_no_codes_at_all_is_a_sentence(value: float) -> None:
    codes = np.full((5, 3), value, np.float32)
    with pytest.raises(UsageError, match=r"infinite or no numbers; choose an earlier checkpoint\.$"):
        encoded_items(1, codes, None, None, (), "items")


class Diverged:
    """An open model some of whose codes are no numbers."""

    generation, latent_size = 1, 3

    def __init__(self, lost: set[int]) -> None:
        self._lost = lost

    def conditions_of(self, _labels: object, _attributes: object, count: int) -> "NDArray[np.float32]":
        return np.empty((count, 0), np.float32)

    def encode(self, images: "NDArray[np.uint8]", _told: object) -> "tuple[NDArray[np.float32], None]":
        means = images.reshape(len(images), -1)[:, :3].astype(np.float32)
        means[np.isin(means[:, 0], list(self._lost)), 2] = np.nan
        return means, None


def _numbered(count: int, source: str = "test") -> DataItems:
    images = np.zeros((count, 1, 8, 8), np.uint8)
    images[:, 0, 0, 0] = np.arange(count) % 256
    spec = load_dataset("digits", "test").spec
    return DataItems(images, np.arange(count) % 10, spec, source=source)  # type: ignore[arg-type]


def test_places_of_items_stay_theirs_where_some_have_no_code() -> None:
    *_, last = encode_in_steps(Diverged({3, 7}), _numbered(200), 10_000)  # type: ignore[arg-type]
    assert last is not None
    assert last.note == "200 test items of digits; 2 of 200 items have no code"
    assert np.flatnonzero(~last.coded).tolist() == [3, 7]
    assert last.codes[last.coded, 0].tolist() == [place for place in range(200) if place not in (3, 7)]
    assert last.labels is not None
    assert last.labels.tolist() == [place % 10 for place in range(200)]


def test_items_whose_first_hundreds_have_no_code_are_shown_all_the_same() -> None:
    items = _numbered(3_000)
    items.images[:2_000, 0, 0, 0] = 99
    results = [result for result in encode_in_steps(Diverged({99}), items, 10_000) if result is not None]  # type: ignore[arg-type]
    assert results[-1].complete
    assert results[-1].coded.sum() > 900
    assert all(result.coded.any() for result in results)
    with pytest.raises(UsageError, match="choose an earlier checkpoint"):
        list(encode_in_steps(Diverged(set(range(256))), items, 10_000))  # type: ignore[arg-type]


def test_earlier_results_are_the_beginning_of_later_ones_and_no_copies() -> None:
    results = [result for result in encode_in_steps(Diverged(set()), _numbered(4_000), 10_000) if result is not None]  # type: ignore[arg-type]
    assert len(results) >= 3
    assert len(results[0].codes) < 1_100
    for result in results:
        assert np.shares_memory(result.codes, results[-1].codes)
        assert result.codes.tolist() == results[-1].codes[: len(result.codes)].tolist()
        assert result.complete == (result is results[-1])


def test_training_items_come_with_themselves() -> None:
    items = _numbered(300, "all")
    *_, last = encode_in_steps(Diverged(set()), items, 100)  # type: ignore[arg-type]
    assert last is not None
    assert (last.source, last.originals, len(last.codes)) == ("all", items, 100)
    assert last.note == "100 of 300 test and training items of digits"


def test_the_largest_codes_have_a_finite_activity() -> None:
    codes = np.full((5, 3), 1e25, np.float32)
    codes[0] = -1e25
    assert np.isfinite(encoded_items(1, codes, None, None, (), "items").activity).all()
    assert np.isfinite(encoded_items(1, codes, np.full((5, 3), 100.0, np.float32), None, (), "items").activity).all()
