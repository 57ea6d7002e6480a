"""Encodings: made in short steps, or read where they lie if they belong to the checkpoint."""

import shutil
from pathlib import Path

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
def test_codes_of_a_model_that_diverged_are_a_sentence(value: float) -> None:
    codes = np.zeros((5, 3), np.float32)
    codes[2, 1] = value
    with pytest.raises(UsageError, match=r"infinite or no numbers; choose an earlier checkpoint\.$"):
        encoded_items(1, codes, None, None, (), "items")


def test_the_largest_codes_have_a_finite_activity() -> None:
    codes = np.full((5, 3), 1e25, np.float32)
    codes[0] = -1e25
    assert np.isfinite(encoded_items(1, codes, None, None, (), "items").activity).all()
    assert np.isfinite(encoded_items(1, codes, np.full((5, 3), 100.0, np.float32), None, (), "items").activity).all()
