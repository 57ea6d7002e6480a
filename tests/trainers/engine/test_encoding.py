from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from trainers.data.catalogue import load_dataset
from trainers.data.image_dataset import ImageDataset
from trainers.engine.encoding import Encodings, encode_dataset, require_encoder
from trainers.engine.sampling import sample_images
from trainers.errors import FailureError, UsageError

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel


@pytest.fixture
def test_digits() -> ImageDataset:
    return load_dataset("digits", "test")


def test_codes_are_the_posterior_means_in_the_order_of_the_split(
    make_model: "MakeModel", test_digits: ImageDataset
) -> None:
    model = make_model().eval()
    encodings = encode_dataset(model, test_digits, digest="abc")
    with torch.inference_mode():
        posterior = require_encoder(model).encode(test_digits.scaled())
    assert posterior.log_variance is not None
    np.testing.assert_allclose(encodings.codes, posterior.mean.numpy(), atol=1e-5)
    assert encodings.log_variances is not None
    np.testing.assert_allclose(encodings.log_variances, posterior.log_variance.numpy(), atol=1e-5)
    assert encodings.codes.dtype == np.float32
    assert test_digits.labels is not None
    assert encodings.labels is not None
    assert (encodings.labels == test_digits.labels.numpy()).all()
    assert (encodings.data, encodings.split, encodings.digest) == ("digits", "test", "abc")
    assert encodings.class_names == tuple("0123456789")


def test_a_deterministic_encoder_has_no_variances(make_model: "MakeModel", test_digits: ImageDataset) -> None:
    assert encode_dataset(make_model("autoencoder"), test_digits).log_variances is None


def test_a_limit_takes_the_first_items(make_model: "MakeModel", test_digits: ImageDataset) -> None:
    model = make_model()
    whole, part = encode_dataset(model, test_digits), encode_dataset(model, test_digits, limit=7)
    np.testing.assert_allclose(part.codes, whole.codes[:7], atol=1e-6)
    assert part.labels is not None
    assert len(part.labels) == 7


def test_a_stop_gives_what_is_done(make_model: "MakeModel", digits: ImageDataset) -> None:
    shares: list[float] = []
    encodings = encode_dataset(
        make_model(), digits, lambda share, _what: shares.append(share), lambda: len(shares) == 2
    )
    assert 0 < len(encodings.codes) < len(digits)
    assert shares == sorted(shares)
    assert encodings.labels is not None
    assert len(encodings.labels) == len(encodings.codes)
    assert len(encode_dataset(make_model(), digits, stop_requested=lambda: True).codes) == 0


def test_progress_ends_at_the_whole(make_model: "MakeModel", digits: ImageDataset) -> None:
    reports: list[tuple[float, str]] = []
    encode_dataset(make_model(), digits, lambda share, what: reports.append((share, what)))
    assert reports[-1] == (1.0, f"{len(digits):,} of {len(digits):,} items")


def test_a_model_in_training_goes_on_training(make_model: "MakeModel", test_digits: ImageDataset) -> None:
    model = make_model().train()
    encode_dataset(model, test_digits, limit=5)
    assert model.training


@pytest.mark.parametrize("name", ["vae", "autoencoder"])
def test_codes_come_back_from_their_file(
    name: str, make_model: "MakeModel", test_digits: ImageDataset, tmp_path: Path
) -> None:
    encodings = encode_dataset(make_model(name), test_digits, digest="abc")
    encodings.save(tmp_path / "codes.npz")
    opened = Encodings.load(tmp_path / "codes.npz")
    for field in ("codes", "log_variances", "labels"):
        np.testing.assert_array_equal(getattr(opened, field), getattr(encodings, field))
    assert (opened.class_names, opened.data, opened.split, opened.digest) == (
        encodings.class_names,
        encodings.data,
        encodings.split,
        encodings.digest,
    )
    with np.load(tmp_path / "codes.npz", allow_pickle=False) as arrays:
        assert "codes" in arrays.files


def test_data_without_labels(make_model: "MakeModel", test_digits: ImageDataset, tmp_path: Path) -> None:
    encode_dataset(make_model(), replace(test_digits, labels=None), limit=3).save(tmp_path / "codes.npz")
    assert Encodings.load(tmp_path / "codes.npz").labels is None


def test_files_that_hold_no_codes(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There are no codes at"):
        Encodings.load(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("hello")
    np.savez(tmp_path / "other.npz", values=np.zeros(3))
    np.save(tmp_path / "single.npy", np.zeros(3))
    (tmp_path / "torn.npz").write_bytes((tmp_path / "other.npz").read_bytes()[:50])
    for name in ("text.npz", "other.npz", "single.npy", "torn.npz"):
        with pytest.raises(UsageError, match="does not hold codes, or is damaged"):
            Encodings.load(tmp_path / name)


@pytest.mark.parametrize(
    "changes",
    [
        {"codes": np.zeros(5, np.float32)},
        {"codes": np.full((5, 3), np.nan, np.float32)},
        {"codes": np.full((5, 3), "a")},
        {"log_variances": np.zeros((5, 2), np.float32)},
        {"labels": np.zeros(4, np.int64)},
        {"labels": np.zeros(5)},
        {"split": "valid"},
    ],
    ids="-".join,
)
def test_arrays_that_do_not_belong_together_are_refused(
    changes: dict[str, Any], make_model: "MakeModel", test_digits: ImageDataset, tmp_path: Path
) -> None:
    path = tmp_path / "codes.npz"
    replace(encode_dataset(make_model(), test_digits, limit=5), **changes).save(path)
    with pytest.raises(UsageError, match="does not hold codes, or is damaged"):
        Encodings.load(path)


def test_any_changed_byte_of_packed_codes_is_refused(
    make_model: "MakeModel", test_digits: ImageDataset, tmp_path: Path
) -> None:
    path = tmp_path / "codes.npz"
    encode_dataset(make_model(), test_digits, limit=5).save(path)
    content = path.read_bytes()
    start = content.index(b"codes.npy") + len(b"codes.npy")
    for place in range(start + 20, start + 60):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with pytest.raises(UsageError, match="does not hold codes, or is damaged"):
            Encodings.load(path)


def test_codes_that_cannot_be_written(make_model: "MakeModel", test_digits: ImageDataset, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FailureError, match="could not be written"):
        encode_dataset(make_model(), test_digits, limit=2).save(tmp_path / "file" / "codes.npz")


def test_images_of_another_shape_are_refused(make_model: "MakeModel", test_digits: ImageDataset) -> None:
    spec = test_digits.spec.model_copy(update={"shape": (3, 4, 4), "name": "other"})
    other = ImageDataset(spec, "test", torch.zeros(2, 3, 4, 4, dtype=torch.uint8))
    with pytest.raises(UsageError, match="trained on items of 1 × 8 × 8, and those of other are 3 × 4 × 4"):
        encode_dataset(make_model(), other)


def test_samples_are_decided_by_the_seed(make_model: "MakeModel", monkeypatch: pytest.MonkeyPatch) -> None:
    model = make_model()
    samples = sample_images(model, 6, seed=1)
    assert samples.shape == (6, 1, 8, 8)
    assert samples.min() >= 0.0
    assert samples.max() <= 1.0
    assert torch.equal(sample_images(model, 6, seed=1), samples)
    assert not torch.equal(sample_images(model, 6, seed=2), samples)
    monkeypatch.setattr("trainers.engine.decoding._BATCH", 4)
    torch.testing.assert_close(sample_images(model, 6, seed=1), samples)


def test_temperature_scales_the_noise(make_model: "MakeModel") -> None:
    model = make_model()
    with torch.inference_mode():
        centre = model.eval().decode(torch.zeros(1, 3))
    torch.testing.assert_close(sample_images(model, 3, temperature=0.0), centre.expand(3, -1, -1, -1))
