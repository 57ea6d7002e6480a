"""Numbers of the map's items: the same as when they are computed at once, and palettes that fit them."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from explorer.services import point_values as point_values_module
from explorer.services.data_items import DataItems, load_data_items
from explorer.services.encodings import EncodedItems, encode_in_steps
from explorer.services.network import OpenModel, open_model
from explorer.services.point_values import MeasuredItems, attribute_values, in_levels, measure_in_steps, point_values
from explorer.services.reconstructions import ReconstructionsWish, reconstruct_in_steps
from explorer.state.map_values import PointCloud
from explorer.state.point_colour import PointColour
from trainers.errors import UsageError
from trainers.models.latent_model import Likelihood
from trainers.reporting import no_report

if TYPE_CHECKING:
    from pathlib import Path

    from tests.explorer.conftest import SaveStub

_ERROR, _LIKELIHOOD = PointColour("error"), PointColour("likelihood")


@pytest.fixture(scope="module")
def model(digits_run: "Path") -> OpenModel:
    return open_model(str(digits_run), 1)


@pytest.fixture(scope="module")
def items(model: OpenModel) -> DataItems:
    return load_data_items(model.header.data, no_report)


@pytest.fixture(scope="module")
def encoded(model: OpenModel, items: DataItems) -> EncodedItems:
    *_, last = encode_in_steps(model, items, 600)
    assert last is not None
    return last


def _measured(model: OpenModel, encoded: EncodedItems, items: DataItems, colour: PointColour) -> list[MeasuredItems]:
    return [part for part in measure_in_steps(model, encoded, items, colour) if part is not None]


def test_errors_are_those_of_the_reconstructions(model: OpenModel, items: DataItems, encoded: EncodedItems) -> None:
    *_, made = reconstruct_in_steps(model, ReconstructionsWish(items, np.arange(len(encoded.codes))))
    assert made is not None
    measured = _measured(model, encoded, items, _ERROR)[-1]
    assert measured.values.values == pytest.approx(made.likeness.errors, abs=1e-6)


def test_the_first_numbers_come_early_and_the_rest_is_no_number_yet(
    model: OpenModel, items: DataItems, encoded: EncodedItems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(point_values_module, "_FIRST_SHOWN", 50)
    first, *_, last = _measured(model, encoded, items, _ERROR)
    known = np.isfinite(first.values.values)
    assert not first.complete
    assert known[:50].all()
    assert not known[-1]
    assert last.complete
    assert np.isfinite(last.values.values).all()


def test_likelihoods_are_bounds_in_nats_and_real_items_are_likelier_than_noise(
    model: OpenModel, items: DataItems, encoded: EncodedItems
) -> None:
    measured = _measured(model, encoded, items, _LIKELIHOOD)[-1]
    network = model._model
    assert isinstance(network, Likelihood)
    images = torch.from_numpy(items.images[: len(encoded.codes)]).float() / 255.0
    with torch.inference_mode():
        weights = network.log_weights(images, 64, torch.Generator().manual_seed(5))
    closer = (torch.logsumexp(weights, 0) - np.log(64)).numpy()
    assert measured.values.values.mean() == pytest.approx(closer.mean(), rel=0.05)
    assert np.corrcoef(measured.values.values, closer)[0, 1] > 0.9
    assert (measured.values.name, measured.values.unit) == ("Bound, K = 8", "nats")
    noise = np.random.default_rng(0).integers(0, 256, (50, *items.images.shape[1:]), dtype=np.uint8)
    assert model.log_likelihoods(noise, draws=8).mean() < measured.values.values.mean()


def test_a_model_without_a_likelihood_is_a_sentence(stubs: "SaveStub") -> None:
    stub = open_model(str(stubs("encoding_stub")), 1)
    with pytest.raises(UsageError, match="has no likelihood"):
        stub.log_likelihoods(np.zeros((2, *stub.header.data.shape), np.uint8), draws=8)


def test_an_attribute_is_its_column(items: DataItems, encoded: EncodedItems) -> None:
    table = np.random.default_rng(0).standard_normal((len(items), 2)).astype(np.float32)
    spec = items.spec.model_copy(update={"attribute_names": ("age", "smile")})
    with_table = replace(items, spec=spec, attributes=table)
    measured = attribute_values(encoded, with_table, PointColour("attribute", "smile"))
    assert measured is not None
    assert (measured.values.values == table[: len(encoded.codes), 1]).all()
    assert measured.values.is_diverging
    assert measured.values.lowest == -measured.values.highest
    assert attribute_values(encoded, with_table, PointColour("attribute", "hat")) is None
    assert attribute_values(encoded, items, PointColour("attribute", "smile")) is None


def test_a_few_far_numbers_do_not_stretch_the_palette() -> None:
    values = np.linspace(1.0, 2.0, 1000, dtype=np.float32)
    values[:3] = 1e6
    found = point_values(values, "error")
    assert 1.0 <= found.lowest < found.highest <= 2.0
    assert not found.is_diverging


@pytest.mark.parametrize("values", [[], [np.nan, np.nan], [np.inf, -np.inf], [3.0, np.nan]])
def test_numbers_that_are_missing_or_alike_have_a_palette(values: list[float]) -> None:
    found = point_values(np.array(values, np.float32), "error")
    assert np.isfinite([found.lowest, found.highest]).all()


def test_few_numbers_of_an_attribute_are_groups_that_can_be_hidden(
    model: OpenModel, items: DataItems, encoded: EncodedItems
) -> None:
    spec = items.spec.model_copy(update={"attribute_names": ("has_hat", "age")})
    column = np.arange(len(items), dtype=np.float32)
    table = np.stack((column % 3 - 1.0, column), axis=1)
    table[5, 0] = np.nan
    told = replace(items, attributes=table, spec=spec)
    few = attribute_values(encoded, told, PointColour("attribute", "has_hat"))
    many = attribute_values(encoded, told, PointColour("attribute", "age"))
    assert few is not None
    assert many is not None
    empty = PointCloud(np.zeros((len(encoded.codes), 2), np.float32), np.full(len(encoded.codes), -1), ())
    cloud = in_levels(empty, few.values)
    assert cloud.group_names == ("has hat: −1", "has hat: 0", "has hat: 1")
    assert cloud.values is None
    assert cloud.groups[:7].tolist() == [0, 1, 2, 0, 1, -1, 0]
    assert not replace(cloud, hidden=frozenset({"has hat: 0"})).shown()[1]
    assert in_levels(empty, many.values).values is many.values
