"""Reconstructions: what an encoder and a decoder make of test items, and how far off that is."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.data_items import load_data_items
from explorer.services.network import open_model
from explorer.services.reconstructions import reconstruct_in_steps
from tests.explorer.stub_models import CLASSES, DrawingStub
from trainers.reporting import no_report

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub


@pytest.mark.parametrize("kind", ["encoding_stub", "drawing_stub"])
def test_errors_are_mean_squares_of_what_the_codes_decode_to(stubs: "SaveStub", kind: str) -> None:
    model = open_model(str(stubs(kind, condition=CLASSES)), 1)
    items, indices = load_data_items(model.header.data, no_report), np.array([5, 2, 9, 2])
    *steps, made = reconstruct_in_steps(model, items, indices)
    assert made is not None
    assert set(steps) == {None}
    chosen = items.part(indices)
    assert chosen.labels is not None
    assert made.conditions.argmax(axis=1).tolist() == chosen.labels.tolist()
    codes, _ = model.encode(chosen.images, made.conditions)
    assert made.codes == pytest.approx(codes, abs=1e-5)
    values = model.decode_values(made.codes, made.conditions)
    assert made.errors == pytest.approx(((values - chosen.images / 255.0) ** 2).mean(axis=(1, 2, 3)), abs=1e-6)
    assert (made.reconstructions == model.pictures.small(values)).mean() > 0.99
    assert (made.originals[..., 0] == chosen.images[:, 0]).all()


def test_what_draws_number_by_number_draws_all_items_at_once(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("drawing_stub")), 1)
    DrawingStub.counts.clear()
    list(reconstruct_in_steps(model, load_data_items(model.header.data, no_report), np.arange(40)))
    assert DrawingStub.counts == [40]
