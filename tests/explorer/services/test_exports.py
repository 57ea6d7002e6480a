"""Exported files, and the scripts that make the same pixels."""

import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from explorer.controllers.reconstruction_wording import compared
from explorer.services.corruptions import ItemCorruption
from explorer.services.data_items import load_data_items
from explorer.services.exports import (
    ExportJob,
    ViewJob,
    codes_recipe,
    command_text,
    film_timing,
    map_recipe,
    python_text,
    reconstructions_recipe,
    samples_recipe,
)
from explorer.services.library import shipped_models
from explorer.services.network import OpenModel, open_model
from explorer.services.planes import map_plane
from explorer.services.reconstructions import ReconstructionsWish, reconstruct_in_steps
from explorer.state.export_values import ExportOptions
from explorer.state.item_groups import packed
from explorer.state.map_values import MapView
from explorer.state.reconstruction_choices import ReconstructionsChoice
from explorer.state.session_state import MapChoice, SamplesChoice
from trainers.cli.application import app
from trainers.data.corruption import Corruption
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.engine.sheets import interleaved_rows
from trainers.errors import FailureError, UsageError
from trainers.export.picture_formats import read_provenance
from trainers.export.recipe_drawing import draw_recipe
from trainers.export.recipes import Recipe
from trainers.reporting import never, no_report

SHIPPED = str(next(iter(shipped_models().values())))
OPTIONS = ExportOptions(scale=2, columns=3)
VIEW = MapView(-2.0, -1.0, 2.0, 1.0, 400, 200)
CODES = np.random.default_rng(0).standard_normal((5, 2))


@pytest.fixture(scope="module")
def model() -> OpenModel:
    return open_model(SHIPPED, 1)


@pytest.fixture(scope="module")
def recipes(model: OpenModel) -> dict[str, Recipe]:
    plane = map_plane(MapChoice(spacing="even"), (0.5, 0.5), model.facts(), None)
    choice = SamplesChoice(count=6, seed=3, temperatures=(0.8,))
    return {
        "codes": codes_recipe(CODES, (), OPTIONS, ("a", "b", "c")),
        "samples": samples_recipe(choice, (), OPTIONS, ()),
        "rising": samples_recipe(replace(choice, rising=True, count=20), (), OPTIONS, ()),
        "map": map_recipe(plane, (VIEW.left, VIEW.bottom, VIEW.right, VIEW.top), replace(OPTIONS, tiles=6)),
    }


@pytest.mark.parametrize("name", ["codes", "samples", "rising", "map"])
@pytest.mark.parametrize("suffix", [".png", ".tiff", ".svg"])
def test_the_copied_command_makes_the_same_file(
    recipes: dict[str, Recipe], name: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exported = ExportJob(SHIPPED, recipes[name], tmp_path / f"window{suffix}")(no_report, never)
    words = shlex.split(command_text(SHIPPED, recipes[name], f"/elsewhere/again{suffix}", OPTIONS))
    assert words[0] == "latent-trainer"
    result = CliRunner().invoke(app, words[1:])
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / f"again{suffix}").read_bytes() == exported.read_bytes()


def test_the_copied_command_makes_the_same_film(
    recipes: dict[str, Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = replace(OPTIONS, frames_per_second=7.5, there_and_back=False)
    exported = ExportJob(SHIPPED, recipes["codes"], tmp_path / "a.gif", film_timing(options))(no_report, never)
    result = CliRunner().invoke(app, shlex.split(command_text(SHIPPED, recipes["codes"], "b.gif", options))[1:])
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "b.gif").read_bytes() == exported.read_bytes()


@pytest.mark.parametrize(
    "corruption",
    [
        None,
        ItemCorruption(Corruption(noise=0.5), 3),
        ItemCorruption(None, mask=packed(np.eye(8) > 0), mask_shape=(8, 8)),
    ],
    ids=["none", "noise", "mask"],
)
def test_the_copied_command_makes_the_reconstructions_that_are_shown(
    digits_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corruption: ItemCorruption | None
) -> None:
    monkeypatch.chdir(tmp_path)
    checkpoint = str(find_checkpoint(digits_run))
    model = open_model(checkpoint, 1)
    wish = ReconstructionsWish(load_data_items(model.header.data, no_report), np.array([4, 0, 7]), None, corruption)
    recipe = reconstructions_recipe(wish, "test", True, OPTIONS)
    exported = ExportJob(checkpoint, recipe, tmp_path / "a.png")(no_report, never)
    result = CliRunner().invoke(app, shlex.split(command_text(checkpoint, recipe, "b.png", OPTIONS))[1:])
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "b.png").read_bytes() == exported.read_bytes()
    *_, made = reconstruct_in_steps(model, wish)
    assert made is not None
    shown = [pictures for _, pictures in compared(made, ReconstructionsChoice()).rows]
    assert len(shown) == (3 if corruption is None else 4)
    drawn = draw_recipe(load_model(Path(checkpoint)), recipe)
    assert (drawn.pictures == interleaved_rows(shown, 3)).mean() > 0.99
    assert (drawn.pictures[:3] == shown[0]).all()
    assert (drawn.pictures[3:6] == shown[1]).mean() > 0.99


@pytest.mark.parametrize("file", ["again.png", "again.gif"])
def test_the_copied_script_makes_the_same_file(recipes: dict[str, Recipe], file: str, tmp_path: Path) -> None:
    exported = ExportJob(SHIPPED, recipes["codes"], tmp_path / f"window{Path(file).suffix}", film_timing(OPTIONS))
    content = exported(no_report, never).read_bytes()
    script = python_text(SHIPPED, recipes["codes"], file, OPTIONS)
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    assert (tmp_path / file).read_bytes() == content


def test_tiles_of_the_map_are_the_codes_of_the_plane(model: OpenModel, recipes: dict[str, Recipe]) -> None:
    drawn = draw_recipe(load_model(Path(SHIPPED)), recipes["map"])
    assert (drawn.columns, drawn.rows) == (6, 3)
    centres = [(x, y) for y in (2 / 3, 0.0, -2 / 3) for x in np.linspace(-5 / 3, 5 / 3, 6)]
    np.testing.assert_allclose(drawn.pictures.astype(int), model.decode(np.array(centres)).astype(int), atol=1)


def test_titles_are_left_out_where_they_are_not_wanted() -> None:
    assert codes_recipe(CODES, (), replace(OPTIONS, titled=False), ("a", "b", "c")).column_titles == ()


def test_a_file_carries_recipe_weights_and_state(recipes: dict[str, Recipe], model: OpenModel, tmp_path: Path) -> None:
    state = {"anything": [1, 2]}
    file = ExportJob(SHIPPED, recipes["map"], tmp_path / "a.png", state=state)(no_report, never)
    about = read_provenance(file)
    assert about is not None
    assert (about.recipe, about.digest, about.state) == (recipes["map"], model.header.digest, state)


def test_the_window_as_it_is_carries_its_state_and_no_recipe(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (8, 9, 3), dtype=np.uint8)
    file = ViewJob(picture, SHIPPED, tmp_path / "view.png", {"a": 1})(no_report, never)
    about = read_provenance(file)
    assert about is not None
    assert about.recipe is None
    assert about.state == {"a": 1}


def test_a_command_that_would_be_too_long_is_none() -> None:
    wide = codes_recipe(np.random.default_rng(0).standard_normal((20, 784)), (), OPTIONS)
    assert command_text(SHIPPED, wide, "a.png", OPTIONS) == ""


def test_what_cannot_be_written_is_a_sentence(recipes: dict[str, Recipe], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FailureError, match="choose another place"):
        ExportJob(SHIPPED, recipes["codes"], tmp_path / "file" / "a.png")(no_report, never)
    with pytest.raises(UsageError, match="There is no checkpoint"):
        ExportJob(str(tmp_path / "gone.safetensors"), recipes["codes"], tmp_path / "a.png")(no_report, never)
