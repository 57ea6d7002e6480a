"""`directions`: the table, the JSON and the sentences of wrong requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from trainers.data.catalogue import load_dataset
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.engine.encoding import encode_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trainers.cli.conftest import Invoke


def test_every_class_has_a_direction_with_its_scores(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("directions", vae_run, "--json")
    assert (outcome.code, outcome.stderr) == (0, "")
    answer = outcome.answer
    assert [found["name"] for found in answer["directions"]] == list("0123456789")
    zero = answer["directions"][0]
    assert zero["method"] == "means"
    assert zero["accuracy"] > 0.6
    assert zero["d"] > 0.5
    assert zero["held_out"] == pytest.approx(1437 / 4, abs=2)
    assert zero["leakage"].keys() == set("0123456789")
    assert zero["leakage"]["0"] > 0.0
    assert np.linalg.norm(zero["vector"]) == pytest.approx(1.0)
    assert np.array(answer["cosines"]).shape == np.array(answer["correlations"]).shape == (10, 10)
    assert answer["count"] == 1438
    assert answer["split"] == "train"
    assert list((vae_run / "directions").glob("*.npz"))


def test_a_person_sees_a_table_and_the_most_alike_pairs(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("directions", vae_run, "--class", "3", "--class", "8", "--method", "discriminant", "--limit", 500)
    assert outcome.code == 0
    first, *rest = outcome.stdout.splitlines()
    assert first.startswith("2 directions of vae / digits, epoch 2, from 500 items of train")
    table = "\n".join(rest)
    assert "discriminant" in table
    assert "3 and 8" in table


def test_methods_without_attributes_and_directions_beside_others(invoke: Invoke, vae_run: Path) -> None:
    own = invoke(
        "directions", vae_run, "--method", "jacobian", "--method", "first-layer", "--at", "#3", "--count", 2, "--json"
    ).answer
    assert [(found["name"], found["accuracy"]) for found in own["directions"]] == [
        ("first-layer 1", None),
        ("first-layer 2", None),
        ("jacobian 1", None),
        ("jacobian 2", None),
    ]
    assert own["directions"][0]["strength"] >= own["directions"][1]["strength"]
    elsewhere = invoke("directions", vae_run, "--method", "jacobian", "--at", "sample:7", "--json").answer
    assert elsewhere["directions"][0]["vector"] != own["directions"][2]["vector"]
    beside = invoke("directions", vae_run, "--orthogonal-to", "3", "--json").answer
    assert np.array(beside["cosines"])[3] == pytest.approx(np.eye(10)[3], abs=1e-9)
    assert beside["directions"][5]["orthogonal_to"] == ["3"]


def test_two_groups_of_items_have_a_direction(invoke: Invoke, vae_run: Path) -> None:
    command = ("directions", vae_run, "--group", "mine=0,2,4-6:10-19,40", "--json")
    (mine,) = invoke(*command).answer["directions"]
    assert mine["name"] == "mine"
    model, train = load_model(find_checkpoint(vae_run)), load_dataset("digits", "train")
    codes = encode_dataset(model, train, limit=50).codes.astype(np.float64)
    way = codes[[*range(10, 20), 40]].mean(axis=0) - codes[[0, 2, 4, 5, 6]].mean(axis=0)
    # The draws of binarised items hang on how many there are.
    assert np.array(mine["vector"]) @ way / np.linalg.norm(way) > 0.9
    edited = invoke("edit", vae_run, 3, "--direction", "mine", "--group", "mine=0-4:10-19", "--json").answer
    assert edited["direction"] == "mine"


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        ("mine", "write two groups of items, such as mine=0,4,9:20-29"),
        ("=1:2", "write two groups"),
        ("mine=1", "write two groups"),
        ("mine=1:a", "write two groups"),
        ("mine=9-3:1", "write the smaller place first"),
        ("mine=1,2:2,3", "in the start of mine and in the end of mine: #2"),
        ("mine=1:99999", "there is no item #99999"),
    ],
)
def test_groups_that_are_none_are_told_in_a_sentence(invoke: Invoke, vae_run: Path, group: str, sentence: str) -> None:
    outcome = invoke("directions", vae_run, "--group", group)
    assert outcome.code == 2
    assert sentence in outcome.sentence


def test_the_diagram_is_drawn_where_it_is_asked_for(invoke: Invoke, vae_run: Path, tmp_path: Path) -> None:
    command = ("directions", vae_run, "--method", "means", "--method", "principal", "--json", "--out", "d.png")
    assert invoke(*command).answer["out"] == "d.png"
    with Image.open(tmp_path / "d.png") as diagram:
        # Ten classes and three directions of the codes, a cell for each pair, and the names.
        assert diagram.size[0] > diagram.size[1] > 13 * 28
    refused = invoke("directions", vae_run, "--out", "d.jpg")
    assert refused.code == 2
    assert "must end in .png" in refused.sentence


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--method", "mean"), "There is no method named 'mean'; did you mean means?"),
        (("--class", "12"), "There is no class or attribute named '12'"),
        (("--attribute", "smile"), "There is no class or attribute named 'smile'"),
        (("--orthogonal-to", "smile"), "There is no direction named 'smile'"),
        (("--at", "nowhere.png"), "There is no picture nowhere.png"),
        (("--class", "1", "--limit", "1"), "1 is 0 for every item"),
        (("--data", "moons"), "choose data of the same shape"),
        (("--count", "0"), "greater than or equal to 1"),
    ],
)
def test_wrong_requests_are_told_in_a_sentence(
    invoke: Invoke, vae_run: Path, options: tuple[str, ...], sentence: str
) -> None:
    outcome = invoke("directions", vae_run, *options, "--json")
    assert outcome.code == 2
    assert sentence in outcome.sentence
    assert outcome.answer == {"error": outcome.sentence}
