import subprocess
import sys
from pathlib import Path

import pytest

from trainers.data.catalogue import DATASETS, dataset_available, dataset_source, load_dataset
from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError

EMBEDDED = ["circles", "digits", "eight_gaussians", "faces", "heart", "moons", "swiss_roll"]


def test_every_dataset_says_what_it_is() -> None:
    assert set(DATASETS) == {*EMBEDDED, "mnist", "fashion_mnist", "kmnist", "cifar10", "celeba"}
    for name in DATASETS:
        source = DATASETS[name]
        assert source.name == name
        assert source.description
        assert source.embedded == (name in EMBEDDED)


def test_availability(own_data: Path) -> None:
    assert [name for name in DATASETS if dataset_available(name)] == EMBEDDED
    assert dataset_available(str(own_data))
    assert not dataset_available("no such thing")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("minst", "did you mean mnist"),
        ("pictures", "There is no dataset named 'pictures'"),
        ("./pictures", "There is no folder or zip of images at .*pictures"),
        ("pictures.zip", "There is no folder or zip of images at .*pictures.zip"),
        ("~/no such folder", "There is no folder or zip of images at /"),
        ("~nobody of this name/pictures", "There is no folder or zip of images at /"),
        ("no such points.csv", "There is no table of points at /.*csv"),
        ("pictures\udcff", "is no valid text .* rename it"),
        ("", "There is no dataset named ''"),
    ],
)
def test_unknown_name_or_path(name: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        load_dataset(name, "train")


def test_cached_data_need_no_heavy_library() -> None:
    load_dataset("digits", "train")
    script = (
        "import sys; from trainers.data.catalogue import load_dataset; load_dataset('digits', 'test');"
        "heavy = {'torchvision', 'sklearn', 'scipy', 'PIL.PngImagePlugin'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[3])


@pytest.mark.parametrize(
    ("kind", "shape"),
    [("images", ()), ("images", (8, 8)), ("images", (1, 0, 8)), ("images", (1, 8, -8)), ("points", (1, 8, 8))],
)
def test_shapes_that_no_item_has_are_refused(kind: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="shape"):
        DataSpec.from_values({"name": "odd", "kind": kind, "shape": shape})


def test_images_that_are_not_here_are_found_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data" / "mine").mkdir(parents=True)
    (tmp_path / "here" / "mine").mkdir(parents=True)
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    assert dataset_source("mine").name == str(tmp_path / "data" / "mine")
    monkeypatch.chdir(tmp_path / "here")
    assert dataset_source("mine").name == str(tmp_path / "here" / "mine")
    with pytest.raises(UsageError, match="theirs"):
        dataset_source("theirs")
