import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from trainers.engine import checkpoint
from trainers.engine.checkpoint import (
    TrainingMark,
    find_checkpoint,
    load_model,
    read_header,
    read_mark,
    save_checkpoint,
)
from trainers.errors import FailureError, UsageError

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel

MARK = TrainingMark(run="digits", step=12, epoch=1.5, seed=7)


@pytest.fixture
def saved(make_model: "MakeModel", tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, make_model(), MARK)
    return path


def rewritten(path: Path, **changes: object) -> None:
    """The same weights with other words about them."""
    with safe_open(path, framework="pt") as file:
        about = json.loads(file.metadata()["latent_explorer"])
    save_file(load_file(path), path, {"latent_explorer": json.dumps({**about, **changes})})


@pytest.mark.parametrize("settings", [{}, {"architecture": "convolutional", "channels": [8, 8]}], ids=["mlp", "conv"])
@pytest.mark.parametrize("name", ["vae", "autoencoder"])
def test_an_opened_model_gives_identical_pictures(
    name: str, settings: dict[str, object], make_model: "MakeModel", tmp_path: Path
) -> None:
    model = make_model(name, **settings).eval()
    save_checkpoint(tmp_path / "model.safetensors", model, MARK)
    opened = load_model(tmp_path / "model.safetensors")
    codes = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(opened.decode(codes), model.decode(codes))
    assert not opened.training
    assert opened.config == model.config
    assert opened.data_spec == model.data_spec


def test_weights_in_another_memory_layout_are_saved_alike(make_model: "MakeModel", tmp_path: Path) -> None:
    model = make_model(architecture="convolutional", channels=[8, 8])
    save_checkpoint(tmp_path / "plain.safetensors", model, MARK)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from its overloads
    save_checkpoint(tmp_path / "last.safetensors", model, MARK)
    assert (tmp_path / "plain.safetensors").read_bytes() == (tmp_path / "last.safetensors").read_bytes()


def test_a_header_says_what_the_file_holds(saved: Path, make_model: "MakeModel") -> None:
    model = make_model()
    header = read_header(saved)
    assert header.model == "vae"
    assert header.config == model.config.model_dump(mode="json")
    assert header.latent_space == model.latent_space
    assert header.condition == model.condition_spec
    assert header.data == model.data_spec
    assert header.training == read_mark(saved) == MARK
    assert header.format == 1


def test_the_digest_is_that_of_the_content(saved: Path, make_model: "MakeModel", tmp_path: Path) -> None:
    digest = read_header(saved).digest
    assert len(digest) == 64
    moved = Path(shutil.copy(saved, tmp_path / "elsewhere.safetensors"))
    assert read_header(moved).digest == digest
    save_checkpoint(saved, make_model(seed=1), MARK)
    assert read_header(saved).digest != digest


def test_reading_a_header_loads_no_weights(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> NoReturn:
        raise AssertionError("a model was built")

    monkeypatch.setattr("trainers.models.vae.Vae.__init__", refuse)
    assert read_header(saved).model == "vae"


def test_opening_leaves_the_random_state_of_the_process_alone(saved: Path) -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    load_model(saved)
    assert torch.equal(torch.rand(4), expected)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no checkpoint .*nothing\.safetensors"):
        read_header(tmp_path / "nothing.safetensors")


@pytest.mark.parametrize("length", [0, 5, 200, -1])
def test_a_truncated_file_is_refused(length: int, saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:length])
    with pytest.raises(UsageError, match="truncated or of another kind"):
        load_model(saved)


def test_a_picture_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "picture.safetensors"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    with pytest.raises(UsageError, match="truncated or of another kind"):
        read_header(path)


def test_weights_of_another_program_are_refused(tmp_path: Path) -> None:
    save_file({"weight": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(UsageError, match="not written by Latent Explorer"):
        load_model(tmp_path / "other.safetensors")


def test_a_newer_format_asks_for_an_update(saved: Path) -> None:
    rewritten(saved, format=3)
    with pytest.raises(UsageError, match=r"newer version .*\(format 3, this is 1\): update"):
        read_header(saved)


@pytest.mark.parametrize(
    "changes",
    [
        {"latent_space": "z"},
        {"latent_space": {"blocks": [{"name": "z", "shape": [-3]}]}},
        {"format": "new"},
        {"format": float("inf")},
        {"training": {}},
        {"config": 3},
        {"data": {"name": "digits", "shape": [8, 8]}},
    ],
)
def test_a_damaged_description_is_refused(changes: dict[str, object], saved: Path) -> None:
    rewritten(saved, **changes)
    with pytest.raises(UsageError, match="description cannot be read"):
        read_header(saved)


def test_a_description_nested_without_end_is_refused(saved: Path) -> None:
    save_file(load_file(saved), saved, {"latent_explorer": "[" * 100_000})
    with pytest.raises(UsageError, match="description cannot be read"):
        read_header(saved)


def test_another_latent_space_than_the_models_is_refused(saved: Path) -> None:
    rewritten(saved, latent_space={"blocks": [{"name": "z", "shape": [4]}]})
    with pytest.raises(UsageError, match="description cannot be read"):
        load_model(saved)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(value: float, saved: Path) -> None:
    with safe_open(saved, framework="pt") as file:
        metadata = file.metadata()
    save_file({name: torch.full_like(tensor, value) for name, tensor in load_file(saved).items()}, saved, metadata)
    with pytest.raises(UsageError, match="infinite or no numbers"):
        load_model(saved)


def test_an_unknown_model_is_named(saved: Path) -> None:
    rewritten(saved, model="vea")
    with pytest.raises(UsageError, match="no model named 'vea'; did you mean vae"):
        load_model(saved)


def test_weights_that_do_not_fit_are_refused(saved: Path) -> None:
    config = dict(read_header(saved).config)
    rewritten(saved, config={**config, "latent_size": 7})
    with pytest.raises(UsageError, match="do not fit its model vae"):
        load_model(saved)


def test_a_checkpoint_replaces_its_predecessor_whole_or_not_at_all(
    saved: Path, make_model: "MakeModel", monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def refuse(*_arguments: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(FailureError, match="disk is full"):
        save_checkpoint(saved, make_model(seed=1), MARK)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_what_somebody_names_leads_to_a_checkpoint(saved: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / "checkpoints").mkdir(parents=True)
    (run / checkpoint.RUN_FILE).write_text("{}")
    with pytest.raises(UsageError, match="no checkpoints yet"):
        find_checkpoint(run)
    for step in (5, 40):
        shutil.copy(saved, checkpoint.checkpoint_path(run, step))
    newest = checkpoint.checkpoint_path(run, 40)
    for path in (run, run / "checkpoints", run / checkpoint.RUN_FILE, newest):
        assert find_checkpoint(path) == newest
    assert find_checkpoint(checkpoint.checkpoint_path(run, 5)) == checkpoint.checkpoint_path(run, 5)
    assert find_checkpoint(saved) == saved


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither a run folder nor a"):
        find_checkpoint(tmp_path)
    with pytest.raises(UsageError, match="no run folder and no checkpoint at"):
        find_checkpoint(tmp_path / "nothing")


def test_a_title_tells_nothing_of_the_machine(saved: Path) -> None:
    header = read_header(saved)
    assert header.title == f"vae / {header.data.name}, epoch 1.5"
    rewritten(saved, data=header.data.model_copy(update={"name": "/somebody/pictures/smiles.zip"}).model_dump())
    assert read_header(saved).title == "vae / smiles.zip, epoch 1.5"
