"""Reconstructions: what an encoder and a decoder make of test items, and how far off that is."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from explorer.services.corruptions import ItemCorruption
from explorer.services.data_items import DataItems, load_data_items
from explorer.services.network import OpenModel, open_model
from explorer.services.reconstructions import Reconstructions, ReconstructionsWish, reconstruct_in_steps
from tests.explorer.stub_models import CLASSES, DrawingStub
from trainers.data.corruption import Corruption
from trainers.metrics.picture_quality import ssim
from trainers.reporting import no_report

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub


def _opened(stubs: "SaveStub", kind: str = "encoding_stub") -> tuple[OpenModel, DataItems]:
    model = open_model(str(stubs(kind)), 1)
    return model, load_data_items(model.header.data, no_report)


def _made(model: OpenModel, wish: ReconstructionsWish) -> Reconstructions:
    *steps, made = reconstruct_in_steps(model, wish)
    assert made is not None
    assert set(steps) == {None}
    return made


@pytest.mark.parametrize("kind", ["encoding_stub", "drawing_stub"])
def test_errors_are_mean_squares_of_what_the_codes_decode_to(stubs: "SaveStub", kind: str) -> None:
    model = open_model(str(stubs(kind, condition=CLASSES)), 1)
    items, places = load_data_items(model.header.data, no_report), np.array([5, 2, 9, 2])
    made = _made(model, ReconstructionsWish(items, places))
    chosen = items.part(places)
    assert chosen.labels is not None
    assert made.conditions.argmax(axis=1).tolist() == chosen.labels.tolist()
    codes, _ = model.encode(chosen.images, made.conditions)
    assert made.codes == pytest.approx(codes, abs=1e-5)
    values = model.decode_values(made.codes, made.conditions)
    errors = ((values - chosen.images / 255.0) ** 2).mean(axis=(1, 2, 3))
    assert made.likeness.errors == pytest.approx(errors, abs=1e-6)
    assert made.likeness.psnr is not None
    assert made.likeness.psnr == pytest.approx(-10.0 * np.log10(errors), abs=1e-3)
    assert made.likeness.ssim is not None
    alike = ssim(torch.from_numpy(chosen.images / np.float32(255.0)), torch.from_numpy(values))
    assert made.likeness.ssim == pytest.approx(alike.numpy(), abs=1e-4)
    assert (made.reconstructions == model.pictures.small(values)).mean() > 0.99
    assert (made.originals[..., 0] == chosen.images[:, 0]).all()


def test_what_draws_number_by_number_draws_all_items_at_once(stubs: "SaveStub") -> None:
    model, items = _opened(stubs, "drawing_stub")
    DrawingStub.counts.clear()
    list(reconstruct_in_steps(model, ReconstructionsWish(items, np.arange(40))))
    assert DrawingStub.counts == [40]


def test_a_corrupted_item_is_seen_as_it_is_shown_and_compared_with_what_it_was(stubs: "SaveStub") -> None:
    model, items = _opened(stubs)
    places, corruption = np.array([70, 3]), ItemCorruption(Corruption(kind="missing_rectangle"), 5)
    made = _made(model, ReconstructionsWish(items, places, corruption=corruption))
    assert made.corrupted is not None
    assert made.corrupted_likeness is not None
    seen = corruption.of(items, places)
    known = seen == items.images[places].astype(np.float32) / np.float32(255.0)
    assert 0 < (~known).sum() <= 2 * 9
    assert (made.corrupted == model.pictures.small(seen)).all()
    assert (made.originals[known[:, 0]] == made.corrupted[known[:, 0]]).all()
    assert made.codes == pytest.approx(model.encode(seen)[0], abs=1e-5)
    assert made.corrupted_likeness.errors == pytest.approx(
        ((seen - items.images[places] / 255.0) ** 2).mean(axis=(1, 2, 3)), abs=1e-6
    )
    alone = _made(model, ReconstructionsWish(items, places[1:], corruption=corruption))
    assert alone.corrupted is not None
    assert (alone.corrupted[0] == made.corrupted[1]).all()


def test_known_codes_are_decoded_as_they_are(stubs: "SaveStub") -> None:
    model, items = _opened(stubs, "stub")
    codes = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.5]], np.float32)
    made = _made(model, ReconstructionsWish(items, np.array([1, 4]), codes))
    assert (made.codes == codes).all()
    assert (made.reconstructions == model.decode(codes)).mean() > 0.99
    assert made.note == "codes learned with the model"


def test_a_model_that_restores_is_asked_to_and_its_codes_are_of_what_it_saw(stubs: "SaveStub") -> None:
    model, items = _opened(stubs, "restoring_stub")
    places, corruption = np.arange(5), ItemCorruption(Corruption(kind="salt_and_pepper"), 1)
    made = _made(model, ReconstructionsWish(items, places, corruption=corruption))
    seen = corruption.of(items, places)
    assert (made.reconstructions == model.pictures.small(0.5 * seen + 0.5)).all()
    assert made.codes == pytest.approx(model.encode(seen)[0], abs=1e-5)
    plain = _made(model, ReconstructionsWish(items, places))
    assert (plain.reconstructions == model.decode(plain.codes)).mean() > 0.99
