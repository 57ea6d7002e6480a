"""A run as pictures: each is what its very checkpoint draws, and what cannot be drawn is a sentence."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence

from trainers.engine.checkpoint import checkpoint_files, file_digest, find_checkpoint, load_model, read_header
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import train
from trainers.engine.training_request import TrainingRequest
from trainers.errors import StoppedError, UsageError
from trainers.export.films import frame_order
from trainers.export.history_drawing import with_digests
from trainers.export.picture_formats import read_provenance
from trainers.export.provenance import FilmTiming
from trainers.export.recipe_drawing import draw_recipe
from trainers.export.recipes import HistoryRecipe, ReconstructionsRecipe, SamplesRecipe, recipe_text
from trainers.export.writing import export_file, export_recipe

FRAME = SamplesRecipe(count=6, columns=3, seed=3, scale=2)


def _trained(run: Path, model: str, data: str, **settings: object) -> Path:
    request = TrainingRequest(model=model, model_settings=settings, data=data, epochs=3, batch_size=64)
    train(request.model_copy(update={"max_steps": 60}) if data == "moons" else request, run)
    return run


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    return _trained(folder / "digits", "vae", "digits", architecture="mlp", hidden_sizes=[16], latent_size=2)


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "run"))


@pytest.fixture
def steps(run: Path) -> tuple[int, ...]:
    return tuple(file.step for file in RunFolder(run).checkpoints())


def test_every_picture_is_what_its_checkpoint_draws(run: Path, steps: tuple[int, ...]) -> None:
    newest = find_checkpoint(run)
    for frame in (FRAME, ReconstructionsRecipe(items=(0, 5), columns=2)):
        recipe = HistoryRecipe(frame=frame, steps=steps, captioned=False)
        sheet = draw_recipe(load_model(newest), recipe, checkpoint=newest)
        assert len(sheet.pictures) == len(steps)
        for picture, file in zip(sheet.pictures, checkpoint_files(run), strict=True):
            np.testing.assert_array_equal(picture, draw_recipe(load_model(file), frame).pixels())
        assert (sheet.pictures[0] != sheet.pictures[-1]).any()


def test_captions_stand_above_and_the_pictures_below_stay(run: Path, steps: tuple[int, ...]) -> None:
    newest = find_checkpoint(run)
    model = load_model(newest)
    for frame in (FRAME, FRAME.model_copy(update={"scale": 16})):
        bare = draw_recipe(model, HistoryRecipe(frame=frame, steps=steps, captioned=False), checkpoint=newest)
        said = draw_recipe(model, HistoryRecipe(frame=frame, steps=steps), checkpoint=newest)
        above = said.pictures.shape[1] - bare.pictures.shape[1]
        aside = (said.pictures.shape[2] - bare.pictures.shape[2]) // 2
        below = said.pictures[:, above:, aside : aside + bare.pictures.shape[2]]
        np.testing.assert_array_equal(below, bare.pictures)
        captions = said.pictures[:, :above]
        assert (captions < 128).any(axis=(1, 2, 3)).all()
        assert (captions[0] != captions[1]).any()
        assert aside == 0 or frame.scale == 2


def test_points_of_all_snapshots_are_shown_in_one_frame(tmp_path: Path) -> None:
    run = _trained(tmp_path / "moons", "real_nvp", "moons", couplings=2, hidden_sizes=[8])
    steps = tuple(file.step for file in RunFolder(run).checkpoints())
    frame = SamplesRecipe(count=300, scale=1)
    newest = find_checkpoint(run)
    drawn = draw_recipe(load_model(newest), HistoryRecipe(frame=frame, steps=steps, captioned=False), checkpoint=newest)
    np.testing.assert_array_equal(drawn.pictures[-1], draw_recipe(load_model(newest), frame).pixels())
    first = draw_recipe(load_model(checkpoint_files(run)[0]), frame).pixels()
    assert (drawn.pictures[0] != first).any()


def test_a_film_says_which_checkpoints_it_is_made_of_and_can_be_made_again(run: Path, steps: tuple[int, ...]) -> None:
    newest, file, again = find_checkpoint(run), run / "film.gif", run / "again.gif"
    recipe = HistoryRecipe(frame=FRAME, steps=steps)
    timing = FilmTiming(frames_per_second=10.0, there_and_back=False)
    export_recipe(load_model(newest), read_header(newest), recipe, file, timing, checkpoint=newest)
    about = read_provenance(file)
    assert about is not None
    assert isinstance(about.recipe, HistoryRecipe)
    assert about.recipe.digests == tuple(file_digest(path) for path in checkpoint_files(run))
    assert about.digest == file_digest(newest)
    with Image.open(file) as film:
        assert film.info["loop"] == 0
        assert len(list(ImageSequence.Iterator(film))) == len(frame_order(len(steps), timing)) == len(steps)
    export_file(run, recipe_text(about.recipe), again, timing)
    assert again.read_bytes() == file.read_bytes()


def test_what_cannot_be_drawn_is_a_sentence(run: Path, steps: tuple[int, ...], tmp_path: Path) -> None:
    newest = find_checkpoint(run)
    model, recipe = load_model(newest), HistoryRecipe(frame=FRAME, steps=steps)
    with pytest.raises(UsageError, match="has other weights than those this history was made of"):
        with_digests(recipe.model_copy(update={"digests": ("0" * 64,) * len(steps)}), newest)
    alone = tmp_path / "alone.safetensors"
    shutil.copy(newest, alone)
    with pytest.raises(UsageError, match="lies in none; name a run folder"):
        draw_recipe(model, recipe, checkpoint=alone)
    with pytest.raises(UsageError, match="this model lies in none"):
        draw_recipe(model, recipe)
    checkpoint_files(run)[1].unlink()
    with pytest.raises(UsageError, match=f"no longer keeps its snapshot of step {steps[1]}"):
        draw_recipe(model, recipe, checkpoint=newest)
    with pytest.raises(UsageError, match="no longer keeps"):
        with_digests(recipe, newest)


def test_drawing_tells_how_far_it_is_and_stops_when_asked(run: Path, steps: tuple[int, ...]) -> None:
    newest = find_checkpoint(run)
    model, recipe = load_model(newest), HistoryRecipe(frame=FRAME, steps=steps)
    told: list[tuple[float, str]] = []
    draw_recipe(model, recipe, checkpoint=newest, report=lambda share, what: told.append((share, what)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert f"snapshot {len(steps)} of {len(steps)}" in [what for _, what in told]
    with pytest.raises(StoppedError):
        draw_recipe(model, recipe, checkpoint=newest, stop_requested=lambda: len(told) > 0)
    assert torch.is_grad_enabled()
