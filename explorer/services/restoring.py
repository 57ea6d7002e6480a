"""What a dropped picture says of itself, and where the model that made it lies."""

from dataclasses import dataclass
from pathlib import Path

from explorer.services.library import canonical, located, shipped_models
from explorer.state.session_file import SessionFileError, parse_values
from explorer.state.session_state import ComparisonChoice, SessionState
from trainers.engine.checkpoint import SUFFIX, checkpoint_files, file_digest, find_checkpoint
from trainers.errors import StoppedError, TrainersError, UsageError
from trainers.export.picture_formats import read_provenance
from trainers.export.provenance import Provenance, SecondModel
from trainers.export.recipes import CodesRecipe, EditRecipe, PairRecipe, SliceRecipe
from trainers.reporting import Report, StopRequested

PICTURE_SUFFIXES = frozenset(
    {".png", ".tif", ".tiff", ".svg", ".pdf", ".gif", ".mp4", ".jpg", ".jpeg", ".bmp", ".webp"}
)


@dataclass(frozen=True)
class DroppedPicture:
    """A picture file; origin: what it says of itself, None for one that was not exported here."""

    path: str
    origin: "Origin | None" = None


@dataclass(frozen=True)
class Origin:
    """Where an exported picture comes from.

    title, digest: of the model. state: what the window showed, with no path of a model. beside: the second model in it.
    """

    title: str
    digest: str
    state: SessionState
    beside: SecondModel | None = None


@dataclass(frozen=True)
class OriginJob:
    """Reads what a picture says of itself, as a function for a job. Raises `TrainersError`."""

    path: str

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> DroppedPicture:
        """The picture with its origin."""
        about = read_provenance(Path(self.path))
        return DroppedPicture(self.path, None if about is None else _origin(about, self.path))


@dataclass(frozen=True)
class ModelSearchJob:
    """Looks for the checkpoints with some digests among runs and files, as a function for a job.

    runs: the folder of runs, empty for none. files: paths of runs and checkpoints opened before. Raises `StoppedError`.
    """

    digests: tuple[str, ...]
    runs: str
    files: tuple[str, ...] = ()

    def __call__(self, report: Report, stop_requested: StopRequested) -> dict[str, str]:
        """Paths as sessions keep them, by digest; a digest that no checkpoint has is left out."""
        candidates, found = _candidates(self.runs, self.files), dict[str, str]()
        for done, file in enumerate(candidates):
            if stop_requested():
                raise StoppedError
            report(done / len(candidates), f"looking at {file.name}")
            try:
                digest = file_digest(file)
            except OSError:
                # A checkpoint may be thinned out while it is looked for.
                continue
            if digest in self.digests:
                found.setdefault(digest, canonical(str(file)))
            if len(found) == len(set(self.digests)):
                break
        return found


def is_openable(path: str) -> bool:
    """Whether a run or checkpoint lies where a session says."""
    try:
        find_checkpoint(located(path))
    except TrainersError:
        return False
    return True


def _candidates(runs: str, files: tuple[str, ...]) -> list[Path]:
    folders = sorted(Path(runs).iterdir(), reverse=True) if runs and Path(runs).is_dir() else []
    found = list(shipped_models().values())
    for place in (*map(Path, files), *folders):
        if place.is_dir():
            found += reversed(checkpoint_files(place))
        elif place.suffix == SUFFIX and place.is_file():
            found.append(place)
    return list(dict.fromkeys(found))


def _origin(about: Provenance, path: str) -> Origin:
    try:
        state = parse_values(about.state, path) if about.state else _state_of(about)
    except SessionFileError as error:
        raise UsageError(str(error)) from error
    return Origin(about.model, about.digest, state, about.beside)


def _state_of(about: Provenance) -> SessionState:
    # From the command line there is no session, but a picture has a point it was taken at.
    recipe = about.recipe
    if isinstance(recipe, CodesRecipe):
        condition = recipe.conditions[0] if recipe.conditions else ()
        return SessionState(code=recipe.codes[0], condition=condition)
    if isinstance(recipe, EditRecipe):
        return SessionState(code=recipe.codes[1], condition=recipe.conditions[1] if recipe.conditions else ())
    if isinstance(recipe, PairRecipe):
        (code, other), (condition, told) = recipe.codes, recipe.conditions
        return SessionState(code=code, condition=condition, comparison=ComparisonChoice(code=other, condition=told))
    if isinstance(recipe, SliceRecipe):
        return SessionState(code=recipe.origin, condition=recipe.condition)
    return SessionState()
