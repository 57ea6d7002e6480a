"""A run of two phases with a codebook in its buffers goes on as if nothing had happened."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from trainers.data.catalogue import load_dataset
from trainers.engine.checkpoint import load_model
from trainers.engine.events import PhaseStarted, Stepped
from trainers.engine.run_folder import RunFolder
from trainers.engine.sampling import sample_images
from trainers.engine.training import resume

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import CommandsAfter, FinalWeights, TrainSmall
    from trainers.engine.events import Event, Finished

CODES = {
    "channels": [6, 8],
    "residual_blocks": 1,
    "entries": 12,
    "depth": 4,
    "prior_width": 8,
    "prior_blocks": 2,
    "class_conditional_prior": True,
}
PIXELS = {"width": 6, "blocks": 2, "decay_epochs": 2.0}


def train_codes(train_small: "TrainSmall", folder: Path, **values: object) -> "tuple[Finished, list[Event]]":
    return train_small(folder, model="vq_vae", batch_size=100, model_settings=CODES, **values)


@pytest.mark.parametrize("stop_at", [3, 14, 15, 22], ids=["first phase", "border", "second phase", "later"])
def test_stop_and_resume_equal_no_stop_to_the_bit(
    stop_at: int,
    train_small: "TrainSmall",
    commands_after: "CommandsAfter",
    final_weights: "FinalWeights",
    tmp_path: Path,
) -> None:
    train_codes(train_small, tmp_path / "whole", seed=3)
    train_codes(train_small, tmp_path / "parts", seed=3, commands=commands_after({stop_at: "stop"}))
    torch.rand(3)
    resume(tmp_path / "parts")

    whole, parts = final_weights(tmp_path / "whole"), final_weights(tmp_path / "parts")
    assert whole.keys() == parts.keys()
    assert [name for name in whole if not torch.equal(whole[name], parts[name])] == []
    assert int(whole["prior_steps"]) == 14


def test_phases_are_announced_with_what_each_is_about(train_small: "TrainSmall", tmp_path: Path) -> None:
    _, events = train_codes(train_small, tmp_path / "run")

    assert [event.name for event in events if isinstance(event, PhaseStarted)] == ["codes", "prior"]
    terms = [set(event.terms) for event in events if isinstance(event, Stepped)]
    assert terms[0] == {"loss", "squared_error", "commitment_error", "perplexity", "entries_used"}
    assert terms[-1] == {"loss", "nats_per_grid"}


def test_pixel_models_resume_to_the_bit_and_draw_from_their_checkpoint(
    train_small: "TrainSmall", commands_after: "CommandsAfter", final_weights: "FinalWeights", tmp_path: Path
) -> None:
    for name, commands in (("whole", None), ("parts", commands_after({5: "stop"}))):
        train_small(tmp_path / name, model="pixelcnn", batch_size=200, model_settings=PIXELS, commands=commands)
    resume(tmp_path / "parts")

    whole, parts = final_weights(tmp_path / "whole"), final_weights(tmp_path / "parts")
    assert [name for name in whole if not torch.equal(whole[name], parts[name])] == []
    model = load_model(RunFolder(tmp_path / "parts").latest())
    pictures = sample_images(model, 6)
    assert pictures.shape == (6, *load_dataset("digits", "train").spec.shape)
    assert set(pictures.unique().tolist()) == {0.0, 1.0}
