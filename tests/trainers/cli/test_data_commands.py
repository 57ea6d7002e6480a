from __future__ import annotations

import gzip
import hashlib
import math
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from tests.trainers.cli.conftest import Invoke


@pytest.fixture
def pictures() -> Path:
    """A folder with two classes of good images, and one of every kind of trouble."""
    folder = Path("pictures")
    generator = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for place in range(6):
            pixels = generator.integers(0, 256, (12, 10, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{place}.png")
    Image.new("CMYK", (10, 12), (10, 20, 30, 40)).save(folder / "cats" / "print.jpg")
    Image.fromarray(np.full((12, 10), 40_000, dtype=np.uint16)).save(folder / "cats" / "deep.png")
    frames = [Image.new("RGB", (10, 12), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "cats" / "moving.gif", save_all=True, append_images=frames[1:])
    (folder / "dogs" / "empty.png").touch()
    (folder / "dogs" / "broken.png").write_bytes((folder / "dogs" / "0.png").read_bytes()[:60])
    (folder / "dogs" / "notes.txt").write_text("not an image")
    return folder


def test_datasets_are_listed_with_where_they_are(invoke: Invoke, folders: dict[str, str]) -> None:
    answer = invoke("data", "list", "--json").answer
    assert answer["folder"] == folders["LATENT_EXPLORER_DATA"]
    assert answer["datasets"]["digits"]["embedded"] is True
    assert answer["datasets"]["mnist"]["available"] is False
    assert "mnist" in invoke("data", "list").stdout


def test_embedded_data_need_no_download(invoke: Invoke) -> None:
    outcome = invoke("data", "get", "digits", "--json")
    assert outcome.code == 0
    assert outcome.answer["downloaded"] is False


def test_damaged_data_are_repaired_and_good_data_stay(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torchvision.datasets import MNIST

    raw, mirror = tmp_path / "data" / "MNIST" / "raw", tmp_path / "mirror"
    raw.mkdir(parents=True)
    mirror.mkdir()
    checksums = {}
    for name, shape in (("images-idx3", (10, 28, 28)), ("labels-idx1", (10,))):
        content = bytes((0, 0, 8, len(shape))) + np.array(shape, ">u4").tobytes() + bytes(math.prod(shape))
        for prefix in ("train", "t10k"):
            (raw / f"{prefix}-{name}-ubyte").write_bytes(content)
            packed = gzip.compress(content, mtime=0)
            (mirror / f"{prefix}-{name}-ubyte.gz").write_bytes(packed)
            checksums[f"{prefix}-{name}-ubyte.gz"] = hashlib.md5(packed, usedforsecurity=False).hexdigest()
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(MNIST, "mirrors", [f"{mirror.as_uri()}/"])
    monkeypatch.setattr(MNIST, "resources", list(checksums.items()))

    images = raw / "train-images-idx3-ubyte"
    good = images.read_bytes()
    assert invoke("data", "get", "mnist", "--json").answer["downloaded"] is False
    images.write_bytes(good[:-1])
    assert invoke("data", "get", "mnist", "--json").answer["downloaded"] is True
    assert images.read_bytes() == good
    assert "already, and undamaged" in invoke("data", "get", "mnist").stdout


def test_download_without_a_network_is_one_sentence(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    outcome = invoke("data", "get", "mnist", "--json")
    assert outcome.code == 1
    assert "network" in outcome.sentence
    assert outcome.answer == {"error": outcome.sentence}


def test_embedded_data_are_counted(invoke: Invoke) -> None:
    answer = invoke("data", "show", "digits", "--json").answer
    assert answer["shape"] == [1, 8, 8]
    assert (answer["splits"]["train"]["count"], answer["splits"]["test"]["count"]) == (1438, 359)
    assert sum(answer["splits"]["test"]["class_counts"].values()) == 359
    assert answer["problems"] == []


def test_data_that_are_not_here_say_how_to_get_them(invoke: Invoke) -> None:
    outcome = invoke("data", "show", "mnist")
    assert outcome.code == 1
    assert "data get mnist" in outcome.sentence


def test_folder_of_images_is_shown_with_every_problem(invoke: Invoke, pictures: Path) -> None:
    outcome = invoke("data", "show", pictures, "--json")
    assert outcome.code == 0
    answer = outcome.answer
    assert answer["class_names"] == ["cats", "dogs"]
    assert answer["shape"] == [3, 12, 10]
    counts = [answer["splits"][split]["class_counts"] for split in ("train", "test")]
    assert {name: sum(count[name] for count in counts) for name in ("cats", "dogs")} == {"cats": 9, "dogs": 6}
    assert {problem["path"]: problem["kept"] for problem in answer["problems"]} == {
        "cats/moving.gif": True,
        "dogs/broken.png": False,
        "dogs/empty.png": False,
        "dogs/notes.txt": False,
    }


def test_person_reads_every_problem(invoke: Invoke, pictures: Path) -> None:
    outcome = invoke("data", "show", pictures)
    assert outcome.code == 0
    assert "10×12 pixels, colour" in outcome.stdout
    for path in ("cats/moving.gif", "dogs/broken.png", "dogs/empty.png", "dogs/notes.txt"):
        assert path in outcome.stdout


def test_zip_of_images_is_shown_like_its_folder(invoke: Invoke, pictures: Path) -> None:
    with zipfile.ZipFile("pictures.zip", "w") as archive:
        for path in sorted(pictures.rglob("*.*")):
            archive.write(path)
    from_folder, from_zip = (invoke("data", "show", path, "--json").answer for path in (pictures, "pictures.zip"))
    assert from_zip["splits"] == from_folder["splits"]
    assert len(from_zip["problems"]) == len(from_folder["problems"])


@pytest.mark.parametrize("content", [None, b"", b"not an image"], ids=["no files", "empty file", "no image"])
def test_folder_without_images_is_one_sentence(invoke: Invoke, content: bytes | None) -> None:
    Path("pictures").mkdir()
    if content is not None:
        Path("pictures/one.png").write_bytes(content)
    for command in (("data", "show", "pictures"), ("train", "vae", "--data", "pictures")):
        outcome = invoke(*command)
        assert outcome.code == 2
        assert "pictures" in outcome.sentence


def test_file_that_is_no_zip_is_one_sentence(invoke: Invoke) -> None:
    Path("pictures.zip").write_bytes(b"PK\x03\x04 and then nothing")
    outcome = invoke("data", "show", "pictures.zip")
    assert outcome.code == 2
    assert "pictures.zip" in outcome.sentence


def test_own_pictures_can_be_trained_on(invoke: Invoke, pictures: Path) -> None:
    command = ("train", "vae", "--data", pictures, "--set", "architecture=mlp", "--set", "hidden_sizes=[8]")
    assert invoke(*command, "--max-steps", 2, "--run", "one").code == 0
    assert invoke("export", "reconstructions", "one", "--out", "one.png").code == 0


def test_points_are_drawn(invoke: Invoke) -> None:
    outcome = invoke("data", "show", "moons", "--json")
    assert outcome.code == 0
    answer = outcome.answer
    assert (answer["kind"], answer["shape"], answer["out"]) == ("points", [2], "points.png")
    assert answer["splits"]["test"]["class_counts"] == {"upper": 2000, "lower": 2000}
    with Image.open("points.png") as opened:
        picture = np.asarray(opened)
    assert picture.shape[0] == picture.shape[1]
    # Both moons are seen, in a colour each, and most of the ground is empty.
    colours = {tuple(colour) for colour in (picture.reshape(-1, 3) // 64).tolist()}
    assert len(colours) > 2
    assert (picture == 255).all(axis=2).mean() > 0.5


def test_images_are_drawn_where_asked_for(invoke: Invoke) -> None:
    assert invoke("data", "show", "digits").code == 0
    assert not list(Path().glob("*.png"))
    assert invoke("data", "show", "digits", "--out", "some.png").code == 0
    with Image.open("some.png") as opened:
        assert np.asarray(opened).std() > 0


def test_own_points_are_shown(invoke: Invoke) -> None:
    Path("own.csv").write_text("x,y\n" + "".join(f"{place},{place**2}\n" for place in range(50)))
    answer = invoke("data", "show", "own.csv", "--out", "own.png", "--json").answer
    assert (answer["splits"]["train"]["count"], answer["splits"]["test"]["count"]) == (45, 5)
    assert Path("own.png").is_file()


@pytest.mark.parametrize("text", ["1,2,3\n" * 20, "a,b\n" * 20, "1,nan\n" * 20, "1,2\n", "\udcff"])
def test_unusable_points_are_one_sentence(invoke: Invoke, text: str) -> None:
    Path("own.csv").write_text(text, encoding="utf-8", errors="surrogateescape")
    outcome = invoke("data", "show", "own.csv")
    assert outcome.code == 2
    assert "own.csv" in outcome.sentence


def test_points_are_nothing_for_a_model_of_images(invoke: Invoke) -> None:
    outcome = invoke("train", "vae", "--data", "moons")
    assert outcome.code == 2
    assert "points" in outcome.sentence


def test_classifier_is_trained_once(invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("trainers.engine.classifier_training._FEWEST_STEPS", 110)
    first, second, again = (
        invoke("data", "classifier", "digits", *options, "--json").answer for options in ((), (), ("--again",))
    )
    assert (first["trained"], second["trained"], again["trained"]) == (True, False, True)
    assert first["accuracy"] == second["accuracy"] == again["accuracy"] > 0.5
    told = invoke("data", "classifier", "digits")
    assert f"{100.0 * first['accuracy']:.2f} % of the test split" in told.stdout


@pytest.mark.parametrize(("name", "sentence"), [("moons", "need no classifier"), ("digitz", "did you mean digits")])
def test_classifier_of_data_that_have_none_is_refused(invoke: Invoke, name: str, sentence: str) -> None:
    outcome = invoke("data", "classifier", name)
    assert outcome.code == 2
    assert sentence in outcome.sentence


def test_classifier_of_images_without_classes_is_refused(invoke: Invoke) -> None:
    Path("plain").mkdir()
    for place in range(4):
        Image.new("L", (8, 8), 40 * place).save(f"plain/{place}.png")
    outcome = invoke("data", "classifier", "plain")
    assert outcome.code == 2
    assert "plain has no classes" in outcome.sentence


def test_a_table_of_attributes_is_shown_with_its_ranges_and_what_is_wrong_with_it(
    invoke: Invoke, tmp_path: Path
) -> None:
    folder = tmp_path / "with a table"
    folder.mkdir()
    for place in range(30):
        Image.new("L", (8, 8), 8 * place).save(folder / f"{place}.png")
    rows = "".join(f"{place}.png,{10 + place % 5},{'' if place == 3 else 1}\n" for place in range(29))
    (folder / "attributes.csv").write_text(f"file,age,hat\n{rows}gone.png,1,1\n")
    shown = invoke("data", "show", folder)
    assert shown.code == 0
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.stdout.splitlines() if "│" in line]
    assert ["age", "10", "14"] in cells
    assert ["hat", "1", "1"] in cells
    assert "attributes.csv names 1 file (gone.png) that is not there" in shown.stdout
    assert "attributes.csv has no row for 1 file (29.png), whose attributes are not known" in shown.stdout
    assert invoke("data", "show", folder, "--json").answer["attribute_names"] == ["age", "hat"]
