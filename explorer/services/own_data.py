"""A person's own data: what can be read as such, and what is in it."""

from dataclasses import dataclass
from pathlib import Path

from explorer.services.library import run_of
from trainers.data.data_spec import data_title
from trainers.data.description import DataDescription, describe
from trainers.data.point_table import SUFFIXES
from trainers.reporting import Report, StopRequested

TABLE_SUFFIXES = SUFFIXES
ZIP_SUFFIX = ".zip"


@dataclass(frozen=True)
class FoundData:
    """Data that can be trained on. path: by which training knows them. text: what they are, in a line."""

    path: str
    text: str


@dataclass(frozen=True)
class OwnDataJob:
    """Reads a folder or zip of images, or a table of points, as a function for a job. Raises `TrainersError`."""

    path: str

    def __call__(self, report: Report, _stop_requested: StopRequested) -> FoundData:
        """What was found."""
        found = describe(self.path, report)
        return FoundData(self.path, data_text(found))


def may_be_data(path: str) -> bool:
    """Whether a path is of the kind that data have: a zip, a table, or a folder that belongs to no run."""
    place = Path(path)
    if place.is_dir():
        return not run_of(path)
    return place.is_file() and place.suffix.lower() in (ZIP_SUFFIX, *TABLE_SUFFIXES)


def data_text(found: DataDescription) -> str:
    """What data are, for example "smiles.zip: 120 images, 64×64 grey, 2 classes"."""
    spec, parts = found.spec, []
    count = found.train.count + found.test.count
    if spec.kind == "points":
        parts.append(f"{count:,} points")
    else:
        channels, height, width = spec.shape
        parts += [f"{count:,} images", f"{width}×{height} {'colour' if channels == 3 else 'grey'}"]
    for names, one, many in ((spec.class_names, "class", "classes"), (spec.attribute_names, "attribute", "attributes")):
        if names:
            parts.append(f"{len(names)} {one if len(names) == 1 else many}")
    text = f"{data_title(spec.name)}: {', '.join(parts)}"
    if found.problems:
        first = found.problems[0]
        count = len(found.problems)
        files = "One file" if count == 1 else f"{count:,} files"
        text += f". {files} could not be used, or only in part; {first.path} {first.sentence}"
    return text
