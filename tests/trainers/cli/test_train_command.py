from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

from trainers.engine.events import Finished, Started, parse_event
from trainers.engine.run_folder import RunFolder
from trainers.models.training_plan import Progress, Terms
from trainers.models.vae import Vae

if TYPE_CHECKING:
    from tests.trainers.cli.conftest import Invoke
    from trainers.data.batch import Batch

SMALL = ("--set", "architecture=mlp", "--set", "hidden_sizes=[16]")


def events_of(stdout: str) -> list[Any]:
    events = [parse_event(line) for line in stdout.splitlines()]
    assert None not in events
    return events


def test_person_is_told_where_the_model_is(invoke: Invoke) -> None:
    outcome = invoke("train", "vae", "--data", "digits", "--epochs", 1, *SMALL, "--run", "runs/one")
    assert outcome.code == 0
    assert outcome.stderr == ""
    path = Path(outcome.stdout.split()[-1])
    assert path == Path("runs/one/checkpoints/step-00000011.safetensors")
    assert path.is_file()


def test_program_reads_nothing_but_events(invoke: Invoke) -> None:
    outcome = invoke("train", "vae", "--data", "digits", "--epochs", 2, *SMALL, "--run", "one", "--json")
    assert outcome.code == 0
    started, *_, finished = events_of(outcome.stdout)
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert (started.total_steps, finished.step, finished.reason) == (22, 22, "completed")
    assert "Stepped" in {type(event).__name__ for event in events_of(outcome.stdout)}


def test_every_option_reaches_the_run(invoke: Invoke) -> None:
    outcome = invoke(
        *("train", "vae", "--data", "digits", *SMALL, "--set", "beta=2.5", "--epochs", 3, "--batch-size", 100),
        *("--seed", 7, "--device", "cpu", "--precision", "float32", "--binarisation", "static", "--max-steps", 2),
        *("--run", "one", "--json"),
    )
    assert outcome.code == 0
    request = RunFolder(Path("one")).request()
    assert request.model_settings["beta"] == 2.5
    assert request.model_settings["hidden_sizes"] == [16]
    assert (request.epochs, request.batch_size, request.seed, request.max_steps) == (3, 100, 7, 2)
    assert (request.precision, request.binarisation) == ("float32", "static")
    assert outcome.answer["step"] == 2


def test_run_without_a_name_gets_one(invoke: Invoke) -> None:
    outcome = invoke("train", "vae", "--data", "digits", "--max-steps", 1, *SMALL)
    assert outcome.code == 0
    (run,) = Path("runs").iterdir()
    assert re.fullmatch(r"vae-digits-\d{8}-\d{6}", run.name)


def test_options_override_a_preset(invoke: Invoke) -> None:
    outcome = invoke(
        *("train", "--preset", "digits-embedded", "--max-steps", 1, "--set", "hidden_sizes=[8]"),
        *("--seed", 5, "--run", "one"),
    )
    assert outcome.code == 0, outcome.stderr
    request = RunFolder(Path("one")).request()
    assert (request.model, request.data, request.epochs, request.seed) == ("vae", "digits", 100, 5)
    assert request.model_settings["hidden_sizes"] == [8]
    assert request.model_settings["architecture"] == "mlp"


def test_resumed_run_goes_on_from_any_path_inside_it(invoke: Invoke) -> None:
    invoke("train", "vae", "--data", "digits", "--epochs", 1, *SMALL, "--run", "one")
    outcome = invoke("train", "--resume", "one/checkpoints", "--epochs", 3, "--json")
    assert outcome.code == 0
    started, *_ = events_of(outcome.stdout)
    assert started.step == 11
    assert outcome.answer["step"] == 33
    assert RunFolder(Path("one")).request().epochs == 3


@pytest.mark.parametrize("option", [("--set", "beta=2"), ("--seed", "3"), ("--preset", "digits"), ("--run", "two")])
def test_resumed_run_keeps_its_settings(invoke: Invoke, vae_run: Path, option: tuple[str, str]) -> None:
    outcome = invoke("train", "--resume", vae_run, *option)
    assert outcome.code == 2
    assert f"leave out {option[0]}" in outcome.sentence


def test_finished_run_says_how_to_go_on(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("train", "--resume", vae_run)
    assert outcome.code == 2
    assert "--epochs" in outcome.sentence


def test_run_is_not_overwritten(invoke: Invoke, vae_run: Path) -> None:
    before = (vae_run / "run.json").read_bytes()
    outcome = invoke("train", "vae", "--data", "digits", "--run", vae_run)
    assert outcome.code == 2
    assert "already holds a run" in outcome.sentence
    assert (vae_run / "run.json").read_bytes() == before


def test_data_that_are_not_here_say_how_to_get_them(invoke: Invoke) -> None:
    outcome = invoke("train", "vae", "--data", "mnist", "--run", "one", "--json")
    assert outcome.code == 1
    assert "data get mnist" in outcome.sentence
    assert outcome.answer == {"event": "failed", "message": outcome.sentence, "error": outcome.sentence}
    assert not Path("one").exists()


def test_stop_typed_on_stdin_saves_and_ends(invoke: Invoke) -> None:
    command = ("train", "vae", "--data", "digits", "--epochs", 100_000, *SMALL, "--run", "one", "--json")
    outcome = invoke(*command, typed="nonsense\nstop\n")
    assert outcome.code == 0
    assert outcome.answer["reason"] == "stopped"
    assert (Path("one") / outcome.answer["checkpoint"]).is_file()
    assert RunFolder(Path("one")).has_resume


def test_failure_is_the_last_event(invoke: Invoke) -> None:
    blocked = Path("one")
    blocked.write_text("a file in the way")
    outcome = invoke("train", "vae", "--data", "digits", "--max-steps", 1, *SMALL, "--run", "one", "--json")
    assert outcome.code != 0
    assert outcome.answer["event"] == "failed"
    assert outcome.answer["error"] == outcome.sentence
    assert blocked.read_text() == "a file in the way"


def test_diverging_loss_is_one_sentence(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def diverge(model: Vae, _batch: Batch, _progress: Progress) -> Terms:
        return Terms(sum(parameter.sum() for parameter in model.parameters()) * torch.tensor(torch.nan))

    monkeypatch.setattr(Vae, "_bound_loss", diverge)
    outcome = invoke("train", "vae", "--data", "digits", "--epochs", 1, *SMALL, "--run", "one", "--json")
    assert outcome.code == 1
    assert outcome.answer == {"event": "failed", "message": outcome.sentence, "error": outcome.sentence}
    assert [line for line in outcome.stdout.splitlines() if '"failed"' in line] == outcome.stdout.splitlines()[-1:]
