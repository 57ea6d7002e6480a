"""What dropped pictures say, and where their models are looked for."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.services.exports import ExportJob
from explorer.services.library import SHIPPED, shipped_models
from explorer.services.restoring import ModelSearchJob, OriginJob, is_openable
from explorer.state.session_file import session_values
from explorer.state.session_state import MapChoice, SessionState
from trainers.engine.checkpoint import file_digest
from trainers.errors import StoppedError, UsageError
from trainers.export.picture_formats import write_sheet
from trainers.export.picture_sheet import PictureSheet
from trainers.export.provenance import Provenance
from trainers.export.recipes import CodesRecipe, EditRecipe, Recipe, SamplesRecipe, SliceRecipe
from trainers.reporting import never, no_report

NAME, FILE = next(iter(shipped_models().items()))
STATE = SessionState(model="/a/run", code=(0.5, -1.25), map=MapChoice(spacing="probability", points_shown=False))
SHEET = PictureSheet(np.zeros((1, 4, 4, 1), np.uint8), 1)


def test_the_state_of_the_window_comes_back_without_its_path(tmp_path: Path) -> None:
    recipe = CodesRecipe(codes=((0.5, -1.25),))
    file = ExportJob(str(FILE), recipe, tmp_path / "a.png", state=session_values(STATE))(no_report, never)
    origin = OriginJob(str(file))(no_report, never).origin
    assert origin is not None
    assert origin.digest == file_digest(FILE)
    assert (origin.state.code, origin.state.map, origin.state.model) == (STATE.code, STATE.map, "")


@pytest.mark.parametrize(
    ("recipe", "code", "condition"),
    [
        (CodesRecipe(codes=((1.0, 2.0), (3.0, 4.0)), conditions=((0.0, 1.0),)), (1.0, 2.0), (0.0, 1.0)),
        (
            SliceRecipe(origin=(1.0, 2.0), axes=((1.0, 0.0), (0.0, 1.0)), view=(0.0, 0.0, 1.0, 1.0)),
            (1.0, 2.0),
            (),
        ),
        (
            EditRecipe(picture="…", codes=((1.0, 2.0), (3.0, 4.0)), conditions=((0.0, 1.0), (1.0, 0.0))),
            (3.0, 4.0),
            (1.0, 0.0),
        ),
        (SamplesRecipe(), (), ()),
    ],
)
def test_a_picture_of_the_command_line_has_the_point_it_was_taken_at(
    recipe: Recipe, code: tuple[float, ...], condition: tuple[float, ...], tmp_path: Path
) -> None:
    write_sheet(tmp_path / "a.png", SHEET, Provenance(model="m", digest="d", recipe=recipe))
    origin = OriginJob(str(tmp_path / "a.png"))(no_report, never).origin
    assert origin is not None
    assert (origin.state.code, origin.state.condition) == (code, condition)


def test_other_pictures_have_no_origin_and_rubbish_is_a_sentence(tmp_path: Path) -> None:
    Image.new("L", (4, 4)).save(tmp_path / "photograph.png")
    assert OriginJob(str(tmp_path / "photograph.png"))(no_report, never).origin is None
    (tmp_path / "rubbish.png").write_bytes(b"rubbish")
    with pytest.raises(UsageError, match="damaged or of another kind"):
        OriginJob(str(tmp_path / "rubbish.png"))(no_report, never)
    write_sheet(tmp_path / "strange.png", SHEET, Provenance(state={"format": "latent-explorer session", "version": 2}))
    with pytest.raises(UsageError, match=r"strange\.png is damaged"):
        OriginJob(str(tmp_path / "strange.png"))(no_report, never)


def test_a_model_is_found_among_shipped_ones_files_and_runs(tmp_path: Path) -> None:
    digest = file_digest(FILE)
    assert ModelSearchJob((digest,), str(tmp_path))(no_report, never) == {digest: NAME}
    other = tmp_path / "elsewhere" / "changed.safetensors"
    run = tmp_path / "runs" / "mine" / "checkpoints" / "step-00000003.safetensors"
    for place in (other, run):
        place.parent.mkdir(parents=True)
    other.write_bytes(b"one")
    run.write_bytes(b"two")
    runs, (one, two) = str(tmp_path / "runs"), (file_digest(other), file_digest(run))
    assert ModelSearchJob((one,), runs, (str(other),))(no_report, never) == {one: str(other)}
    assert ModelSearchJob((two,), runs)(no_report, never) == {two: str(run)}
    assert ModelSearchJob((two, one), runs, (str(other),))(no_report, never) == {one: str(other), two: str(run)}
    assert ModelSearchJob((one, two, "0" * 64), runs, ("/gone",))(no_report, never) == {two: str(run)}
    with pytest.raises(StoppedError):
        ModelSearchJob((digest,), str(tmp_path))(no_report, lambda: True)


def test_without_a_folder_of_runs_only_the_files_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine" / "checkpoints" / "step-00000003.safetensors"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"one")
    monkeypatch.chdir(tmp_path)
    assert ModelSearchJob((file_digest(file),), "")(no_report, never) == {}


def test_what_can_be_opened(tmp_path: Path) -> None:
    shutil.copy(FILE, tmp_path / "copy.safetensors")
    assert is_openable(NAME)
    assert is_openable(str(tmp_path / "copy.safetensors"))
    assert not is_openable(str(tmp_path / "gone.safetensors"))
    assert not is_openable(f"{SHIPPED}none")
