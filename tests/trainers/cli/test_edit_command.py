"""`edit`: what is drawn, and the sentences of wrong requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from trainers.data.catalogue import load_dataset
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import encode_dataset
from trainers.engine.named_codes import fitted_picture, named_codes
from trainers.engine.pictures import pixels

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.trainers.cli.conftest import Invoke
    from trainers.models.latent_model import LatentModel


def drawn(path: Path, count: int) -> NDArray[np.uint8]:
    """The pictures (count, 8, 8) of a strip of digits at scale 1."""
    sheet = np.asarray(Image.open(path).convert("L"))
    assert sheet.shape[0] >= 8
    strip = sheet[-8:]
    start = sheet.shape[1] - (10 * count - 2)
    return np.stack([strip[:, start + 10 * place : start + 10 * place + 8] for place in range(count)])


def decoded(model: LatentModel, codes: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(pixels(decode_codes(model, codes))[:, :, :, 0])


def code_of(model: LatentModel, place: int) -> NDArray[np.float64]:
    (named,) = named_codes(model, [str(place)], lambda: load_dataset("digits", "test"))
    return np.asarray(named.code.double().numpy())


@pytest.fixture
def model(vae_run: Path) -> LatentModel:
    return load_model(find_checkpoint(vae_run))


def test_an_item_moves_along_a_class_by_sigmas_of_the_data(
    invoke: Invoke, vae_run: Path, model: LatentModel, tmp_path: Path
) -> None:
    outcome = invoke("edit", vae_run, 12, "--direction", "3", "--amounts=-2,0,40", "--scale", 1, "--json")
    assert (outcome.code, outcome.stderr) == (0, "")
    answer = outcome.answer
    assert (answer["direction"], answer["method"], answer["amounts"]) == ("3", "means", [-2.0, 0.0, 40.0])
    item = code_of(model, 12)
    train = load_dataset("digits", "train")
    codes = encode_dataset(model, train).codes.astype(np.float64)
    assert train.labels is not None
    of_three = train.labels.numpy() == 3
    way = codes[of_three].mean(axis=0) - codes[~of_three].mean(axis=0)
    unit = way / np.linalg.norm(way)
    sigma = (codes @ unit).std()
    assert answer["position"] == pytest.approx((item - codes.mean(axis=0)) @ unit / sigma, abs=1e-3)
    expected = decoded(model, item + np.outer(np.array([-2.0, 0.0, 40.0]) * sigma, unit))
    assert np.abs(drawn(tmp_path / "edit.png", 3).astype(int) - expected).max() <= 1


def test_a_range_has_its_middle_at_the_code_itself(invoke: Invoke, vae_run: Path) -> None:
    answer = invoke(
        "edit", vae_run, "sample:1", "--direction", "principal 2", "--range", 4, "--steps", 5, "--json"
    ).answer
    assert answer["amounts"] == [-4.0, -2.0, 0.0, 2.0, 4.0]
    assert answer["method"] == "principal"
    usual = invoke("edit", vae_run, "sample:1", "--direction", "jacobian 1", "--json").answer
    assert usual["amounts"] == [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]


def test_a_direction_beside_others_leaves_these_where_they_are(invoke: Invoke, vae_run: Path) -> None:
    plain = invoke("edit", vae_run, 3, "--direction", "3", "--method", "logistic", "--json").answer
    beside = invoke(
        "edit", vae_run, 3, "--direction", "3", "--orthogonal-to", "8", "--orthogonal-to", "principal 1", "--json"
    ).answer
    assert plain["method"] == "logistic"
    assert beside["position"] != plain["position"]


def test_a_sum_is_drawn_with_its_terms(invoke: Invoke, vae_run: Path, model: LatentModel, tmp_path: Path) -> None:
    outcome = invoke("edit", vae_run, "--expression", "7 - 0.5 * 1 + #4", "--scale", 1, "--json")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert [(term["name"], term["coefficient"]) for term in outcome.answer["terms"]] == [
        ("7", 1.0),
        ("1", -0.5),
        ("#4", 1.0),
    ]
    train = load_dataset("digits", "train")
    codes, item = encode_dataset(model, train).codes, code_of(model, 4)
    assert train.labels is not None
    seven, one = (codes[train.labels.numpy() == digit].mean(axis=0) for digit in (7, 1))
    expected = decoded(model, np.stack([seven, one, item, seven - 0.5 * one + item]))
    assert np.abs(drawn(tmp_path / "edit.png", 4).astype(int) - expected).max() <= 1


def test_a_sum_can_be_moved_along_a_direction_and_shown_as_a_film(
    invoke: Invoke, vae_run: Path, tmp_path: Path
) -> None:
    command = ("edit", vae_run, "--expression", "7 - 1 + 4", "--direction", "3", "--out", "edit.gif", "--json")
    answer = invoke(*command).answer
    assert len(answer["terms"]) == 3
    with Image.open(tmp_path / "edit.gif") as film:
        assert getattr(film, "n_frames", 0) >= 7


def test_a_picture_of_another_size_and_mode_is_fitted_with_a_note(
    invoke: Invoke, vae_run: Path, model: LatentModel, tmp_path: Path
) -> None:
    Image.new("RGB", (40, 20), "red").save(tmp_path / "own.png")
    outcome = invoke("edit", vae_run, "own.png", "--direction", "3", "--amounts", "0", "--scale", 1, "--json")
    assert outcome.code == 0
    item, note = fitted_picture(model, tmp_path / "own.png")
    assert outcome.answer["notes"] == [f"own.png was {note}."]
    assert outcome.sentence == f"own.png was {note}."
    assert "turned to grey" in note
    (named,) = named_codes(model, ["own.png"], lambda: load_dataset("digits", "test"))
    assert item.shape == (1, 8, 8)
    expected = decoded(model, named.code.numpy()[None])
    assert np.abs(drawn(tmp_path / "edit.png", 1).astype(int) - expected).max() <= 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Say what to edit: either KEY"),
        (("12", "--expression", "7 - 1"), "Say what to edit: either KEY"),
        (("12",), "Say where to with --direction NAME"),
        (("12", "--direction", "smile"), "There is no class or attribute named 'smile'"),
        (("12", "--direction", "principal 9"), "There is no direction named 'principal 9'"),
        (("12", "--direction", "jacobian 9999"), "count"),
        (("12", "--direction", "3", "--method", "mean"), "There is no method named 'mean'"),
        (("12", "--direction", "3", "--amounts", "1,x"), "--amounts 1,x is not allowed: give up to 1,000 numbers"),
        (("12", "--direction", "3", "--amounts", "nan"), "--amounts nan is not allowed"),
        (("12", "--direction", "3", "--amounts", "1", "--steps", "3"), "Give either --amounts or --range"),
        (("9999", "--direction", "3"), "There is no item 9999"),
        (("gone.png", "--direction", "3"), "There is no picture gone.png"),
        (("12", "--direction", "3", "--orthogonal-to", "3"), "Nothing is left of 3 beside itself"),
        (("--expression", "7 +"), "has nothing behind it"),
        (("--expression", "smyle"), "no class, attribute or picture named 'smyle'"),
        (("12", "--direction", "3", "--out", "edit.docx"), "edit.docx"),
    ],
)
def test_wrong_requests_are_told_in_a_sentence(
    invoke: Invoke, vae_run: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    outcome = invoke("edit", vae_run, *arguments, "--json")
    assert outcome.code == 2
    assert sentence in outcome.sentence


def test_a_picture_that_is_none_is_told_in_a_sentence(invoke: Invoke, vae_run: Path, tmp_path: Path) -> None:
    (tmp_path / "own.png").write_bytes(b"no picture")
    outcome = invoke("edit", vae_run, "own.png", "--direction", "3")
    assert outcome.code == 2
    assert "own.png is not an image of a known format; choose another picture." in outcome.sentence
