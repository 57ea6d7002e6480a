"""What recipes draw equals what the model decodes."""

import numpy as np
import pytest
import torch

from trainers.data.catalogue import load_dataset
from trainers.data.corruption import Corruption, corrupt_items
from trainers.data.picture_fitting import packed_picture
from trainers.engine.decoding import decode_codes
from trainers.engine.pictures import pixels
from trainers.engine.sampling import sample_images
from trainers.errors import StoppedError, UsageError
from trainers.export.difference_map import difference_map
from trainers.export.recipe_drawing import draw_recipe
from trainers.export.recipes import (
    CodesRecipe,
    EditRecipe,
    ReconstructionsRecipe,
    SamplesRecipe,
    SliceRecipe,
    numbers_of,
    parse_recipe,
    recipe_text,
)
from trainers.models.latent_model import LatentModel


def test_codes_are_decoded_in_their_order(digits_model: LatentModel) -> None:
    codes = np.random.default_rng(0).standard_normal((6, 2)).astype(np.float32)
    sheet = draw_recipe(digits_model, CodesRecipe(codes=numbers_of(codes), columns=3, scale=2))
    np.testing.assert_array_equal(sheet.pictures, pixels(decode_codes(digits_model, codes)))
    assert (sheet.columns, sheet.scale, sheet.rows) == (3, 2, 2)


def test_samples_are_those_of_the_command(digits_model: LatentModel) -> None:
    sheet = draw_recipe(digits_model, SamplesRecipe(count=9, seed=5, temperatures=(0.7,)))
    np.testing.assert_array_equal(sheet.pictures, pixels(sample_images(digits_model, 9, 5, 0.7)))


def test_rising_temperatures_share_their_noise_along_a_row(digits_model: LatentModel) -> None:
    sheet = draw_recipe(digits_model, SamplesRecipe(count=6, seed=1, shares=(0.0, 0.5, 1.0)))
    assert (sheet.columns, len(sheet.pictures)) == (3, 6)
    for column, temperature in enumerate((0.0, 0.5, 1.0)):
        drawn = pixels(sample_images(digits_model, 2, 1, temperature))
        np.testing.assert_allclose(sheet.pictures[column::3].astype(int), drawn.astype(int), atol=1)


def test_tiles_of_a_slice_are_the_codes_at_their_middles(digits_model: LatentModel) -> None:
    recipe = SliceRecipe(
        origin=(0.0, 0.0), axes=((1.0, 0.0), (0.0, 1.0)), view=(-1.0, -1.0, 3.0, 1.0), rows=2, columns=4
    )
    sheet = draw_recipe(digits_model, recipe)
    centres = [(x, y) for y in (0.5, -0.5) for x in (-0.5, 0.5, 1.5, 2.5)]
    expected = pixels(decode_codes(digits_model, torch.tensor(centres)))
    np.testing.assert_array_equal(sheet.pictures, expected)
    assert sheet.gap == 0


def test_a_recipe_of_another_model_is_said(digits_model: LatentModel) -> None:
    with pytest.raises(UsageError, match="have 2 numbers, not 3"):
        draw_recipe(digits_model, CodesRecipe(codes=((0.0, 0.0, 0.0),)))


def test_drawing_can_be_stopped(digits_model: LatentModel) -> None:
    with pytest.raises(StoppedError):
        draw_recipe(digits_model, CodesRecipe(codes=((0.0, 0.0),)), stop_requested=lambda: True)


def test_an_edited_picture_lies_beside_what_it_was(digits_model: LatentModel) -> None:
    own = np.random.default_rng(0).integers(0, 256, (1, 28, 28), dtype=np.uint8)
    codes = ((0.0, 0.5), (1.0, -1.0))
    recipe = EditRecipe(picture=packed_picture(own), codes=codes, scale=2)
    sheet = draw_recipe(digits_model, parse_recipe(recipe_text(recipe)))
    decoded = decode_codes(digits_model, torch.tensor(codes))
    assert (sheet.columns, sheet.pictures.shape) == (4, (4, 28, 28, 3))
    np.testing.assert_array_equal(sheet.pictures[0], np.repeat(own[0][:, :, None], 3, axis=2))
    np.testing.assert_array_equal(sheet.pictures[1:3, :, :, :1], pixels(decoded))
    np.testing.assert_array_equal(sheet.pictures[3], difference_map(own / 255.0, decoded[1].numpy()))


def test_a_recipe_whose_picture_is_damaged_or_of_another_size_is_said(digits_model: LatentModel) -> None:
    codes = ((0.0, 0.0), (0.0, 0.0))
    with pytest.raises(UsageError, match="The picture in this recipe is damaged"):
        draw_recipe(digits_model, EditRecipe(picture="?", codes=codes))
    small = packed_picture(np.zeros((1, 8, 8), np.uint8))
    with pytest.raises(UsageError, match="has another size than the images of the model; export it again"):
        draw_recipe(digits_model, EditRecipe(picture=small, codes=codes))


def test_corrupted_items_lie_between_with_the_restored_ones_and_the_differences(digits_model: LatentModel) -> None:
    corruption, places = Corruption(kind="salt_and_pepper", replaced=0.5), (40, 3, 7)
    recipe = ReconstructionsRecipe(items=places, columns=2, corruption=corruption, corruption_seed=9, differences=True)
    sheet = draw_recipe(digits_model, parse_recipe(recipe_text(recipe)))
    assert (sheet.columns, sheet.rows, sheet.pictures.shape) == (2, 8, (16, 28, 28, 3))
    rows = sheet.pictures.reshape(2, 4, 2, 28, 28, 3)
    originals = rows[:, 0].reshape(4, 28, 28, 3)[:3, :, :, 0]
    seen = rows[:, 1].reshape(4, 28, 28, 3)[:3, :, :, 0]
    again = corrupt_items(torch.from_numpy(originals[:, None] / 255.0).float(), torch.tensor(places), corruption, 9)
    np.testing.assert_array_equal(seen, pixels(again.images)[..., 0])
    restored = rows[:, 2].reshape(4, 28, 28, 3)[:3, :, :, 0]
    shown = difference_map(originals[:, None] / 255.0, restored[:, None] / 255.0)
    assert np.abs(rows[:, 3].reshape(4, 28, 28, 3)[:3].astype(int) - shown).max() <= 2
    assert (rows[1, :, 1] == 255).all()


def test_an_item_is_binarised_alike_whichever_others_stand_beside_it(digits_model: LatentModel) -> None:
    assert digits_model.data_spec.binarisation != "none"
    alone, among = (
        draw_recipe(digits_model, ReconstructionsRecipe(items=items, columns=len(items))).pictures
        for items in ((1500,), (3, 1500))
    )
    np.testing.assert_array_equal(alone, among[1::2])


def test_a_painted_mask_hides_its_pixels(digits_model: LatentModel) -> None:
    mask = np.full((1, 28, 28), 255, np.uint8)
    mask[0, :10] = 0
    sheet = draw_recipe(digits_model, ReconstructionsRecipe(items=(0, 1), columns=2, mask=packed_picture(mask)))
    assert len(sheet.pictures) == 6
    assert (sheet.pictures[2:4, :10] == 128).all()
    np.testing.assert_array_equal(sheet.pictures[2:4, 10:], sheet.pictures[:2, 10:])
    with pytest.raises(UsageError, match="The mask in this recipe has another size"):
        draw_recipe(digits_model, ReconstructionsRecipe(items=(0,), mask=packed_picture(mask[:, :8, :8])))


@pytest.mark.parametrize("shares", [(), (0.5, 1.0)], ids=["plain", "rising"])
def test_the_nearest_training_items_follow_every_row_of_samples(
    digits_model: LatentModel, shares: tuple[float, ...]
) -> None:
    recipe = SamplesRecipe(count=4, seed=5, columns=2, shares=shares)
    drawn = draw_recipe(digits_model, recipe).pictures
    rows = draw_recipe(digits_model, recipe.model_copy(update={"nearest": True})).pictures.reshape(2, 2, 2, 28, 28, 1)
    np.testing.assert_array_equal(rows[:, 0].reshape(4, 28, 28, 1), drawn)
    items = load_dataset("mnist", "train").images.float() / 255.0
    seen = torch.from_numpy(drawn[..., 0] / np.float32(255))
    nearest = torch.cdist(seen.flatten(1), items.flatten(1)).argmin(dim=1)
    np.testing.assert_array_equal(rows[:, 1].reshape(4, 28, 28, 1), pixels(items[nearest]))
