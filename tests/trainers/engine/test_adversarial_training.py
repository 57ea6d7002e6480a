"""Models of a generator and a critic in the loop: repeats, the moving average, and a game that breaks off."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from trainers.data.batch import Batch
from trainers.engine.checkpoint import load_model
from trainers.engine.events import Event, Failed, Saved, Stepped
from trainers.engine.resume_point import ResumePoint
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import resume
from trainers.errors import FailureError
from trainers.models.adversarial_model import AdversarialModel
from trainers.models.gan import Gan
from trainers.models.training_plan import Progress, Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.trainers.engine.conftest import CommandsAfter, FinalWeights, TrainSmall

GAN = {"architecture": "mlp", "hidden_sizes": [16], "latent_size": 4}
CONVOLUTIONAL = {
    "channels": [4, 6],
    "dense_size": 12,
    "latent_size": 4,
    "batch_normalisation": True,
    "moving_average_decay": 0.9,
}


@pytest.mark.parametrize("stop_at", [0, 3, 11], ids=["at once", "mid-epoch", "border"])
@pytest.mark.parametrize(
    ("model", "settings", "precision"),
    [
        ("wgan_gp", CONVOLUTIONAL, "float32"),
        ("gan", {**CONVOLUTIONAL, "critic_repeats": 2, "spectral_normalisation": True}, "bfloat16"),
    ],
    ids=["wgan_gp", "gan"],
)
def test_stop_and_resume_equal_no_stop_to_the_bit(
    model: str,
    settings: dict[str, object],
    precision: str,
    stop_at: int,
    train_small: "TrainSmall",
    commands_after: "CommandsAfter",
    final_weights: "FinalWeights",
    tmp_path: Path,
) -> None:
    choices = {"model": model, "model_settings": settings, "precision": precision, "seed": 3, "max_steps": 15}
    train_small(tmp_path / "whole", **choices)
    train_small(tmp_path / "parts", commands=commands_after({stop_at: "stop"}), **choices)
    torch.rand(5)

    assert resume(tmp_path / "parts").step == 15
    one, other = (final_weights(tmp_path / name) for name in ("whole", "parts"))
    assert one.keys() == other.keys()
    assert [name for name in one if not torch.equal(one[name], other[name])] == []


def test_the_average_lies_beside_the_generator_wherever_the_run_is_saved(
    train_small: "TrainSmall", tmp_path: Path
) -> None:
    train_small(tmp_path / "run", model="gan", model_settings=GAN, epochs=1)
    model = load_model(RunFolder(tmp_path / "run").latest())
    point = ResumePoint.load(tmp_path / "run" / "resume.pt").model

    assert isinstance(model, AdversarialModel)
    # One update by the preparation, and one in every step.
    assert int(model.average.updates) == int(point["average.updates"]) == 12
    for name, value in model.average.network.state_dict().items():
        assert torch.equal(point[f"average.network.{name}"], value)
        # Batches are counted, not averaged.
        assert not value.is_floating_point() or not torch.equal(point[f"generator.{name}"], value)


def test_the_curves_show_both_sides_of_the_game(train_small: "TrainSmall", tmp_path: Path) -> None:
    curves = {}
    for model in ("gan", "wgan_gp"):
        _, events = train_small(tmp_path / model, model=model, model_settings=GAN, epochs=1)
        curves[model] = {name for event in events if isinstance(event, Stepped) for name in event.terms}

    both = {"critic/loss", "critic/score_real", "critic/score_fake", "generator/loss"}
    assert curves == {
        "gan": both | {"critic/accuracy"},
        "wgan_gp": both | {"critic/wasserstein", "critic/slope"},
    }


@pytest.mark.parametrize("network", ["critic", "generator"])
def test_a_game_that_diverges_ends_the_run_and_the_good_snapshot_stays(
    network: str, train_small: "TrainSmall", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole: Callable[[Gan, Batch, Progress], Terms] = Gan._critic_loss

    def broken(model: Gan, batch: Batch, progress: Progress) -> Terms:
        if progress.step == 14:
            with torch.no_grad():
                next(getattr(model, network).parameters()).fill_(float("nan"))
        return whole(model, batch, progress)

    monkeypatch.setattr(Gan, "_critic_loss", broken)
    events: list[Event] = []
    with pytest.raises(
        FailureError, match=r"diverged .*critic/loss is nan; lower learning_rate \(it is 0\.0002\) or critic_"
    ):
        train_small(tmp_path / "run", model="gan", model_settings=GAN, on_event=events.append)

    assert isinstance(events[-1], Failed)
    assert [event.step for event in events if isinstance(event, Saved)] == [0, 11]
