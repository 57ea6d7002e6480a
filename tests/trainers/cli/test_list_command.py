from __future__ import annotations

from typing import TYPE_CHECKING

from trainers.metrics.catalogue import METRICS
from trainers.models.catalogue import MODELS

if TYPE_CHECKING:
    from tests.trainers.cli.conftest import Invoke


def test_everything_registered_is_listed(invoke: Invoke) -> None:
    outcome = invoke("list")
    assert outcome.code == 0
    for name in (*MODELS.names(), *METRICS.names(), "digits", "mnist", "latent-kl-only", "cpu"):
        assert name in outcome.stdout


def test_everything_registered_is_in_the_answer(invoke: Invoke) -> None:
    outcome = invoke("list", "--json")
    assert len(outcome.stdout.splitlines()) == 1
    assert set(outcome.answer["models"]) == set(MODELS)
    assert set(outcome.answer["metrics"]) == set(METRICS)
    assert {"encoder", "bound", "likelihood", "linear_start"} == set(outcome.answer["models"]["vae"]["capabilities"])
    assert outcome.answer["datasets"]["digits"]["available"] is True
    assert outcome.answer["datasets"]["mnist"]["available"] is False
    assert "latent-both" in outcome.answer["presets"]
    assert "cpu" in outcome.answer["devices"]


def test_settings_of_a_model_come_with_range_and_default(invoke: Invoke) -> None:
    outcome = invoke("list", "vae", "--json")
    assert outcome.answer["capabilities"] == ["bound", "encoder", "likelihood", "linear_start"]
    latent_size = outcome.answer["settings"]["latent_size"]
    assert (latent_size["default"], latent_size["minimum"], latent_size["maximum"]) == (2, 1, 4096)
    assert "bernoulli" in outcome.answer["settings"]["likelihood"]["choices"]
    assert set(outcome.answer["settings"]) == set(MODELS["vae"].config_type.model_fields)


def test_help_of_settings_is_the_same_table(invoke: Invoke) -> None:
    listed = invoke("list", "vae")
    assert "It has, where settings and data allow it: bound, encoder, likelihood, linear start." in listed.stdout
    assert invoke("train", "vae", "--help-settings").stdout == listed.stdout
    assert invoke("train", "--preset", "digits", "--help-settings").stdout == listed.stdout
    assert "latent_size" in listed.stdout
    assert "1 to 4096" in listed.stdout


def test_help_names_every_command(invoke: Invoke) -> None:
    outcome = invoke("--help")
    assert outcome.code == 0
    for command in ("list", "train", "evaluate", "sample", "encode", "export", "data"):
        assert command in outcome.stdout


def test_no_command_is_an_error_that_says_so(invoke: Invoke) -> None:
    outcome = invoke()
    assert outcome.code == 2
    assert "--help" in outcome.sentence
