"""What a person may name, and the code it has."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from trainers.data.catalogue import load_dataset
from trainers.data.image_dataset import ImageDataset
from trainers.engine.encoding import encode_dataset
from trainers.engine.named_codes import fitted_picture, named_codes
from trainers.errors import UsageError
from trainers.latent.inversion import InversionSettings
from trainers.models.conditional_vae import ConditionalVae

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel


@pytest.fixture
def test_items() -> ImageDataset:
    return load_dataset("digits", "test")


def never_loaded() -> ImageDataset:
    pytest.fail("the data were loaded without need")


def test_items_have_the_codes_of_the_whole_split(make_model: "MakeModel", test_items: ImageDataset) -> None:
    model = make_model(likelihood="grey_cross_entropy")
    whole = encode_dataset(model, test_items).codes
    found = named_codes(model, ["#3", "0"], lambda: test_items)
    assert [code.name for code in found] == ["#3", "0"]
    for code, place in zip(found, (3, 0), strict=True):
        np.testing.assert_allclose(code.code.numpy(), whole[place], atol=1e-6)
        assert code.item is not None
        torch.testing.assert_close(code.item, test_items.scaled(slice(place, place + 1))[0])


def test_a_sample_is_decided_by_its_seed(make_model: "MakeModel") -> None:
    model = make_model()
    first, second, again = named_codes(model, ["sample:1", "sample:2", "sample:1"], never_loaded)
    assert torch.equal(first.code, again.code)
    assert not torch.equal(first.code, second.code)


def test_a_picture_file_has_the_code_of_its_pixels(
    make_model: "MakeModel", test_items: ImageDataset, tmp_path: Path
) -> None:
    model = make_model()
    file = tmp_path / "eight.png"
    Image.fromarray(test_items.images[8, 0].numpy()).save(file)
    (drawn,) = named_codes(model, [str(file)], never_loaded)
    assert drawn.note == ""
    with torch.inference_mode():
        expected = model.encode(test_items.scaled(slice(8, 9))).mean[0]  # type: ignore[operator]
    torch.testing.assert_close(drawn.code, expected)


def test_a_picture_of_another_size_and_mode_is_fitted_and_says_so(make_model: "MakeModel", tmp_path: Path) -> None:
    file = tmp_path / "photograph.png"
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:, 10:30] = 255
    Image.fromarray(pixels).save(file)
    item, note = fitted_picture(make_model(), file)
    assert note == "cropped about its middle, resized from 40 × 20 to 8 × 8, turned to grey"
    assert item.shape == (1, 8, 8)
    assert float(item.min()) == 1.0


def test_a_conditional_model_is_told_the_item_s_own_class(test_items: ImageDataset) -> None:
    config = ConditionalVae.config_type.from_values({"architecture": "mlp", "hidden_sizes": [8], "latent_size": 2})
    model = ConditionalVae(config, test_items.spec)
    (found,) = named_codes(model, ["5"], lambda: test_items)
    assert test_items.labels is not None
    assert found.condition is not None
    assert int(found.condition.argmax()) == int(test_items.labels[5])


def test_a_model_without_an_encoder_searches(make_model: "MakeModel", test_items: ImageDataset) -> None:
    model = make_model("gan", latent_size=2, hidden_sizes=[8])
    settings = InversionSettings(starts=2, draws=4, steps=5)
    first, again = (named_codes(model, ["4"], lambda: test_items, settings)[0] for _ in range(2))
    assert torch.equal(first.code, again.code)
    assert first.code.shape == (2,)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("99999", "has items from 0 to 358"),
        ("sample:x", "names no sample"),
        ("sample:", "names no sample"),
        ("nowhere.png", "There is no picture nowhere.png"),
        ("", "There is no picture"),
        ("-1", "There is no picture"),
    ],
)
def test_what_does_not_exist_is_said(make_model: "MakeModel", test_items: ImageDataset, name: str, part: str) -> None:
    with pytest.raises(UsageError, match=part):
        named_codes(make_model(), [name], lambda: test_items)


def test_a_file_that_is_no_picture_is_said(make_model: "MakeModel", tmp_path: Path) -> None:
    file = tmp_path / "text.png"
    file.write_text("no picture", encoding="utf-8")
    with pytest.raises(UsageError, match="is not an image of a known format; choose another picture"):
        named_codes(make_model(), [str(file)], never_loaded)
