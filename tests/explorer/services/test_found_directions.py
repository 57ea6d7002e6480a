"""Directions through encoded data: found as the command line finds them, and moved along."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.services.data_items import DataItems, load_data_items
from explorer.services.encodings import EncodedItems, encode_in_steps, encoded_items
from explorer.services.found_directions import DirectionsJob, FoundDirections, known_columns, known_items
from explorer.services.network import OpenModel, open_model
from explorer.state.item_groups import ItemGroup, packed
from explorer.state.slider_choices import DirectionsChoice, GroupPair
from trainers.data.image_dataset import ImageDataset
from trainers.engine.direction_cache import directions_of_checkpoint
from trainers.engine.directions import DirectionSettings
from trainers.errors import StoppedError
from trainers.reporting import never, no_report


@pytest.fixture(scope="module")
def model(wide_run: Path) -> OpenModel:
    return open_model(str(wide_run), 1)


@pytest.fixture(scope="module")
def items(model: OpenModel) -> DataItems:
    return load_data_items(model.header.data, no_report)


@pytest.fixture(scope="module")
def encoded(model: OpenModel, items: DataItems) -> EncodedItems:
    return [found for found in encode_in_steps(model, items, 100_000) if found is not None][-1]


def _found(job: DirectionsJob) -> FoundDirections:
    return job(no_report, never)


def _members(count: int, *places: int) -> str:
    members = np.zeros(count, bool)
    members[list(places)] = True
    return packed(members)


def test_directions_are_those_of_the_engine_on_the_same_codes(
    model: OpenModel, items: DataItems, encoded: EncodedItems
) -> None:
    found = _found(DirectionsJob(model.path, 1, DirectionsChoice("logistic"), encoded, items))
    known = known_items(model.header.data, encoded, items)
    own = directions_of_checkpoint(
        model._model,
        Path(model.path),
        known.dataset,
        DirectionSettings(methods=("logistic",), count=5),
        codes=known.codes,
    )
    assert found.table is not None
    assert [one.name for one in found.table.directions] == [str(digit) for digit in range(10)]
    assert found.table.directions[3].vector == pytest.approx(own.directions[3].vector)
    facts = found.facts()
    assert facts[0].accuracy is not None
    assert facts[0].accuracy > 0.6
    assert [name for name, _ in facts[0].moved] == [str(digit) for digit in range(10)]
    assert found.shares is not None
    assert found.shares.max(axis=1) == pytest.approx(1.0)


def test_moving_along_a_direction_sets_its_position_and_leaves_locked_dimensions(
    model: OpenModel, items: DataItems, encoded: EncodedItems
) -> None:
    found = _found(DirectionsJob(model.path, 1, DirectionsChoice(), encoded, items))
    code = tuple(encoded.codes[0].tolist())
    moved = found.placed(code, 4, 2.5)
    assert found.table is not None
    assert found.positions(moved)[4] == pytest.approx(2.5)
    assert moved == pytest.approx(found.table.directions[4].placed(np.array(code), 2.5))
    held = found.placed(code, 4, -4.0, frozenset({0, 2}))
    assert found.positions(held)[4] == pytest.approx(-4.0)
    assert (held[0], held[2]) == (code[0], code[2])
    assert found.placed(code, 4, 1.0, frozenset(range(5))) == code
    few = _found(DirectionsJob(model.path, 1, DirectionsChoice("principal"), encoded, items))
    assert few.positions(few.centred(code)) == pytest.approx([0.0] * few.count, abs=1e-6)


def test_pairs_of_groups_lead_from_one_to_the_other_and_bad_ones_say_why(
    model: OpenModel, items: DataItems, encoded: EncodedItems
) -> None:
    count = len(encoded.codes)
    groups = (
        ItemGroup("low", "x", _members(count, 0, 1, 2, 3)),
        ItemGroup("high", "x", _members(count, 10, 11, 12, 13)),
        ItemGroup("both", "x", _members(count, 3, 10)),
        ItemGroup("nobody", "x", ""),
    )
    pairs = tuple(
        GroupPair(*ends) for ends in (("low", "high"), ("", "low"), ("low", "both"), ("low", "nobody"), ("low", "gone"))
    )
    found = _found(DirectionsJob(model.path, 1, DirectionsChoice(pairs=pairs), encoded, items, groups))
    assert found.table is not None
    assert [one.name for one in found.table.directions][10:] == ["low → high", "others → low"]
    difference = encoded.codes[10:14].mean(axis=0) - encoded.codes[:4].mean(axis=0)
    vector = found.table.directions[10].vector
    assert vector == pytest.approx(difference / np.linalg.norm(difference), abs=1e-5)
    overlap, empty, gone = found.notes
    assert overlap.startswith("low → both: Items are in low and in both: #3")
    assert "There are no items in nobody" in empty
    assert "no group “gone”" in gone


def test_items_without_a_code_have_no_say(model: OpenModel, items: DataItems, encoded: EncodedItems) -> None:
    codes = encoded.codes.copy()
    codes[5] = np.nan
    partial = replace(encoded_items(1, codes, None, encoded.labels, encoded.class_names, "items"), source="test")
    known, columns = known_columns(
        model.header.data, partial, items, (ItemGroup("some", "x", _members(len(codes), 4, 5, 6)),)
    )
    assert len(known.codes) == len(codes) - 1
    assert np.isfinite(known.codes).all()
    assert np.flatnonzero(columns.column("some")).tolist() == [4, 5]


@pytest.mark.parametrize("method", ["means", "principal", "jacobian"])
def test_without_labels_only_directions_of_groups_are_refused_in_a_sentence(
    method: str, model: OpenModel, encoded: EncodedItems
) -> None:
    bare = replace(encoded, labels=None, class_names=())
    choice = DirectionsChoice(method)  # type: ignore[arg-type]
    found = _found(DirectionsJob(model.path, 1, choice, bare, None, (), (0.0,) * 5))
    if method == "means":
        assert "neither classes nor attributes" in found.problem
        assert found.count == 0
        assert not found.fits((0.0,) * 5)
    else:
        assert found.count == 5
        assert found.place == ((0.0,) * 5 if method == "jacobian" else ())


def test_without_encoded_data_the_prior_gives_the_scale(model: OpenModel) -> None:
    found = _found(DirectionsJob(model.path, 1, DirectionsChoice("principal"), None))
    assert found.table is not None
    assert found.table.drawn
    assert found.shares is None
    refused = _found(DirectionsJob(model.path, 1, DirectionsChoice("means"), None))
    assert "has no codes of data" in refused.problem


def test_others_are_made_orthogonal_and_names_of_another_method_are_left_out(
    model: OpenModel, items: DataItems, encoded: EncodedItems
) -> None:
    choice = DirectionsChoice("means", ("3", "principal 1"))
    found = _found(DirectionsJob(model.path, 1, choice, encoded, items))
    assert found.table is not None
    kept = found.table.direction("3").vector
    assert [round(abs(float(one.vector @ kept)), 6) for one in found.table.directions] == [
        1.0 if one.name == "3" else 0.0 for one in found.table.directions
    ]
    assert found.facts()[0].beside == ("3",)
    correlations = found.correlations()
    assert correlations is not None
    assert correlations.cosines.shape == correlations.correlations.shape == (10, 10)


def test_attributes_that_are_the_same_for_all_or_unknown_are_left_out_with_a_sentence(
    model: OpenModel, encoded: EncodedItems
) -> None:
    spec = model.header.data.model_copy(update={"attribute_names": ("one_sided", "unknown", "half_known")})
    values = np.zeros((len(encoded.codes), 3), np.float32)
    values[:, 1] = np.nan
    values[::2, 2] = np.nan
    values[1::4, 2] = 1.0
    known = known_items(spec, encoded, DataItems(np.zeros((0, 1, 8, 8), np.uint8), None, spec, values))
    assert isinstance(known.dataset, ImageDataset)
    table = directions_of_checkpoint(
        model._model, Path(model.path), known.dataset, DirectionSettings(), codes=known.codes
    )
    assert [one.name for one in table.directions][:1] == ["half_known"]
    assert any("one_sided is 0 for every item" in sentence for sentence in table.skipped)
    assert any("unknown has no number for any item" in sentence for sentence in table.skipped)


def test_a_search_that_is_given_up_ends(model: OpenModel, items: DataItems, encoded: EncodedItems) -> None:
    job = DirectionsJob(model.path, 1, DirectionsChoice("discriminant"), encoded, items)
    with pytest.raises(StoppedError):
        job(no_report, lambda: True)
