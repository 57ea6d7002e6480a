"""`interpolate`, and recipes made into files again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from trainers.engine.checkpoint import find_checkpoint
from trainers.export.picture_formats import read_provenance
from trainers.export.recipes import CodesRecipe, recipe_text
from trainers.export.writing import export_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.trainers.cli.conftest import Invoke


def picture(path: str | Path) -> NDArray[np.uint8]:
    with Image.open(path) as opened:
        return np.asarray(opened)


@pytest.mark.parametrize("kind", ["linear", "spherical", "neighbours", "geodesic"])
def test_a_path_is_drawn_as_a_strip(invoke: Invoke, vae_run: Path, kind: str) -> None:
    outcome = invoke("interpolate", vae_run, 3, 8, "sample:1", "--kind", kind, "--steps", 7, "--scale", 2, "--json")
    assert outcome.code == 0, outcome.stderr
    assert (outcome.answer["kind"], outcome.answer["steps"]) == (kind, 7)
    assert len(outcome.answer["step_lengths"]) == 6
    assert (outcome.answer["support"] is not None) == (kind == "neighbours")
    assert picture("path.png").shape == (16, 7 * 16 + 6 * 2)


def test_the_ends_of_a_strip_are_the_pictures_of_its_keys(invoke: Invoke, vae_run: Path) -> None:
    for first, second in ((3, 8), (8, 3)):
        assert invoke("interpolate", vae_run, first, second, "--scale", 1, "--out", f"{first}.png").code == 0
    np.testing.assert_array_equal(picture("3.png")[:, :8], picture("8.png")[:, -8:])
    assert not np.array_equal(picture("3.png")[:, :8], picture("3.png")[:, -8:])


def test_a_closed_path_ends_where_it_begins(invoke: Invoke, vae_run: Path) -> None:
    assert invoke("interpolate", vae_run, 1, 2, "--closed", "--steps", 5, "--scale", 1).code == 0
    strip = picture("path.png")
    np.testing.assert_array_equal(strip[:, :8], strip[:, -8:])


def test_a_picture_of_one_s_own_is_a_key_and_what_was_done_to_it_is_said(invoke: Invoke, vae_run: Path) -> None:
    Image.new("RGB", (40, 20), "white").save("own.png")
    outcome = invoke("interpolate", vae_run, "own.png", 0)
    assert outcome.code == 0
    assert outcome.sentence == "own.png was cropped about its middle, resized from 40 × 20 to 8 × 8, turned to grey."


def test_a_path_becomes_a_film_that_runs_there_and_back(invoke: Invoke, vae_run: Path) -> None:
    assert invoke("interpolate", vae_run, 1, 2, "--steps", 5, "--fps", 10, "--out", "path.gif").code == 0
    with Image.open("path.gif") as film:
        assert film.n_frames == 8  # type: ignore[attr-defined]


def test_a_sheet_comes_back_pixel_by_pixel_from_what_it_says_of_itself(invoke: Invoke, vae_run: Path) -> None:
    assert invoke("interpolate", vae_run, 1, 2, "--kind", "spherical", "--out", "first.png").code == 0
    outcome = invoke("export", "sheet", vae_run, "--recipe", "first.png", "--out", "again.png", "--json")
    assert (outcome.code, outcome.answer["count"], outcome.answer["kind"]) == (0, 11, "codes")
    assert Path("again.png").read_bytes() == Path("first.png").read_bytes()


def test_a_recipe_may_be_text_or_a_file_or_a_call_of_a_script(invoke: Invoke, vae_run: Path) -> None:
    recipe = recipe_text(CodesRecipe(codes=((0.0, 1.0, -1.0), (0.5, 0.5, 0.5)), columns=2, scale=3))
    Path("recipe.json").write_text(recipe, encoding="utf-8")
    assert invoke("export", "sheet", vae_run, "--recipe", recipe, "--out", "text.png").code == 0
    assert invoke("export", "sheet", vae_run, "--recipe", "recipe.json", "--out", "file.png").code == 0
    export_file(vae_run, recipe, Path("script.png"))
    np.testing.assert_array_equal(picture("text.png"), picture("file.png"))
    np.testing.assert_array_equal(picture("text.png"), picture("script.png"))


def test_a_film_is_made_of_a_picture_s_recipe(invoke: Invoke, vae_run: Path) -> None:
    assert invoke("interpolate", vae_run, 1, 2, "--out", "strip.png").code == 0
    outcome = invoke("export", "film", vae_run, "--recipe", "strip.png", "--no-back", "--out", "film.gif", "--json")
    assert (outcome.code, outcome.answer["count"]) == (0, 11)
    about = read_provenance(Path("film.gif"))
    assert about is not None
    assert about.film is not None
    assert not about.film.there_and_back
    assert about.recipe == read_provenance(Path("strip.png")).recipe  # type: ignore[union-attr]


def test_other_weights_than_those_of_the_picture_are_warned_of(
    invoke: Invoke, vae_run: Path, autoencoder_run: Path
) -> None:
    assert invoke("interpolate", vae_run, 1, 2, "--out", "strip.png").code == 0
    outcome = invoke("export", "sheet", autoencoder_run, "--recipe", "strip.png")
    assert f"made with other weights than {find_checkpoint(autoencoder_run)}" in outcome.stderr


@pytest.mark.parametrize(
    ("command", "part"),
    [
        (("interpolate", "RUN", 1), "at least two key points"),
        (("interpolate", "RUN", 1, 2, 3, "--steps", 2), "needs at least 3 steps, not 2"),
        (("interpolate", "RUN", 1, 99999), "has items from 0 to"),
        (("interpolate", "RUN", 1, "nowhere.png"), "There is no picture nowhere.png"),
        (("interpolate", "RUN", 1, 2, "--out", "path.bmp"), "must end in .png"),
        (("interpolate", "RUN", 1, 2, "--kind", "neighbours", "--limit", 5), "more than 10 encoded items"),
        (("export", "sheet", "RUN", "--recipe", "nowhere.png"), "There is no file nowhere.png"),
        (("export", "sheet", "RUN", "--recipe", "{}"), "its kind must be "),
        (("export", "sheet", "RUN", "--recipe", "plain.png"), "does not say how it was made"),
        (("export", "sheet", "RUN", "--recipe", '{"kind": "codes", "codes": [[0]]}'), "have 3 numbers, not 1"),
        (("export", "film", "RUN", "--recipe", "{}", "--out", "film.png"), "must end in .gif or .mp4"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    invoke: Invoke, vae_run: Path, command: tuple[object, ...], part: str
) -> None:
    Image.new("L", (4, 4)).save("plain.png")
    outcome = invoke(*(vae_run if word == "RUN" else word for word in command))
    assert outcome.code == 2
    assert part in outcome.sentence
