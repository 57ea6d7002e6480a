"""An open model: what it decodes, encodes and draws is what the trainers' own model does."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from explorer.services.network import OpenModel, open_model
from explorer.state.condition_facts import ConditionFacts
from tests.explorer.stub_models import ATTRIBUTES, CLASSES, MIXED, TWO_LEVELS, WIDE, DrawingStub
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.errors import UsageError
from trainers.models.latent_model import LatentModel

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub


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
    joined = model.pictures.small(np.concatenate([values for _, values in steps])).astype(int)
    # Another batch size may round a sum the other way.
    assert np.abs(joined - model.decode(codes)).max() <= 1


def test_what_draws_number_by_number_draws_many_at_once_and_in_short_steps(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("drawing_stub", condition=CLASSES)), 1)
    DrawingStub.counts.clear()
    model.warm_up()
    assert not DrawingStub.counts
    codes = np.random.default_rng(1).standard_normal((300, 3))
    told = np.eye(10, dtype=np.float32)[np.arange(300) % 10]
    steps = [(start, len(values)) for start, values in model.decode_in_steps(codes, told)]
    assert DrawingStub.counts == [256, 44]
    assert steps == [*[(0, 0)] * 8, (0, 256), *[(256, 0)] * 8, (256, 44)]
    assert not torch.is_inference_mode_enabled()
    joined = np.concatenate([values for _, values in model.decode_in_steps(codes, told)])
    assert joined == pytest.approx(model.decode_values(codes, told), abs=1e-6)
    for_all = np.concatenate([values for _, values in model.decode_in_steps(codes, told[3])])
    assert for_all[3::10] == pytest.approx(joined[3::10], abs=1e-6)


def test_encoding_is_the_posterior_of_the_scaled_images(model: OpenModel, reference: LatentModel) -> None:
    images = np.random.default_rng(2).integers(0, 256, (3, 1, 8, 8), dtype=np.uint8)
    with torch.inference_mode():
        posterior = reference.encode(torch.tensor(images) / 255.0)  # type: ignore[operator]
    codes, log_variances = model.encode(images)
    assert codes == pytest.approx(posterior.mean.numpy(), abs=1e-5)
    assert log_variances == pytest.approx(posterior.log_variance.numpy(), abs=1e-5)


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
    assert facts.capabilities == {"encoder", "likelihood", "bound", "linear_start"}
    assert (facts.epoch, facts.activity) == (4.0, ())


def test_an_autoencoder_has_no_bound(wide_run: Path) -> None:
    facts = open_model(str(wide_run), 1).facts()
    assert facts.capabilities == {"encoder", "linear_start"}
    assert facts.latent_size == 5


def test_the_condition_of_a_model_reaches_every_request(stubs: "SaveStub") -> None:
    model = open_model(str(stubs(condition=CLASSES)), 1)
    exact = model._model
    codes = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    told = np.eye(10, dtype=np.float32)[[3, 3, 7, 0]]
    with torch.inference_mode():
        expected = exact.decode(torch.from_numpy(codes), torch.from_numpy(told)).permute(0, 2, 3, 1) * 255.0
    assert np.abs(model.decode(codes, told) - expected.numpy()).max() <= 0.501
    assert (model.decode(codes[:2], told[0]) == model.decode(codes[:2], told[:2])).all()
    assert (model.decode(codes) == model.decode(codes, np.eye(10)[0])).all()
    joined = np.concatenate([values for _, values in model.decode_in_steps(codes, told)])
    assert joined == pytest.approx(model.decode_values(codes, told), abs=1e-5)
    assert len(model.sample_codes(4, 1.0, 0, told)) == 4


def test_items_bring_their_conditions(stubs: "SaveStub") -> None:
    by_class = open_model(str(stubs(condition=CLASSES)), 1)
    by_attribute = open_model(str(stubs(condition=ATTRIBUTES)), 1)
    plain = open_model(str(stubs()), 1)
    labels, attributes = np.array([2, 0]), np.array([[0.5, 3.0], [-1.0, 0.0]], dtype=np.float32)
    assert (by_class.conditions_of(labels, None, 2) == np.eye(10)[[2, 0]]).all()
    assert (by_attribute.conditions_of(labels, attributes, 2) == attributes).all()
    assert plain.conditions_of(labels, attributes, 2).shape == (2, 0)
    with pytest.raises(UsageError, match="attributes"):
        by_attribute.conditions_of(labels, None, 2)


def test_a_grid_of_numbers_starts_with_a_sample_and_others_in_their_middle(stubs: "SaveStub") -> None:
    grid = open_model(str(stubs("stub", WIDE)), 1)
    assert grid.facts().start == tuple(grid.sample_codes(1, 1.0, seed=0)[0].tolist())
    assert open_model(str(stubs()), 1).facts().start == ()


def test_facts_name_blocks_levels_and_condition(stubs: "SaveStub") -> None:
    facts = open_model(str(stubs("stub", MIXED, ATTRIBUTES)), 1).facts()
    assert [(block.name, block.start, block.size, block.prior) for block in facts.blocks] == [
        ("noise", 0, 3, "normal"),
        ("kind", 3, 4, "categorical"),
        ("style", 7, 2, "uniform"),
        ("place", 9, 2, "ball"),
    ]
    assert facts.capabilities == frozenset()
    assert facts.frame is None
    assert facts.condition == ConditionFacts("attributes", ("smile", "hat"), (-1.0, 0.0), (1.0, 4.0), True, (0.0, 2.0))
    levels = open_model(str(stubs("stub", TWO_LEVELS)), 1).facts()
    assert levels.levels == 2
    assert [block.level for block in levels.blocks] == [0, 1]
    assert levels.condition == ConditionFacts()


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
