"""Own pictures: made to fit, encoded, searched for, compared, and placed on the map."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from explorer.services.network import OpenModel, open_model
from explorer.services.own_pictures import (
    FittingJob,
    OwnCodeJob,
    OwnFound,
    Task,
    compared,
    cut_short,
    own_marks,
    own_pixels,
    read_pixels,
    search_refusal,
)
from explorer.services.planes import map_plane
from explorer.state.condition_facts import Condition
from explorer.state.own_picture import OwnPicture
from explorer.state.session_state import MapChoice
from tests.explorer.stub_models import CLASSES
from trainers.data.image_dataset import ImageDataset
from trainers.engine.checkpoint import load_model
from trainers.engine.named_codes import named_codes
from trainers.errors import UsageError
from trainers.latent.posterior_outline import posterior_outline
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub


def nothing(_found: OwnFound) -> None:
    return


def fitted(path: Path, shape: tuple[int, ...] = (1, 8, 8)) -> OwnPicture:
    return FittingJob(path.name, lambda: path.open("rb"), shape)(no_report, never)


def found_in(model: OpenModel, own: OwnPicture, task: Task = "find", condition: Condition = ()) -> OwnFound:
    return OwnCodeJob(model, own, condition, task, nothing)(no_report, never)


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    file = tmp_path / "photograph.png"
    pixels = np.random.default_rng(1).integers(0, 256, (24, 40, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file)
    return file


def test_a_picture_is_fitted_and_it_is_said_how(photograph: Path) -> None:
    own = fitted(photograph)
    assert (own.name, own.shape, own.code) == ("photograph.png", (1, 8, 8), ())
    assert own.note == "cropped about its middle, resized from 40 × 24 to 8 × 8, turned to grey"
    assert own_pixels(own).shape == (1, 8, 8)


def test_what_is_no_picture_is_said_with_its_name(tmp_path: Path) -> None:
    job = FittingJob("poem.png", lambda: io.BytesIO(b"no picture"), (1, 8, 8))
    with pytest.raises(UsageError, match=r"^poem.png is not an image of a known format; choose another picture"):
        job(no_report, never)


def test_damaged_pixels_of_a_session_are_a_sentence() -> None:
    pixels, problem = read_pixels(OwnPicture("a.png", "?", (1, 8, 8)))
    assert pixels is None
    assert problem == "Your picture a.png is damaged or cannot be read; open its file again."


@pytest.mark.parametrize("kind", ["encoding_stub", "stub"])
def test_the_code_is_that_of_the_command_line(stubs: "SaveStub", photograph: Path, kind: str) -> None:
    checkpoint = stubs(kind, condition=CLASSES)
    opened = open_model(str(checkpoint), 1)
    found = found_in(opened, fitted(photograph), condition=tuple(opened.usual_conditions(1)[0].tolist()))

    def no_items() -> ImageDataset:
        pytest.fail("no items were named")

    (named,) = named_codes(load_model(checkpoint), [str(photograph)], no_items)
    np.testing.assert_allclose(found.code, named.code.numpy(), atol=1e-6)


def test_a_code_depends_on_what_the_model_is_told(stubs: "SaveStub", photograph: Path) -> None:
    model, own = open_model(str(stubs("encoding_stub", condition=CLASSES)), 1), fitted(photograph)
    told = tuple(float(place == 4) for place in range(10))
    pixels = own_pixels(own)[None]
    assert found_in(model, own, condition=told).code == tuple(model.encode(pixels, told)[0][0].tolist())


def test_a_search_says_how_it_found_its_candidates(stubs: "SaveStub", photograph: Path) -> None:
    model, own, early = open_model(str(stubs("stub")), 1), fitted(photograph), list[OwnFound]()
    job = OwnCodeJob(model, own, (), "find", early.append)
    found = job(no_report, never)
    assert job.searches
    assert found.means == "code: found by optimisation, 4 starts"
    assert found.candidates.shape == (4, 3)
    assert found.pictures.shape == (4, 8, 8, 1)
    assert len(early) > 10
    assert all(one.wish is job for one in early)
    assert tuple(found.trail[-1].tolist()) == found.code
    best = int(np.argmin(found.errors))
    assert found.best is not None
    np.testing.assert_array_equal(found.best, found.pictures[best])
    np.testing.assert_allclose(found.candidates[best], found.code, atol=1e-2)
    expected = np.square(found.pictures[best, :, :, 0] / 255.0 - own_pixels(own)[0] / 255.0).mean()
    assert found.errors[best] == pytest.approx(expected)
    assert cut_short(early[0]).means == "code: found by optimisation, cancelled: the best so far"


def test_refining_begins_at_the_code_and_makes_it_no_worse(stubs: "SaveStub", photograph: Path) -> None:
    model, own = open_model(str(stubs("encoding_stub")), 1), fitted(photograph)
    first = found_in(model, own)
    with_code = OwnPicture(own.name, own.pixels, own.shape, code=first.code)
    early: list[OwnFound] = []
    refined = OwnCodeJob(model, with_code, (), "refine", early.append)(no_report, never)
    np.testing.assert_allclose(early[0].candidates[0], first.code, atol=1e-6)
    errors = [
        float(model.reconstruction_errors(own_pixels(own)[None], codes=np.array([code], np.float32))[0])
        for code in (first.code, refined.code)
    ]
    assert errors[1] < errors[0]
    assert "refined by optimisation" in refined.means
    np.testing.assert_allclose(np.array(refined.trail)[-1], refined.code)


def test_a_stopped_search_gives_the_best_so_far(stubs: "SaveStub", photograph: Path) -> None:
    early: list[OwnFound] = []
    model, own = open_model(str(stubs("stub")), 1), fitted(photograph)
    job = OwnCodeJob(model, own, (), "find", early.append)
    stopped = job(no_report, lambda: len(early) >= 3)
    whole = job(no_report, never)
    assert len(stopped.trail) < len(whole.trail)
    codes = np.array([whole.code, stopped.code, early[0].code], np.float32)
    errors = model.reconstruction_errors(np.repeat(own_pixels(own)[None], 3, axis=0), codes=codes)
    assert errors[0] < errors[1] < errors[2]


def test_an_encoder_without_a_posterior_is_exact_or_is_not(
    stubs: "SaveStub", photograph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, own = open_model(str(stubs("encoding_stub")), 1), fitted(photograph)
    assert found_in(model, own).means == "code: by the encoder"
    monkeypatch.setattr(model, "reconstruction_errors", lambda *_: np.array([1e-9]))
    assert found_in(model, own).means == "code: exact inverse"
    drawing = open_model(str(stubs("drawing_stub")), 1)
    assert "the share of the prior at each pixel" in found_in(drawing, own).means


def test_a_trained_model_has_a_posterior_whose_outlines_lie_round_its_mean(digits_run: Path, photograph: Path) -> None:
    model, own = open_model(str(digits_run), 1), fitted(photograph)
    found = found_in(model, own)
    assert found.means == "code: mean of the posterior"
    assert found.log_variance is not None
    plane = map_plane(MapChoice(), found.code, model.facts(), None)
    marks = own_marks(plane, found.code, found)
    assert marks.place == pytest.approx(found.code)
    assert marks.trail is None
    np.testing.assert_allclose(
        marks.outlines[1], posterior_outline(plane.plane, np.array(found.code), found.log_variance, 2.0)
    )
    known = OwnPicture(own.name, own.pixels, own.shape, code=found.code, means=found.means)
    looked = found_in(model, known, "look")
    assert looked.log_variance is not None
    np.testing.assert_allclose(looked.log_variance, found.log_variance)
    elsewhere = OwnPicture(own.name, own.pixels, own.shape, code=(3.0, -3.0), means="code: chosen")
    assert found_in(model, elsewhere, "look").log_variance is None
    assert found_in(model, elsewhere, "look").code == (3.0, -3.0)


def test_the_trail_lies_where_its_codes_do(stubs: "SaveStub", photograph: Path) -> None:
    model = open_model(str(stubs("stub")), 1)
    found = found_in(model, fitted(photograph))
    marks = own_marks(map_plane(MapChoice(), found.code, model.facts(), None), found.code, found)
    assert marks.trail is not None
    np.testing.assert_allclose(marks.trail, found.trail[:, :2], atol=1e-6)
    np.testing.assert_allclose(marks.trail[-1], marks.place, atol=1e-6)


def test_the_difference_is_measured_and_coloured() -> None:
    own = np.array([[[0, 255]]], np.uint8)
    edited = np.array([[[255], [255]]], np.uint8)
    colours, error = compared(own, edited)
    assert error == 0.5
    assert colours.tolist() == [[[33, 102, 172], [255, 255, 255]]]
    assert compared(own, own.transpose(1, 2, 0))[1] == 0.0


def test_models_that_cannot_be_searched_say_why(stubs: "SaveStub") -> None:
    assert search_refusal(open_model(str(stubs("encoding_stub")), 1).facts()) == ""
    assert "pixel by pixel" in search_refusal(open_model(str(stubs("drawing_stub")), 1).facts())
