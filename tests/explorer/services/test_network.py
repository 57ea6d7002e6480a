"""An open model: what it decodes, encodes and draws is what the trainers' own model does."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.services.data_items import load_data_items
from explorer.services.network import OpenModel, open_model
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.errors import UsageError
from trainers.models.latent_model import LatentModel
from trainers.reporting import no_report


@pytest.fixture(scope="module")
def model(digits_run: Path) -> OpenModel:
    return open_model(str(digits_run), generation=3)


@pytest.fixture(scope="module")
def reference(digits_run: Path) -> LatentModel:
    return load_model(find_checkpoint(digits_run))


def test_decoding_rounds_what_the_model_decodes(model: OpenModel, reference: LatentModel) -> None:
    codes = np.random.default_rng(0).standard_normal((5, 2))
    with torch.inference_mode():
        exact = reference.decode(torch.tensor(codes, dtype=torch.float32)).permute(0, 2, 3, 1).numpy()
    pictures = model.decode(codes)
    assert pictures.shape == (5, 8, 8, 1)
    assert pictures.dtype == np.uint8
    assert np.abs(pictures - 255.0 * exact).max() <= 0.501


def test_decoding_in_steps_gives_the_same_pictures(model: OpenModel) -> None:
    codes = np.random.default_rng(1).standard_normal((70, 2))
    steps = list(model.decode_in_steps(codes))
    assert [start for start, _ in steps][:1] == [0]
    assert len(steps) > 1
    joined = np.concatenate([pictures for _, pictures in steps]).astype(int)
    # Another batch size may round a sum the other way.
    assert np.abs(joined - model.decode(codes)).max() <= 1


def test_encoding_is_the_posterior_of_the_scaled_images(model: OpenModel, reference: LatentModel) -> None:
    images = np.random.default_rng(2).integers(0, 256, (3, 1, 8, 8), dtype=np.uint8)
    with torch.inference_mode():
        posterior = reference.encode(torch.tensor(images) / 255.0)  # type: ignore[operator]
    codes, log_variances = model.encode(images)
    assert codes == pytest.approx(posterior.mean.numpy(), abs=1e-5)
    assert log_variances == pytest.approx(posterior.log_variance.numpy(), abs=1e-5)


def test_errors_of_reconstructions_are_mean_squares(model: OpenModel) -> None:
    images = load_data_items(model.header.data, no_report).images[:4]
    pictures, errors, codes = model.reconstruct(images)
    difference = pictures.transpose(0, 3, 1, 2) / 255.0 - images / 255.0
    assert errors == pytest.approx((difference**2).mean(axis=(1, 2, 3)), abs=0.003)
    assert model.decode(codes) == pytest.approx(pictures, abs=1)


def test_a_seed_gives_the_same_noise_at_every_temperature(model: OpenModel) -> None:
    full, half = model.sample_codes(6, 1.0, 5), model.sample_codes(6, 0.5, 5)
    assert half == pytest.approx(full / 2)
    assert not np.allclose(full, model.sample_codes(6, 1.0, 6))


def test_facts_say_what_the_window_needs(model: OpenModel, digits_run: Path) -> None:
    facts = model.facts()
    assert facts.title == "vae / digits"
    assert facts.path == str(find_checkpoint(digits_run))
    assert (facts.generation, facts.latent_size, facts.image_shape) == (3, 2, (1, 8, 8))
    assert (facts.means, facts.deviations) == ((0.0, 0.0), (1.0, 1.0))
    assert facts.class_names == tuple("0123456789")
    assert facts.capabilities == {"encoder", "likelihood", "bound"}
    assert (facts.epoch, facts.activity) == (4.0, ())


def test_an_autoencoder_has_no_bound(wide_run: Path) -> None:
    facts = open_model(str(wide_run), 1).facts()
    assert facts.capabilities == {"encoder"}
    assert facts.latent_size == 5


@pytest.mark.parametrize("damage", ["truncated", "foreign", "missing"])
def test_a_file_that_holds_no_model_is_refused_in_a_sentence(damage: str, digits_run: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    shutil.copy(find_checkpoint(digits_run), file)
    if damage == "truncated":
        file.write_bytes(file.read_bytes()[:-100])
    elif damage == "foreign":
        file.write_bytes(b"not a checkpoint")
    else:
        file.unlink()
    with pytest.raises(UsageError, match=r"model\.safetensors"):
        open_model(str(file), 1)
