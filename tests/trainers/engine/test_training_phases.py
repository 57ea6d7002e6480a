"""Plans richer than a variational autoencoder's: several phases, several objectives, repeated steps."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.engine.events import PhaseStarted, Stepped
from trainers.engine.training import resume
from trainers.latent.latent_space import LatentBlock, LatentSpace
from trainers.models.latent_model import MODELS, LatentModel, ModelConfig
from trainers.models.training_plan import Objective, OptimizerSpec, Phase, Progress, Terms, parameters_of

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import CommandsAfter, FinalWeights, TrainSmall
    from trainers.engine.events import Event, Finished


class DuelConfig(ModelConfig):
    """Settings of the model below."""

    latent_size: int = Field(default=2, ge=1, le=8, description="numbers in a code")


class Duel(LatentModel):
    """A critic of three steps and a generator of one, after a phase that trains an encoder alone."""

    calls: list[tuple[str, tuple[int, ...], Progress]]
    before: dict[str, Tensor]

    config_type = DuelConfig

    def __init__(self, config: DuelConfig, data_spec: DataSpec) -> None:
        super().__init__(config, data_spec)
        self.latent_space = LatentSpace(blocks=(LatentBlock(name="z", shape=(config.latent_size,)),))
        self.encoder = nn.Linear(data_spec.size, config.latent_size)
        self.generator = nn.Linear(config.latent_size, data_spec.size)
        self.critic = nn.Sequential(nn.Linear(data_spec.size, 4), nn.Dropout(0.5), nn.Linear(4, 1))
        self.calls, self.problems, self.clamped = [], list[str](), 0

    def phases(self) -> tuple[Phase, ...]:
        codes = Objective("codes", parameters_of([self.encoder]), self._codes, OptimizerSpec(name="sgd"))
        critic = Objective(
            "critic",
            parameters_of([self.critic]),
            self._scores,
            OptimizerSpec(name="rmsprop", gradient_clip=1.0),
            repeats=3,
            after_step=self._clamp,
        )
        generator = Objective("generator", parameters_of([self.generator]), self._fooling)
        return Phase("warming", (codes,), share=1.0), Phase("duel", (critic, generator), share=1.0)

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        images: Tensor = torch.sigmoid(self.generator(codes))
        return images.view(-1, *self.data_spec.shape)

    def _codes(self, batch: Batch, progress: Progress) -> Terms:
        self._note("codes", batch, progress)
        return Terms(self.generator(self.encoder(batch.images.flatten(1))).square().mean())

    def _scores(self, batch: Batch, progress: Progress) -> Terms:
        self._note("critic", batch, progress)
        gap = self._score(self._fakes(batch)).mean() - self._score(batch.images.flatten(1)).mean()
        return Terms(gap, {"gap": gap.detach()})

    def _fooling(self, batch: Batch, progress: Progress) -> Terms:
        self._note("generator", batch, progress)
        return Terms(-self._score(self._fakes(batch)).mean())

    def _fakes(self, batch: Batch) -> Tensor:
        codes = torch.randn(len(batch.images), self.latent_space.size, generator=batch.generator)
        return self.decode(codes).flatten(1)

    def _score(self, images: Tensor) -> Tensor:
        score: Tensor = self.critic(images)
        return score

    def _clamp(self, _batch: Batch) -> None:
        self.clamped += 1
        for parameter in self.critic.parameters():
            parameter.clamp_(-0.1, 0.1)

    def _note(self, name: str, batch: Batch, progress: Progress) -> None:
        """Remember the call, and which parameters the one before it moved or left a gradient on."""
        now = {path: parameter.detach().clone() for path, parameter in self.named_parameters()}
        if self.calls:
            mover = {"codes": "encoder", "critic": "critic", "generator": "generator"}[self.calls[-1][0]]
            moved = {path.split(".")[0] for path in now if not torch.equal(now[path], self.before[path])}
            if moved != {mover}:
                self.problems.append(f"{self.calls[-1][0]} moved {sorted(moved)}")
        self.problems += [path for path, parameter in self.named_parameters() if parameter.grad is not None]
        self.before = now
        self.calls.append((name, tuple(batch.indices.tolist()), progress))


@pytest.fixture(autouse=True)
def duels(monkeypatch: pytest.MonkeyPatch) -> list[Duel]:
    """The models made in a test, while their class is registered as "duel"."""
    made: list[Duel] = []

    class Noted(Duel):
        def __init__(self, config: DuelConfig, data_spec: DataSpec) -> None:
            super().__init__(config, data_spec)
            made.append(self)

    monkeypatch.setitem(MODELS._entries, "duel", Noted)
    return made


def train_duel(train_small: "TrainSmall", folder: Path, **values: object) -> "tuple[Finished, list[Event]]":
    return train_small(folder, model="duel", batch_size=100, model_settings={"latent_size": 3}, **values)


def test_every_objective_moves_its_own_parameters_and_leaves_no_gradient_anywhere(
    train_small: "TrainSmall", tmp_path: Path, duels: list[Duel]
) -> None:
    train_duel(train_small, tmp_path / "run", epochs=2)
    assert len(duels[-1].calls) == 14 + 14 * 4
    assert duels[-1].problems == []


def test_repeats_come_in_order_on_fresh_batches(train_small: "TrainSmall", tmp_path: Path, duels: list[Duel]) -> None:
    train_duel(train_small, tmp_path / "run", epochs=2)
    calls = duels[-1].calls[14:]
    assert [name for name, _, _ in calls[:4]] == ["critic", "critic", "critic", "generator"]
    first, second, third, generator = (set(indices) for _, indices, _ in calls[:4])
    assert first == generator
    assert first != second
    assert not second & third
    # The batches of the steps themselves are one pass over the data, whatever the repeats draw.
    seen = [index for name, indices, _ in calls if name == "generator" for index in indices]
    assert len(set(seen)) == len(seen) == 1400


def test_progress_counts_steps_not_repeats(train_small: "TrainSmall", tmp_path: Path, duels: list[Duel]) -> None:
    train_duel(train_small, tmp_path / "run", epochs=2)
    steps = [progress.step for name, _, progress in duels[-1].calls if name != "critic"]
    assert steps == list(range(28))
    assert {progress.epoch for _, _, progress in duels[-1].calls} == {step / 14 for step in range(28)}


def test_after_step_runs_after_every_repeat(train_small: "TrainSmall", tmp_path: Path, duels: list[Duel]) -> None:
    train_duel(train_small, tmp_path / "run", epochs=2)
    assert duels[-1].clamped == 14 * 3
    assert max(parameter.abs().max().item() for parameter in duels[-1].critic.parameters()) <= 0.1 + 1e-6


def test_phases_are_announced_and_share_the_epochs(train_small: "TrainSmall", tmp_path: Path) -> None:
    _, events = train_duel(train_small, tmp_path / "run", epochs=3)
    phases = [(event.name, event.index, event.count) for event in events if isinstance(event, PhaseStarted)]
    assert phases == [("warming", 0, 2), ("duel", 1, 2)]
    names = [set(event.terms) for event in events if isinstance(event, Stepped)]
    assert names[0] == {"loss"}
    assert names[-1] == {"critic/loss", "critic/gap", "generator/loss"}


@pytest.mark.parametrize("stop_at", [1, 14, 15, 20], ids=["first phase", "border", "second phase", "repeats"])
def test_stop_and_resume_equal_no_stop(
    stop_at: int,
    train_small: "TrainSmall",
    commands_after: "CommandsAfter",
    final_weights: "FinalWeights",
    tmp_path: Path,
) -> None:
    train_duel(train_small, tmp_path / "whole", epochs=2)
    train_duel(train_small, tmp_path / "parts", epochs=2, commands=commands_after({stop_at: "stop"}))
    resume(tmp_path / "parts")
    whole, parts = final_weights(tmp_path / "whole"), final_weights(tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
