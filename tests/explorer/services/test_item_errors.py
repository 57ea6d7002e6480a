"""The errors of all items of the map."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.corruptions import ItemCorruption
from explorer.services.data_items import load_data_items
from explorer.services.encodings import place_in_steps
from explorer.services.item_errors import ErrorsWish, ItemErrors, errors_in_steps
from explorer.services.lane_requests import Progress
from explorer.services.network import open_model
from explorer.services.reconstructions import ReconstructionsWish, reconstruct_in_steps
from trainers.data.corruption import Corruption
from trainers.reporting import no_report

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub


@pytest.mark.parametrize("kind", ["encoding_stub", "restoring_stub"])
@pytest.mark.parametrize("corruption", [None, ItemCorruption(Corruption(noise=0.6), 2)])
def test_errors_of_all_items_are_those_of_their_reconstructions(
    stubs: "SaveStub", kind: str, corruption: ItemCorruption | None
) -> None:
    model = open_model(str(stubs(kind)), 1)
    items = load_data_items(model.header.data, no_report)
    *_, encoded = place_in_steps(model, items, 300)
    assert encoded is not None
    *steps, measured = errors_in_steps(model, ErrorsWish(encoded, items, corruption))
    assert isinstance(measured, ItemErrors)
    shares = [step.share for step in steps if isinstance(step, Progress)]
    assert shares == sorted(shares)
    wish = ReconstructionsWish(items, np.arange(300), corruption=corruption)
    *_, made = reconstruct_in_steps(model, wish)
    assert made is not None
    assert measured.values == pytest.approx(made.likeness.errors, abs=1e-5)
