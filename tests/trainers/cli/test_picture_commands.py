from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from trainers.data.catalogue import load_dataset
from trainers.engine.checkpoint import load_model
from trainers.engine.encoding import Encodings
from trainers.engine.pictures import pixels, write_png
from trainers.export.picture_formats import read_provenance
from trainers.export.recipes import ReconstructionsRecipe
from trainers.latent.plane import dimension_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.trainers.cli.conftest import Invoke


def picture(path: str) -> NDArray[np.uint8]:
    with Image.open(path) as opened:
        return np.asarray(opened)


def checkpoint(run: Path) -> Path:
    return sorted((run / "checkpoints").iterdir())[-1]


def test_samples_fill_a_square_sheet(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("sample", vae_run, "--count", 9, "--scale", 3, "--out", "sheet.png", "--json")
    assert outcome.code == 0
    assert (outcome.answer["count"], outcome.answer["columns"], outcome.answer["scale"]) == (9, 3, 3)
    assert picture("sheet.png").shape == (3 * 24 + 4, 3 * 24 + 4)
    assert 0 < picture("sheet.png").mean() < 255


def test_seed_decides_the_samples(invoke: Invoke, vae_run: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        assert invoke("sample", vae_run, "--seed", seed, "--out", f"{name}.png").code == 0
    assert np.array_equal(picture("one.png"), picture("same.png"))
    assert not np.array_equal(picture("one.png"), picture("other.png"))


def test_without_temperature_every_sample_is_the_same(invoke: Invoke, vae_run: Path) -> None:
    assert invoke("sample", vae_run, "--count", 2, "--scale", 1, "--temperature", 0, "--out", "two.png").code == 0
    sheet = picture("two.png")
    assert np.array_equal(sheet[:, :8], sheet[:, -8:])


def test_autoencoder_samples_from_its_fitted_prior(invoke: Invoke, autoencoder_run: Path) -> None:
    assert invoke("sample", autoencoder_run, "--count", 4).code == 0
    assert picture("samples.png").std() > 0


def test_manifold_tiles_are_the_decoded_codes(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke(
        *("export", "manifold", vae_run, "--tiles", 4, "--dims", "3,1", "--scale", 1),
        *("--spacing", "probability", "--out", "manifold.png", "--json"),
    )
    assert outcome.code == 0
    assert outcome.answer["dimensions"] == ["z3", "z1"]
    model = load_model(checkpoint(vae_run))
    plane = dimension_plane(np.zeros(3), 2, 0, np.zeros(3), np.ones(3), "probability")
    with torch.inference_mode():
        lowest_right = model.decode(torch.from_numpy(plane.codes(np.array([[0.875, 0.125]]))).float())
    sheet = picture("manifold.png")
    assert sheet.shape == (32, 32)
    assert np.array_equal(sheet[-8:, -8:], pixels(lowest_right)[0, :, :, 0])


def test_manifold_says_which_slice_it_is(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("export", "manifold", vae_run, "--tiles", 2)
    assert "slice z1 × z2 of 3 through the prior's mean, probability spacing" in outcome.stdout


def test_even_manifold_reaches_as_far_as_its_extent(invoke: Invoke, vae_run: Path) -> None:
    command = ("export", "manifold", vae_run, "--tiles", 3, "--scale", 1, "--spacing", "even")
    for extent in (1, 3):
        assert invoke(*command, "--extent", extent, "--out", f"{extent}.png").code == 0
    near, far = picture("1.png"), picture("3.png")
    assert np.array_equal(near[8:16, 8:16], far[8:16, 8:16])
    assert not np.array_equal(near[:8, :8], far[:8, :8])


def test_one_dimension_has_one_row_of_tiles(invoke: Invoke) -> None:
    small = ("--set", "architecture=mlp", "--set", "hidden_sizes=[8]", "--set", "latent_size=1")
    invoke("train", "vae", "--data", "digits", "--max-steps", 1, *small, "--run", "one")
    outcome = invoke("export", "manifold", "one", "--tiles", 5, "--scale", 1, "--json")
    assert outcome.code == 0
    assert outcome.answer["dimensions"] == ["z1"]
    assert picture("manifold.png").shape == (8, 40)


@pytest.mark.parametrize("dims", ["1", "1,1", "0,1", "1,4", "1,2,3", "a,b", ""])
def test_dimensions_that_are_no_plane_are_refused(invoke: Invoke, vae_run: Path, dims: str) -> None:
    outcome = invoke("export", "manifold", vae_run, "--dims", dims)
    assert outcome.code == 2
    assert "--dims" in outcome.sentence


def test_traversal_has_the_most_active_rows_first(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("export", "traversal", vae_run, "--steps", 5, "--scale", 1, "--json")
    assert outcome.code == 0
    measured = invoke("evaluate", vae_run, "--metric", "kl", "--limit", 2000, "--json").answer["metrics"]["kl"]
    by_activity = sorted(range(3), key=lambda place: -measured["per_unit"][place])
    assert outcome.answer["dimensions"] == [f"z{place + 1}" for place in by_activity]
    assert picture("traversal.png").shape == (3 * 8 + 4, 5 * 8 + 8)


def test_traversal_moves_one_dimension(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke(
        *("export", "traversal", vae_run, "--steps", 3, "--range", 2, "--sort", "index", "--dims", "2"),
        *("--scale", 1, "--json"),
    )
    assert outcome.answer["dimensions"] == ["z2"]
    codes = torch.tensor([[0.0, -2.0, 0.0], [0.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    with torch.inference_mode():
        expected = pixels(load_model(checkpoint(vae_run)).decode(codes))[..., 0]
    sheet = picture("traversal.png")
    for place in range(3):
        assert np.array_equal(sheet[:, 10 * place : 10 * place + 8], expected[place])


def test_traversal_of_an_autoencoder_is_sorted_by_variance(invoke: Invoke, autoencoder_run: Path) -> None:
    outcome = invoke("export", "traversal", autoencoder_run, "--json")
    assert outcome.code == 0
    assert "variance" in outcome.answer["order"]


def test_reconstructions_are_made_again_from_their_own_file(invoke: Invoke, vae_run: Path) -> None:
    assert invoke("export", "reconstructions", vae_run, "--count", 5, "--columns", 3, "--out", "a.png").code == 0
    assert invoke("export", "sheet", vae_run, "--recipe", "a.png", "--out", "b.png").code == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


def test_reconstructions_stand_below_their_originals(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("export", "reconstructions", vae_run, "--count", 3, "--columns", 2, "--scale", 1, "--json")
    assert outcome.code == 0
    sheet = picture("reconstructions.png")
    assert sheet.shape == (4 * 8 + 6, 2 * 8 + 2)
    assert set(np.unique(sheet[:8, :8])) <= {0, 255}
    assert len(np.unique(sheet[10:18, :8])) > 2
    assert (sheet[20:, 10:] == 255).all()


def test_codes_are_the_posterior_means_with_labels(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("encode", vae_run, "--split", "train", "--limit", 30, "--out", "codes.npz", "--json")
    assert outcome.code == 0
    assert (outcome.answer["count"], outcome.answer["latent_size"]) == (30, 3)
    encodings = Encodings.load(Path("codes.npz"))
    assert encodings.codes.shape == (30, 3)
    assert encodings.log_variances is not None
    assert encodings.labels is not None
    assert (encodings.data, encodings.split) == ("digits", "train")


def test_exported_model_opens_alone_with_its_codes_beside_it(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("export", "model", vae_run, "--out", "passed/on.safetensors", "--encodings", "test", "--json")
    assert outcome.code == 0
    assert Path("passed/on.safetensors").read_bytes() == checkpoint(vae_run).read_bytes()
    encodings = Encodings.load(Path("passed/on.encodings.npz"))
    assert len(encodings.codes) == 359
    assert encodings.digest == invoke("evaluate", "passed/on.safetensors", "--limit", 5, "--json").answer["digest"]


def test_exported_model_can_go_without_codes(invoke: Invoke, vae_run: Path) -> None:
    assert invoke("export", "model", vae_run).code == 0
    assert [path.name for path in Path.cwd().iterdir()] == ["model.safetensors"]


def test_pictures_of_one_checkpoint_are_the_same_however_it_is_named(invoke: Invoke, vae_run: Path) -> None:
    alone = shutil.copy(checkpoint(vae_run), "alone.safetensors")
    for place, named in enumerate((vae_run, vae_run / "checkpoints", checkpoint(vae_run), alone)):
        assert invoke("export", "manifold", named, "--tiles", 3, "--out", f"{place}.png").code == 0
    assert len({Path(f"{place}.png").read_bytes() for place in range(4)}) == 1


def test_corrupted_items_are_drawn_with_what_is_made_of_them(invoke: Invoke, vae_run: Path) -> None:
    options = ("--count", 2, "--columns", 2, "--scale", 1, "--differences")
    noisy = ("--corruption", "gaussian_noise", "--strength", 0.6, "--corruption-seed", 3)
    assert invoke("export", "reconstructions", vae_run, *options, *noisy).code == 0
    assert picture("reconstructions.png").shape[:2] == (4 * 8 + 3 * 2, 2 * 8 + 2)
    found = read_provenance(Path("reconstructions.png"))
    assert found is not None
    assert isinstance(found.recipe, ReconstructionsRecipe)
    assert found.recipe.corruption is not None
    assert (found.recipe.corruption.noise, found.recipe.corruption_seed, found.recipe.differences) == (0.6, 3, True)


def test_a_painted_mask_is_read_from_a_picture(invoke: Invoke, vae_run: Path) -> None:
    mask = np.full((8, 8, 1), 255, np.uint8)
    mask[:4] = 0
    write_png(Path("mask.png"), mask)
    options = ("--count", 1, "--columns", 1, "--scale", 1, "--mask", "mask.png")
    assert invoke("export", "reconstructions", vae_run, *options).code == 0
    sheet = picture("reconstructions.png")
    assert (sheet[10:14] == 128).all()
    assert (sheet[14:18] == sheet[4:8]).all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--corruption", "fog"), "kind"),
        (("--corruption", "trained"), "not trained to restore"),
        (("--corruption", "mix", "--strength", 0.5), "no one strength"),
        (("--corruption", "gaussian_noise", "--strength", 3), "from 0 to 1"),
        (("--corruption", "gaussian_noise", "--corruption-seed", 2**63), "--corruption-seed"),
        (("--strength", 0.5), "--strength is for --corruption"),
        (("--corruption", "mix", "--mask", "mask.png"), "leave one of them out"),
        (("--mask", "nowhere.png"), "no file"),
    ],
)
def test_a_corruption_that_makes_no_sense_is_one_sentence(
    invoke: Invoke, vae_run: Path, options: tuple[object, ...], sentence: str
) -> None:
    outcome = invoke("export", "reconstructions", vae_run, *options)
    assert outcome.code == 2
    assert sentence in outcome.sentence


def test_the_nearest_training_items_stand_below_the_samples(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("sample", vae_run, "--count", 4, "--columns", 4, "--scale", 1, "--nearest", "--out", "near.png")
    assert outcome.code == 0
    sheet = picture("near.png")
    assert sheet.shape == (2 * 8 + 2, 4 * 8 + 3 * 2)
    items = load_dataset("digits", "train").images[:, 0].numpy().astype(float)
    sample, nearest = sheet[:8, :8].astype(float), sheet[10:18, :8].astype(float)
    distances = np.square(items - sample).sum(axis=(1, 2))
    assert np.square(nearest - sample).sum() == distances.min()
