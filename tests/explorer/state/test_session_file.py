"""Session files: every version stays openable, nothing else is opened, nothing is half written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.state.metric_values import MetricsChoice, MetricsPage
from explorer.state.own_picture import OwnPicture
from explorer.state.path_values import KeyPoint, PathChoice
from explorer.state.reconstruction_choices import AnomalyChoice, CorruptionChoice, ReconstructionsChoice
from explorer.state.session_file import (
    SessionFileError,
    load_session,
    parse_session,
    parse_values,
    save_session,
    session_text,
    session_values,
)
from explorer.state.session_state import (
    ComparisonChoice,
    DirectionChoice,
    MapChoice,
    PlaneChoice,
    SamplesChoice,
    SessionState,
)
from explorer.state.slider_choices import (
    DIRECTION_METHODS,
    DirectionsChoice,
    GroupPair,
    SlidersChoice,
    TraversalChoice,
)

VERSION_1 = Path(__file__).with_name("session_version_1.json")
VERSION_2 = Path(__file__).with_name("session_version_2.json")

numbers = st.floats(allow_nan=False, allow_infinity=False)
states = st.builds(
    SessionState,
    model=st.text(),
    code=st.lists(numbers, max_size=8).map(tuple),
    condition=st.lists(numbers, max_size=4).map(tuple),
    map=st.builds(
        MapChoice,
        plane=st.builds(
            PlaneChoice,
            st.sampled_from(["dimensions", "principal", "images", "attributes", "residual", "neighbours", "umap"]),
            st.integers(),
            st.integers(),
            st.tuples(*[st.lists(numbers, max_size=3).map(tuple)] * 3),
            st.sampled_from(["dimensions", "principal"]),
            st.builds(DirectionChoice, st.integers(), st.integers()),
            st.builds(DirectionChoice, st.integers(), st.integers()),
            st.integers(),
        ),
        spacing=st.sampled_from(["even", "probability"]),
        tiles_shown=st.booleans(),
        points_shown=st.booleans(),
        colour_by=st.sampled_from(["class", "none", "attribute", "error", "likelihood"]),
        view=st.none() | st.tuples(numbers, numbers, numbers, numbers),
        colour_attribute=st.text(),
        hidden_classes=st.lists(st.text(), max_size=3).map(tuple),
        contours_shown=st.booleans(),
    ),
    samples=st.builds(
        SamplesChoice,
        count=st.integers(),
        seed=st.integers(),
        temperatures=st.lists(numbers, max_size=5).map(tuple),
        condition=st.sampled_from(["each", "current"]),
        rising=st.booleans(),
        nearest=st.booleans(),
    ),
    reconstructions=st.builds(
        ReconstructionsChoice,
        st.sampled_from(["first", "random", "best", "worst", "selected"]),
        st.integers(),
        st.integers(),
        st.sampled_from(["error", "psnr", "ssim"]),
        st.booleans(),
        st.builds(
            CorruptionChoice,
            st.sampled_from(["usual", "none", "gaussian_noise", "painted_mask", "mix"]),
            numbers,
            st.integers(),
            st.text(),
            st.lists(st.integers(), max_size=2).map(tuple),
        ),
        st.sampled_from(["items", "anomalies"]),
        st.builds(AnomalyChoice, st.text(), st.sampled_from(["auto", "likelihood", "error"])),
    ),
    sliders=st.builds(
        SlidersChoice,
        st.sampled_from(["dimensions", "attributes"]),
        st.lists(st.integers(), max_size=3).map(tuple),
        st.builds(TraversalChoice, st.integers(), st.integers(), st.sampled_from(["deviations", "quantiles"]), numbers),
        st.builds(
            DirectionsChoice,
            st.sampled_from(DIRECTION_METHODS),
            st.lists(st.text(), max_size=2).map(tuple),
            st.lists(st.builds(GroupPair, st.text(), st.text()), max_size=2).map(tuple),
        ),
        st.text(),
    ),
    path=st.builds(
        PathChoice,
        st.lists(
            st.builds(KeyPoint, st.text(), st.lists(numbers, max_size=3).map(tuple), digest=st.text()), max_size=3
        ).map(tuple),
        st.sampled_from(["linear", "spherical", "neighbours", "geodesic"]),
        st.integers(),
        st.booleans(),
        st.booleans(),
    ),
    own_picture=st.none()
    | st.builds(
        OwnPicture,
        st.text(),
        st.text(),
        st.lists(st.integers(), max_size=3).map(tuple),
        st.text(),
        st.lists(numbers, max_size=3).map(tuple),
        st.lists(numbers, max_size=3).map(tuple),
        st.text(),
        st.text(),
    ),
    comparison=st.builds(
        ComparisonChoice,
        st.text(),
        st.booleans(),
        st.sampled_from(["code", "picture"]),
        st.lists(numbers, max_size=3).map(tuple),
        map=st.builds(MapChoice, view=st.none() | st.tuples(numbers, numbers, numbers, numbers)),
        sliders=st.builds(SlidersChoice, locked=st.lists(st.integers(), max_size=3).map(tuple)),
    ),
    smooth_pictures=st.booleans(),
    snapshot=st.none() | st.integers(),
    metrics=st.builds(
        MetricsChoice,
        page=st.sampled_from(get_args(MetricsPage)),
        runs=st.lists(st.text(), max_size=3).map(tuple),
        quantity=st.text(),
        descending=st.booleans(),
    ),
)


@given(states)
def test_a_state_survives_its_text(state: SessionState) -> None:
    assert parse_session(session_text(state)) == state


def test_what_others_may_see_names_no_folder_of_this_machine() -> None:
    state = SessionState("/home/ada/a", (1.0,), comparison=ComparisonChoice("/home/ada/b", shown=True))
    values = session_values(state)
    assert "ada" not in json.dumps(values)
    assert parse_values(values, "a.png") == SessionState(code=(1.0,))


@given(st.text())
def test_any_other_text_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(SessionFileError, match=r"^notes.txt .*\.$"):
        parse_session(text, "notes.txt")


def test_version_1_is_opened_for_ever() -> None:
    assert load_session(VERSION_1) == SessionState(
        model="/home/ada/runs/vae-digits-20261120-101500",
        code=(0.25, -1.5, 3.0),
        map=MapChoice(PlaneChoice("principal", 0, 2), "probability", False, True, "none", (0.125, 0.25, 0.5, 0.625)),
        samples=SamplesChoice(25, 7, (0.8,)),
        reconstructions=ReconstructionsChoice("random", 3, 12),
        smooth_pictures=True,
    )


def test_version_2_is_opened_for_ever() -> None:
    assert load_session(VERSION_2) == SessionState(
        model="/home/ada/runs/conditional_vae-digits-20270103-090000",
        code=(0.5, -0.25),
        condition=(0.0, 0.0, 1.0),
        map=MapChoice(PlaneChoice("dimensions", 1, 0), points_shown=False),
        samples=SamplesChoice(30, 4, (0.9, 0.5), "current", True),
    )


def _without_code(content: dict[str, Any]) -> None:
    content["state"]["code"] = "nothing"


def _infinite(content: dict[str, Any]) -> None:
    content["state"]["code"] = [float("inf")]


def _unknown_plane(content: dict[str, Any]) -> None:
    content["state"]["map"]["plane"]["kind"] = "isomap"


def _surplus(content: dict[str, Any]) -> None:
    content["state"]["colour"] = "red"


@pytest.mark.parametrize("version", [VERSION_1, VERSION_2])
@pytest.mark.parametrize("damage", [_without_code, _infinite, _unknown_plane, _surplus])
def test_a_value_that_makes_no_sense_is_named(damage: Callable[[dict[str, Any]], None], version: Path) -> None:
    content = json.loads(version.read_text())
    damage(content)
    with pytest.raises(SessionFileError, match=r"is damaged: state\.(code|map|colour)"):
        parse_session(json.dumps(content))


@pytest.mark.parametrize("samples", [None, 3, {}, {"temperature": "hot"}])
def test_a_damaged_file_of_an_earlier_version_is_named(samples: object) -> None:
    content = json.loads(VERSION_1.read_text())
    content["state"]["samples"] = samples
    if samples == {}:
        assert parse_session(json.dumps(content)).samples == SamplesChoice()
        return
    with pytest.raises(SessionFileError, match=r"is damaged: state\.samples"):
        parse_session(json.dumps(content))


def test_a_newer_version_says_so() -> None:
    content = json.loads(VERSION_1.read_text()) | {"version": 3}
    with pytest.raises(SessionFileError, match="newer Latent Explorer"):
        parse_session(json.dumps(content))


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(SessionFileError, match=r"missing\.json cannot be read"):
        load_session(tmp_path / "missing.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(SessionFileError, match="not text"):
        load_session(tmp_path / "binary.json")
    (tmp_path / "large.json").write_bytes(b" " * 5_000_000)
    with pytest.raises(SessionFileError, match="too large"):
        load_session(tmp_path / "large.json")


def test_a_failed_save_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "mine.session.json"
    save_session(SessionState(model="first"), file)
    save_session(SessionState(model="second"), file)
    assert load_session(file).model == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.session.json"]
    with pytest.raises(SessionFileError, match="cannot be written"):
        save_session(SessionState(), tmp_path / "no folder" / "mine.session.json")


def test_what_others_may_see_names_no_runs() -> None:
    state = SessionState(
        model="/home/ada/a", metrics=MetricsChoice(page="curves", runs=("/home/ada/b",), quantity="Loss")
    )
    values = session_values(state)
    assert "/home/ada" not in json.dumps(values)
    assert parse_values(values, "A picture").metrics == MetricsChoice(page="curves", quantity="Loss")
