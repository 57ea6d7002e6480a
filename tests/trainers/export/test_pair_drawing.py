"""Pictures of two models beside each other."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.trainers.export.conftest import DIGITS
from trainers.engine.checkpoint import file_digest, load_model, read_header
from trainers.errors import UsageError
from trainers.export.difference_map import difference_map
from trainers.export.picture_formats import read_provenance
from trainers.export.picture_sheet import in_equal_room
from trainers.export.recipe_drawing import draw_recipe
from trainers.export.recipes import CodesRecipe, PairRecipe, recipe_text
from trainers.export.writing import export_file, export_recipe
from trainers.models.latent_model import LatentModel

CODES = ((0.5, -1.25), (1.5, 0.25))
PAIR = PairRecipe(codes=CODES, differences=True)


@pytest.fixture
def other() -> LatentModel:
    """The same model with other weights."""
    model = load_model(DIGITS)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(0.9)
    return model


def test_each_model_decodes_its_own_code_and_the_difference_follows(
    digits_model: LatentModel, other: LatentModel
) -> None:
    drawn = draw_recipe(digits_model, PAIR, beside=other)
    assert (drawn.columns, len(drawn.pictures)) == (3, 3)
    alone = [
        draw_recipe(model, CodesRecipe(codes=(code,))).pictures[0]
        for model, code in zip((digits_model, other), CODES, strict=True)
    ]
    for picture, expected in zip(drawn.pictures, alone, strict=False):
        np.testing.assert_array_equal(picture, np.broadcast_to(expected, picture.shape))
    with torch.inference_mode():
        one, two = (
            model.decode(torch.tensor([code]))[0].numpy()
            for model, code in zip((digits_model, other), CODES, strict=True)
        )
    np.testing.assert_allclose(drawn.pictures[2].astype(int), difference_map(one, two).astype(int), atol=1)
    assert (drawn.pictures[2] != 255).any()


def test_pictures_of_two_sizes_stand_in_the_middle_of_equal_room() -> None:
    small, large = np.full((2, 4, 1), 7, np.uint8), np.full((6, 4, 3), 9, np.uint8)
    room = in_equal_room([small, large], "black")
    assert room.shape == (2, 6, 4, 3)
    assert (room[0, 2:4] == 7).all()
    assert (room[0, :2] == 0).all()
    assert (room[0, 4:] == 0).all()
    assert (room[1] == 9).all()


def test_a_pair_without_its_second_model_is_said(digits_model: LatentModel) -> None:
    with pytest.raises(UsageError, match="as a sheet and name the second one with --beside"):
        draw_recipe(digits_model, PAIR)


def test_the_file_names_the_second_model_and_another_one_is_refused(digits_model: LatentModel, tmp_path: Path) -> None:
    export_recipe(digits_model, read_header(DIGITS), PAIR, tmp_path / "a.png", beside=DIGITS)
    about = read_provenance(tmp_path / "a.png")
    assert about is not None
    assert about.beside is not None
    assert isinstance(about.recipe, PairRecipe)
    assert about.recipe.digest == about.beside.digest == file_digest(DIGITS)
    assert about.beside.code == CODES[1]
    strange = PAIR.model_copy(update={"digest": "0" * 64})
    with pytest.raises(UsageError, match="other weights than the second model"):
        export_file(DIGITS, recipe_text(strange), tmp_path / "b.png", beside=DIGITS)


def test_a_code_of_another_model_is_said(digits_model: LatentModel, other: LatentModel) -> None:
    strange = PAIR.model_copy(update={"codes": (CODES[0], (1.0, 2.0, 3.0))})
    with pytest.raises(UsageError, match="2 numbers, not 3"):
        draw_recipe(digits_model, strange, beside=other)


def test_a_second_model_beside_a_recipe_of_one_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="draws one model alone"):
        export_file(DIGITS, recipe_text(CodesRecipe(codes=CODES)), tmp_path / "a.png", beside=DIGITS)
    assert not (tmp_path / "a.png").exists()
