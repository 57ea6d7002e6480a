"""`directions`: the table, the JSON and the sentences of wrong requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

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
