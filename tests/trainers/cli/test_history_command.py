"""`export history`, and its film made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from trainers.engine.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trainers.cli.conftest import Invoke


@pytest.fixture
def steps(vae_run: Path) -> list[int]:
    return [file.step for file in RunFolder(vae_run).checkpoints()]


@pytest.mark.parametrize("show", ["samples", "reconstructions", "manifold"])
def test_a_run_becomes_a_film(invoke: Invoke, vae_run: Path, steps: list[int], show: str) -> None:
    out = "history.gif"
    outcome = invoke("export", "history", vae_run, "--show", show, "--count", 4, "--scale", 2, "--out", out, "--json")
    assert outcome.code == 0, outcome.stderr
    assert (outcome.answer["show"], outcome.answer["steps"]) == (show, steps)
    with Image.open(out) as film:
        assert getattr(film, "n_frames", 1) == len(steps)


def test_a_film_is_made_again_from_itself(invoke: Invoke, vae_run: Path) -> None:
    assert invoke("export", "history", vae_run, "--out", "first.gif", "--fps", 5, "--scale", 1).code == 0
    made = invoke("export", "film", vae_run, "--recipe", "first.gif", "--fps", 5, "--no-back", "--out", "second.gif")
    assert made.code == 0, made.stderr
    with open("first.gif", "rb") as first, open("second.gif", "rb") as second:
        assert first.read() == second.read()


def test_few_snapshots_reach_from_the_first_to_the_last(invoke: Invoke, vae_run: Path, steps: list[int]) -> None:
    chosen = invoke("export", "history", vae_run, "--most", 2, "--out", "two.png", "--json")
    assert chosen.answer["steps"] == [steps[0], steps[-1]]
    plain = invoke("export", "history", vae_run, "--most", 2, "--no-captions", "--out", "plain.png")
    assert plain.code == 0
    with Image.open("two.png") as said, Image.open("plain.png") as bare:
        assert said.height > bare.height
        assert np.asarray(bare).std() > 0


def test_what_cannot_be_shown_is_said(invoke: Invoke, vae_run: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.safetensors"
    alone.write_bytes(RunFolder(vae_run).latest().read_bytes())
    outcome = invoke("export", "history", alone)
    assert (outcome.code, "name a run folder" in outcome.sentence) == (2, True)
    outcome = invoke("export", "history", vae_run, "--out", "history.txt")
    assert outcome.code == 2
    assert outcome.sentence.endswith("a picture or a film must end in .png, .tif, .tiff, .svg, .pdf, .gif, .mp4.")
    outcome = invoke("export", "history", vae_run, "--show", "manifold", "--count", 101)
    assert outcome.code == 2
    assert outcome.sentence == "--count 101 is not allowed for a slice: give from 1 to 100 tiles a side."
    for name in ("3", ""):
        assert "neither a class nor attributes" in invoke("export", "history", vae_run, "--class", name).sentence
