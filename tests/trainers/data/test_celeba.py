"""CelebA in the layout of torchvision, on files made here."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from trainers.data.catalogue import DATASETS, dataset_available, load_dataset
from trainers.errors import FailureError
from trainers.reporting import no_report


@pytest.fixture
def celeba(own_data: Path) -> Path:
    """Twelve pictures as wide and high as the real ones, grey value and attributes telling their number."""
    folder = own_data / "celeba"
    (folder / "img_align_celeba").mkdir(parents=True)
    rows = []
    for place in range(12):
        name = f"{place + 1:06}.jpg"
        Image.new("RGB", (178, 218), (20 * place, 0, 0)).save(folder / "img_align_celeba" / name)
        rows.append(f"{name} {1 if place % 2 else -1:2d} {1 if place >= 6 else -1:2d}")
    (folder / "list_attr_celeba.txt").write_text("12\nSmiling Male \n" + "\n".join(rows) + "\n")
    return folder


def write_partition(folder: Path, parts: str) -> None:
    lines = [f"{place + 1:06}.jpg {part}" for place, part in enumerate(parts)]
    (folder / "list_eval_partition.txt").write_text("\n".join(lines) + "\n")


def numbers(split: str) -> list[int]:
    dataset = load_dataset("celeba", split)  # type: ignore[arg-type]
    assert dataset.attributes is not None
    found = [round(level / 20) for level in dataset.images[:, 0, 0, 0].tolist()]
    assert dataset.attributes.tolist() == [[1.0 if n % 2 else -1.0, 1.0 if n >= 6 else -1.0] for n in found]
    return found


def test_every_picture_has_its_attributes(celeba: Path) -> None:
    assert dataset_available("celeba")
    assert sorted(numbers("train") + numbers("test")) == list(range(12))
    spec = load_dataset("celeba", "train").spec
    assert spec.shape == (3, 64, 64)
    assert spec.attribute_names == ("Smiling", "Male")
    assert (spec.attribute_minima, spec.attribute_maxima) == ((-1.0, -1.0), (1.0, 1.0))


def test_the_authors_partition_is_kept_and_its_validation_part_left_out(celeba: Path) -> None:
    write_partition(celeba, "000000011222")
    assert (numbers("train"), numbers("test")) == (list(range(7)), [9, 10, 11])


def test_the_pictures_may_stay_in_their_zip(celeba: Path) -> None:
    images = celeba / "img_align_celeba"
    shutil.make_archive(str(images), "zip", celeba, "img_align_celeba")
    shutil.rmtree(images)
    write_partition(celeba, "000000000222")
    assert numbers("test") == [9, 10, 11]


def test_the_sentence_says_where_to_put_the_files(own_data: Path) -> None:
    with pytest.raises(FailureError, match=r"img_align_celeba.zip, list_attr_celeba.txt .* into .*celeba"):
        DATASETS["celeba"].download(no_report)
    with pytest.raises(FailureError, match="not on this machine"):
        load_dataset("celeba", "train")


@pytest.mark.parametrize("content", ["", "12\n", "2\nSmiling\n000001.jpg 1 1\n", "1\nSmiling\n000001.jpg yes\n"])
def test_a_damaged_list_is_named(celeba: Path, content: str) -> None:
    (celeba / "list_attr_celeba.txt").write_text(content)
    with pytest.raises(FailureError, match=r"list_attr_celeba.txt is truncated"):
        load_dataset("celeba", "train")


@pytest.mark.parametrize("parts", ["0" * 12, "0123" * 3])
def test_a_partition_that_is_none_is_named(celeba: Path, parts: str) -> None:
    write_partition(celeba, parts)
    with pytest.raises(FailureError, match=r"list_eval_partition.txt is truncated"):
        load_dataset("celeba", "train")
