import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainers.engine.events import (
    Event,
    Failed,
    Finished,
    Measured,
    Paused,
    PhaseStarted,
    Resumed,
    Saved,
    Started,
    Stepped,
    event_line,
    parse_event,
)

STARTED = Started(
    run="runs/a",
    model="vae",
    data="digits",
    device="cpu",
    precision="float32",
    parameters=10,
    steps_per_epoch=11,
    total_steps=22,
    epochs=2,
    seed=0,
    step=0,
)
EVERY_KIND: tuple[Event, ...] = (
    STARTED,
    Stepped(step=3, epoch=0.5, terms={"loss": 1.5, "kl": 0.25}, images_per_second=100.0, seconds_left=None),
    Saved(path="checkpoints/step-00000003.safetensors", step=3, epoch=0.5, reason="epoch"),
    Measured(step=3, name="kl", value=1.5, epoch=0.5, per_unit=(1.0, 0.5)),
    PhaseStarted(name="training", index=0, count=1),
    Paused(step=3),
    Resumed(step=3),
    Finished(reason="stopped", step=3, epoch=0.5, checkpoint="checkpoints/step-00000003.safetensors"),
    Failed(message="The disk is full — “é”."),
)


@pytest.mark.parametrize("event", EVERY_KIND, ids=lambda event: event.event)
def test_a_line_gives_the_event_back(event: Event) -> None:
    line = event_line(event)
    assert "\n" not in line
    assert parse_event(line) == event


def test_kinds_have_the_names_of_the_protocol() -> None:
    kinds = [event.event for event in EVERY_KIND]
    assert kinds == ["started", "step", "saved", "measured", "phase", "paused", "resumed", "finished", "failed"]


def test_a_measurement_of_an_older_version_is_still_read() -> None:
    event = parse_event('{"event":"measured","time":1.0,"step":3,"name":"elbo","value":-90.0}')
    assert isinstance(event, Measured)
    assert (event.step, event.value, event.epoch, event.per_unit) == (3, -90.0, None, ())


def test_what_a_newer_version_adds_is_ignored() -> None:
    line = event_line(Paused(step=3)).replace("{", '{"colour":"red",', 1)
    event = parse_event(line)
    assert isinstance(event, Paused)
    assert event.step == 3


@settings(deadline=None)
@given(st.text())
def test_rubbish_is_no_event(line: str) -> None:
    assert parse_event(line) is None


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=len(event_line(STARTED)) - 1))
def test_a_torn_line_is_no_event(length: int) -> None:
    assert parse_event(event_line(STARTED)[:length]) is None


@settings(deadline=None)
@given(
    st.dictionaries(st.text(min_size=1), st.floats(allow_nan=False, allow_infinity=False)),
    st.floats(min_value=0, allow_nan=False, allow_infinity=False),
)
def test_numbers_survive_exactly(terms: dict[str, float], rate: float) -> None:
    event = Stepped(step=1, epoch=0.1, terms=terms, images_per_second=rate, seconds_left=math.pi)
    parsed = parse_event(event_line(event))
    assert isinstance(parsed, Stepped)
    assert parsed.terms == terms
    assert parsed.images_per_second == rate
