"""Commands that tell a model a class, attributes or a temperature per level."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.engine.checkpoint import TrainingMark, load_model, save_checkpoint
from trainers.engine.pictures import pixels
from trainers.engine.sampling import sample_images
from trainers.errors import UsageError
from trainers.models.catalogue import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.trainers.cli.conftest import Invoke

SMALL = {"architecture": "mlp", "hidden_sizes": [16], "latent_size": 3}
FACES = DataSpec(
    name="faces",
    shape=(1, 8, 8),
    class_names=("no", "yes"),
    attribute_names=("smile", "age"),
    attribute_minima=(-1.0, 10.0),
    attribute_maxima=(1.0, 90.0),
)


def checkpoint(name: str, model_name: str, spec: DataSpec, settings: dict[str, object]) -> Path:
    """A model with random weights as a checkpoint in the current folder."""
    torch.manual_seed(0)
    model = MODELS[model_name](MODELS[model_name].config_type.from_values(settings).resolved(spec), spec)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape))
    path = Path(f"{name}.safetensors").absolute()
    save_checkpoint(path, model, TrainingMark(run="none", step=1, epoch=1.0, seed=0))
    return path


@pytest.fixture
def of_classes() -> Path:
    spec = load_dataset("digits", "train").spec
    return checkpoint("classes", "conditional_vae", spec, {**SMALL, "condition": "classes"})


@pytest.fixture
def of_attributes() -> Path:
    return checkpoint("attributes", "conditional_vae", FACES, {**SMALL, "condition": "attributes"})


@pytest.fixture
def of_nothing() -> Path:
    return checkpoint("nothing", "vae", load_dataset("digits", "train").spec, SMALL)


def picture(path: str) -> NDArray[np.uint8]:
    with Image.open(path) as opened:
        return np.asarray(opened)


def tile(path: str, row: int, column: int) -> NDArray[np.uint8]:
    """A picture of 8×8 pixels from a sheet at scale 1."""
    return picture(path)[10 * row : 10 * row + 8, 10 * column : 10 * column + 8]


def test_samples_of_a_class_are_those_the_model_makes_of_it(invoke: Invoke, of_classes: Path) -> None:
    outcome = invoke("sample", of_classes, "--class", "7", "--count", 4, "--columns", 4, "--scale", 1, "--json")
    assert outcome.code == 0
    assert outcome.answer["condition"] == "class 7"
    sevens = torch.eye(10)[[7, 7, 7, 7]]
    expected = pixels(sample_images(load_model(of_classes), 4, condition=sevens))
    for place in range(4):
        assert np.array_equal(tile("samples.png", 0, place), expected[place, :, :, 0])


def test_without_a_class_every_column_is_one(invoke: Invoke, of_classes: Path) -> None:
    outcome = invoke("sample", of_classes, "--count", 20, "--scale", 1, "--temperature", 0)
    assert outcome.code == 0
    assert "every class in turn" in outcome.stdout
    assert picture("samples.png").shape == (18, 98)
    assert all(np.array_equal(tile("samples.png", 0, place), tile("samples.png", 1, place)) for place in range(10))
    assert not np.array_equal(tile("samples.png", 0, 0), tile("samples.png", 0, 1))


def test_attributes_change_the_samples(invoke: Invoke, of_attributes: Path) -> None:
    outcome = invoke("sample", of_attributes, "--attribute", "age=70", "--out", "old.png")
    assert "age=70, other attributes in their middle" in outcome.stdout
    both = ("--attribute", "age=70", "--attribute", "smile=-1")
    assert "age=70, smile=-1)" in invoke("sample", of_attributes, *both, "--out", "sad.png").stdout
    assert "every attribute in its middle" in invoke("sample", of_attributes, "--out", "usual.png").stdout
    middle = invoke("sample", of_attributes, "--attribute", "age=50", "--out", "middle.png")
    assert middle.code == 0
    assert not np.array_equal(picture("old.png"), picture("sad.png"))
    assert not np.array_equal(picture("old.png"), picture("usual.png"))
    assert np.array_equal(picture("middle.png"), picture("usual.png"))


@pytest.mark.parametrize("command", ["manifold", "traversal"])
def test_sheets_are_of_one_condition_and_say_which(invoke: Invoke, of_classes: Path, command: str) -> None:
    usual = invoke("export", command, of_classes, "--out", "usual.png")
    assert "class 0, the first" in usual.stdout
    for name in ("0", "4"):
        outcome = invoke("export", command, of_classes, "--class", name, "--out", f"{name}.png", "--json")
        assert outcome.answer["condition"] == f"class {name}"
    assert np.array_equal(picture("usual.png"), picture("0.png"))
    assert not np.array_equal(picture("usual.png"), picture("4.png"))


def test_a_progression_keeps_the_code_in_a_row(invoke: Invoke, of_classes: Path) -> None:
    command = ("export", "progression", of_classes, "--rows", 3, "--scale", 1, "--seed", 5, "--json")
    outcome = invoke(*command)
    assert outcome.code == 0
    assert outcome.answer["columns"] == list("0123456789")
    assert picture("progression.png").shape == (28, 98)
    model = load_model(of_classes)
    codes = model.sample_prior(3, generator=torch.Generator().manual_seed(5))
    with torch.inference_mode():
        expected = pixels(model.decode(codes, torch.eye(10)[[6, 6, 6]]))
    for row in range(3):
        assert np.array_equal(tile("progression.png", row, 6), expected[row, :, :, 0])


def test_an_attribute_progresses_from_its_lowest_to_its_highest(invoke: Invoke, of_attributes: Path) -> None:
    command = ("export", "progression", of_attributes, "--rows", 2, "--steps", 3, "--scale", 1)
    outcome = invoke(*command, "--attribute", "age", "--attribute", "smile=1", "--json")
    assert outcome.answer["columns"] == ["age=10", "age=50", "age=90"]
    model = load_model(of_attributes)
    codes = model.sample_prior(2, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = pixels(model.decode(codes, torch.tensor([[1.0, 90.0]]).expand(2, 2)))
    for row in range(2):
        assert np.array_equal(tile("progression.png", row, 2), expected[row, :, :, 0])
    assert "age from 10 to 90, other attributes in their middle" in invoke(*command, "--attribute", "age").stdout


def test_reconstructions_and_codes_use_the_items_own_classes(invoke: Invoke, of_classes: Path) -> None:
    assert invoke("encode", of_classes, "--limit", 20).code == 0
    assert invoke("export", "reconstructions", of_classes, "--count", 3).code == 0
    values = [
        invoke("evaluate", of_classes, "--importance-samples", 3, "--batch-size", size, "--json").answer["metrics"]
        for size in (7, 400)
    ]
    for name, metric in values[0].items():
        assert metric["value"] == pytest.approx(values[1][name]["value"], rel=1e-5)


def test_a_bound_of_items_whose_class_is_told_is_not_compared_with_others(
    invoke: Invoke, of_classes: Path, of_nothing: Path
) -> None:
    for checkpoint in (of_nothing, of_classes):
        assert invoke("evaluate", checkpoint, "--metric", "elbo", "--limit", 20).code == 0
    answer = invoke("compare", of_nothing, of_classes, "--metric", "elbo", "--json").answer
    assert [run["condition"] for run in answer["runs"]] == ["none", "classes"]
    assert answer["best"] == {"elbo": []}
    assert "of log p(x | class) instead of log p(x)." in " ".join(answer["sentences"])


WRONG = [
    (("sample", "of_nothing", "--class", "3"), r"takes neither a class nor attributes"),
    (("sample", "of_nothing", "--attribute", "smile=1"), r"takes neither a class nor attributes"),
    (("sample", "of_classes", "--class", "33"), r"no class named '33'; did you mean 3\?"),
    (("sample", "of_classes", "--attribute", "smile=1"), r"a class and no attributes: write --class 0"),
    (("sample", "of_classes", "--class", "3", "--attribute", "smile=1"), r"either a class or attributes"),
    (("sample", "of_attributes", "--class", "yes"), r"attributes and no class: write --attribute smile=1"),
    (("sample", "of_attributes", "--attribute", "smlie=1"), r"no attribute named 'smlie'; did you mean smile\?"),
    (("sample", "of_attributes", "--attribute", "smile"), r"smile needs a value, such as smile=1"),
    (("sample", "of_attributes", "--attribute", "smile=broad"), r"smile=broad is not allowed.*number"),
    (("sample", "of_attributes", "--attribute", "smile=nan"), r"smile=nan is not allowed.*number"),
    (("sample", "of_attributes", "--attribute", "smile=inf"), r"smile=inf is not allowed.*number"),
    (("sample", "of_attributes", "--attribute", "age=1000"), r"age = 1000 is not allowed.*from 10 to 90"),
    (("sample", "of_attributes", "--attribute", "age=20", "--attribute", "age=30"), r"age is given twice"),
    (("sample", "of_nothing", "--temperature", "1,1"), r"2 temperatures were given for one level"),
    (("sample", "of_nothing", "--temperature", "1,"), r"--temperature 1, is not allowed"),
    (("sample", "of_nothing", "--temperature", "11"), r"--temperature 11 is not allowed.*from 0 to 10"),
    (("sample", "of_nothing", "--temperature", "nan"), r"--temperature nan is not allowed"),
    (("export", "manifold", "of_nothing", "--class", "3"), r"takes neither a class nor attributes"),
    (("export", "traversal", "of_attributes", "--attribute", "smile"), r"smile needs a value"),
    (("export", "progression", "of_nothing"), r"depend on no condition"),
    (("export", "progression", "of_attributes"), r"one attribute to sweep, such as --attribute smile"),
    (("export", "progression", "of_attributes", "--attribute", "age=20"), r"one attribute to sweep"),
    (("export", "progression", "of_attributes", "--attribute", "wit"), r"no attribute named 'wit'"),
    (("export", "progression", "of_classes", "--attribute", "smile"), r"a class and no attributes"),
    (("export", "progression", "of_classes", "--temperature", "1,1"), r"2 temperatures were given"),
    (("evaluate", "of_attributes", "--data", "digits"), r"told the attributes smile, age .*digits has none"),
]


@pytest.mark.parametrize(("words", "pattern"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_a_wrong_condition_is_one_sentence(
    invoke: Invoke, request: pytest.FixtureRequest, words: tuple[str, ...], pattern: str
) -> None:
    path = next(request.getfixturevalue(word) for word in words if word.startswith("of_"))
    outcome = invoke(*(path if word.startswith("of_") else word for word in words))
    assert outcome.code == 2
    assert re.search(pattern, outcome.sentence)
    assert outcome.sentence.endswith((".", "?"))
    assert outcome.stdout == ""
    assert [file.suffix for file in Path.cwd().iterdir()] == [".safetensors"]


@pytest.mark.parametrize("command", [("evaluate",), ("encode",), ("export", "reconstructions")])
def test_data_with_other_classes_are_refused(invoke: Invoke, of_classes: Path, command: tuple[str, ...]) -> None:
    for name in ("cats", "dogs"):
        Path("animals", name).mkdir(parents=True)
        for place in range(3):
            Image.new("L", (8, 8), 40 * place).save(f"animals/{name}/{place}.png")
    outcome = invoke(*command, of_classes, "--data", "animals")
    assert outcome.code == 2
    assert re.search(r"told the classes 0, 1, .*animals has cats, dogs; choose data with the same", outcome.sentence)


def test_every_level_takes_a_temperature_of_its_own(invoke: Invoke) -> None:
    spec = load_dataset("digits", "train").spec
    sizes: dict[str, object] = {"latent_sizes": [4, 2], "hidden_sizes": [16, 8]}
    ladder = checkpoint("ladder", "ladder_vae", spec, sizes)
    command = ("sample", ladder, "--count", 4, "--scale", 1, "--columns", 4)
    for name, temperature in (("still", "0,0"), ("fine", "1,0"), ("both", "1,1"), ("one", "1")):
        outcome = invoke(*command, "--temperature", temperature, "--out", f"{name}.png")
        assert outcome.code == 0, outcome.stderr
        assert f"temperature {temperature}" in outcome.stdout
    assert np.array_equal(tile("still.png", 0, 0), tile("still.png", 0, 3))
    assert np.array_equal(picture("both.png"), picture("one.png"))
    assert not np.array_equal(picture("fine.png"), picture("one.png"))
    refused = invoke(*command, "--temperature", "1,1,1")
    assert (refused.code, refused.sentence) == (
        2,
        "3 temperatures were given for 2 levels: give one number, or one per level from the level nearest to the "
        "picture upwards.",
    )


def test_an_interrupted_sampling_says_so(invoke: Invoke, of_nothing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(MODELS["vae"], "sample_prior", interrupt)
    outcome = invoke("sample", of_nothing)
    assert (outcome.code, outcome.sentence) == (130, "Interrupted.")
    assert [file.suffix for file in Path.cwd().iterdir()] == [".safetensors"]


def test_sampling_passes_on_who_listens_and_who_stops(of_nothing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_model(of_nothing)
    heard: list[float] = []

    def slowly(
        count: int, *_others: object, report: Callable[[float, str], None], stop_requested: Callable[[], bool]
    ) -> torch.Tensor:
        report(0.5, "half")
        if stop_requested():
            raise UsageError("stopped")
        return torch.zeros(count, 3)

    monkeypatch.setattr(model, "sample_prior", slowly)
    assert len(sample_images(model, 2, report=lambda share, _what: heard.append(share))) == 2
    assert heard == [0.25, 1.0]
    with pytest.raises(UsageError, match="stopped"):
        sample_images(model, 2, stop_requested=lambda: True)
