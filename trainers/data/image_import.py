"""A folder or zip of images as a dataset; a broken file is reported and never ends the import."""

import hashlib
import os
import statistics
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.data.attribute_table import (
    FILE_NAME,
    AttributeTable,
    MatchedAttributes,
    UnusableTableError,
    find_table,
    match,
    path_beside,
    read_table,
)
from trainers.data.dataset_source import Contents, Items
from trainers.data.file_listing import ListedFile, readable
from trainers.data.image_decoding import ImageHeader, UnusableImageError, decode_image, read_header
from trainers.data.import_report import FileProblem, ImportReport
from trainers.errors import FailureError, UsageError
from trainers.reporting import Report, part_of

_LARGEST_FILE = 256 * 1024 * 1024
_LONGEST_SIDE = 128
_PROBLEMS_NAMED = 3


class _HasPath(Protocol):
    @property
    def path(self) -> str: ...


Item = TypeVar("Item", bound=_HasPath)
Result = TypeVar("Result")


@dataclass(frozen=True)
class _Image:
    file: ListedFile
    header: ImageHeader
    parts: tuple[str, ...]  # of the path below the folders that wrap all images

    @property
    def path(self) -> str:
        return self.file.path


def import_images(
    name: str,
    files: Sequence[ListedFile],
    size: tuple[int, int] | None,
    report: Report,
    *,
    table: AttributeTable | None = None,
    is_for_test: Callable[[Sequence[str]], NDArray[np.bool_]] | None = None,
) -> Contents:
    """Both splits of the images among some files: a folder per class, or one flat folder without labels.

    name: what to call the folder or zip in messages.
    size: (height, width) of all images; None takes their `common_size`. Images are grey if all of them are.
    table: attributes of the images; by default those of the `attributes.csv` among the files, if there is one.
    is_for_test: which of some paths are in the test split; by default every tenth or so, by the hash of its path.
    Raises `UsageError` if fewer than two images are usable, `FailureError` if they do not fit into memory.
    """
    problems: list[FileProblem] = []
    files, table_file, table = _without_table(files, table, problems)
    with warnings.catch_warnings():
        # Odd metadata is no reason to bother anybody; what makes an image unusable is an error.
        warnings.simplefilter("ignore")
        images = _placed(_with_headers(files, problems, part_of(report, 0, 2)), problems)
        _require_two(name, files, images, problems)
        images, pixels = _decoded(name, images, size, problems, part_of(report, 1, 2))
    _require_two(name, files, images, problems)
    class_names, labels = _classes(images)
    is_test = (is_for_test or chosen_for_test)(["/".join(image.parts) for image in images])
    attributes = _attributes(table, table_file, images, files, ~is_test, problems)
    problems.sort(key=lambda problem: problem.path)
    told = None if attributes is None or not attributes.names else attributes.values
    return Contents(
        {"train": _items(pixels, labels, told, ~is_test), "test": _items(pixels, labels, told, is_test)},
        class_names=class_names,
        attribute_names=() if told is None or attributes is None else attributes.names,
        report=ImportReport(kept=len(images), problems=tuple(problems)),
    )


def common_size(sizes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """One size (height, width) for images of several: the most common if half of them have it, else the medians.

    The longer side is at most 128 pixels; larger images are reduced.
    """
    (height, width), count = Counter(sizes).most_common(1)[0]
    if 2 * count < len(sizes):
        height, width = (round(statistics.median(lengths)) for lengths in zip(*sizes, strict=True))
    scale = min(1.0, _LONGEST_SIDE / max(height, width))
    return max(1, round(scale * height)), max(1, round(scale * width))


def chosen_for_test(paths: Sequence[str]) -> NDArray[np.bool_]:
    """Which of some paths belong to the test split: about a tenth, the same ones wherever the files lie.

    Neither split is empty if there are two paths or more.
    """
    encoded = (path.encode(errors="surrogateescape") for path in paths)
    hashes = np.array([int.from_bytes(hashlib.sha256(path).digest()[:4]) for path in encoded], np.uint64)
    chosen = hashes < 2**32 // 10
    if not chosen.any():
        chosen[hashes.argmin()] = True
    elif chosen.all():
        chosen[hashes.argmax()] = False
    return chosen


def _without_table(
    files: Sequence[ListedFile], table: AttributeTable | None, problems: list[FileProblem]
) -> tuple[Sequence[ListedFile], ListedFile | None, AttributeTable | None]:
    """The other files, and the table among the files with what it says, unless another one is given."""
    file = None if table is not None else find_table(files)
    if file is None:
        return files, None, table
    others = [other for other in files if other is not file]
    try:
        return others, file, read_table(file)
    except UnusableTableError as error:
        problems.append(FileProblem(path=file.path, sentence=str(error)))
        return others, file, None


def _attributes(
    table: AttributeTable | None,
    table_file: ListedFile | None,
    images: Sequence[_Image],
    files: Sequence[ListedFile],
    trained_on: NDArray[np.bool_],
    problems: list[FileProblem],
) -> MatchedAttributes | None:
    if table is None:
        return None
    used, present = (
        [file.path if table_file is None else path_beside(table_file, file) for file in some]
        for some in ([image.file for image in images], files)
    )
    found = match(table, used, present).known_among(trained_on)
    path = FILE_NAME if table_file is None else table_file.path
    problems += [FileProblem(path=path, sentence=remark, kept=True) for remark in found.remarks]
    return found


def _with_headers(files: Sequence[ListedFile], problems: list[FileProblem], report: Report) -> list[_Image]:
    images = []
    for file, header in _each(_header, files, problems, report, "looking at images"):
        if header.frames > 1:
            sentence = f"has {header.frames} frames; the first is used"
            problems.append(FileProblem(path=file.path, sentence=sentence, kept=True))
        images.append(_Image(file, header, file.parts))
    return images


def _header(file: ListedFile) -> ImageHeader:
    if file.size == 0:
        raise UnusableImageError("is empty")
    if file.size > _LARGEST_FILE:
        raise UnusableImageError(f"has {file.size:,} bytes; the most that are read is {_LARGEST_FILE:,}")
    return read_header(file.open)


def _placed(images: list[_Image], problems: list[FileProblem]) -> list[_Image]:
    # One folder around everything says nothing; the folders below it are the classes.
    while images and all(len(image.parts) > 1 and image.parts[0] == images[0].parts[0] for image in images):
        images = [replace(image, parts=image.parts[1:]) for image in images]
    in_folders = [image for image in images if len(image.parts) > 1]
    if not in_folders:
        return images
    sentence = "lies beside the folders of the classes, so its class is not known"
    problems += [FileProblem(path=image.path, sentence=sentence) for image in images if len(image.parts) == 1]
    return in_folders


def _decoded(
    name: str, images: list[_Image], size: tuple[int, int] | None, problems: list[FileProblem], report: Report
) -> tuple[list[_Image], NDArray[np.uint8]]:
    height, width = size or common_size([(image.header.height, image.header.width) for image in images])
    grey = all(image.header.is_grey for image in images)

    def decode(image: _Image) -> NDArray[np.uint8]:
        return decode_image(image.file.open, width, height, grey=grey)

    try:
        pixels = np.empty((len(images), 1 if grey else 3, height, width), np.uint8)
    except MemoryError as error:
        raise FailureError(
            f"The {len(images):,} images of {name} do not fit into memory; use fewer or smaller ones."
        ) from error
    kept: list[_Image] = []
    for image, array in _each(decode, images, problems, report, "reading images"):
        pixels[len(kept)] = array
        kept.append(image)
    pixels = pixels[: len(kept)]
    # Grey pictures are often saved in colour.
    if not grey and bool((pixels[:, :1] == pixels).all()):
        pixels = pixels[:, :1]
    return kept, pixels


def _each(
    work: Callable[[Item], Result], items: Sequence[Item], problems: list[FileProblem], report: Report, what: str
) -> Iterator[tuple[Item, Result]]:
    """The items that work succeeds on, in order, with its results; the others become problems."""

    def attempt(item: Item) -> Result | UnusableImageError:
        try:
            return work(item)
        except UnusableImageError as error:
            return error

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for place, (item, result) in enumerate(zip(items, pool.map(attempt, items), strict=True)):
            if place % 64 == 0:
                report(place / len(items), what)
            if isinstance(result, UnusableImageError):
                problems.append(FileProblem(path=item.path, sentence=str(result)))
            else:
                yield item, result


def _require_two(
    name: str, files: Sequence[ListedFile], images: Sequence[_Image], problems: Sequence[FileProblem]
) -> None:
    if len(images) >= 2:
        return
    if not files:
        raise UsageError(f"{name} has no files; put images into it, in one folder per class or all together.")
    named = "; ".join(f"{problem.path} {problem.sentence}" for problem in problems[:_PROBLEMS_NAMED])
    more = f"; and {len(problems) - _PROBLEMS_NAMED} more" if len(problems) > _PROBLEMS_NAMED else ""
    found = "only one usable image" if images else "no usable images"
    raise UsageError(f"{name} has {found}, and at least two are needed{': ' if named else ''}{named}{more}.")


def _classes(images: Sequence[_Image]) -> tuple[tuple[str, ...], NDArray[np.int64] | None]:
    if len(images[0].parts) == 1:
        return (), None
    folders = sorted({image.parts[0] for image in images})
    places = {folder: place for place, folder in enumerate(folders)}
    return tuple(readable(folder) for folder in folders), np.array([places[image.parts[0]] for image in images])


def _items(
    pixels: NDArray[np.uint8],
    labels: NDArray[np.int64] | None,
    attributes: NDArray[np.float32] | None,
    chosen: NDArray[np.bool_],
) -> Items:
    return Items(
        torch.from_numpy(np.ascontiguousarray(pixels[chosen])),
        None if labels is None else torch.from_numpy(labels[chosen]),
        None if attributes is None else torch.from_numpy(np.ascontiguousarray(attributes[chosen])),
    )
