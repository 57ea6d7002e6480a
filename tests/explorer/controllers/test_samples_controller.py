"""The samples' controller."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from explorer.controllers.planner import Planner
from explorer.controllers.samples_controller import SamplesController
from explorer.services.classifiers import ClassifierJob
from explorer.services.samples import DrawnSamples, SamplesWish
from explorer.state.condition_facts import ConditionFacts
from explorer.state.model_facts import BlockFacts
from explorer.state.session_state import SamplesChoice
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, GridStandIn


CONDITIONS = np.array([[1, 0], [0, 1]], dtype=np.float32)
DRAWN = DrawnSamples(np.array([[1, 2], [3, 4]], dtype=np.float32), np.zeros((2, 8, 8, 1), np.uint8), CONDITIONS)
CLASSES = ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0))
JOB = ClassifierJob("/data/digits", "f00")


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn"
) -> SamplesController:
    return SamplesController(store, planner, decoder, grid)  # type: ignore[arg-type]


def test_samples_are_drawn_for_every_choice_and_no_other_change(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    store.update(code=(1.0, 1.0))
    grid.choice_changed.emit(SamplesChoice(16, 7, (0.5,)))
    planner.set_opened(opened(generation=2))
    assert decoder.given("draw_samples") == [
        (SamplesWish(64, 0),),
        (SamplesWish(16, 7, (0.5,)),),
        (SamplesWish(16, 7, (0.5,)),),
    ]
    assert grid.last("show_choice") == (SamplesChoice(16, 7, (0.5,)),)


def test_samples_are_shown_and_taken_to_the_ring(
    planner: Planner,
    store: SessionStore,
    decoder: "DecoderStandIn",
    grid: "GridStandIn",
    controller: SamplesController,
    opened: "Open",
) -> None:
    planner.set_opened(opened())
    grid.item_activated.emit(0)
    decoder.samples_drawn.emit(DRAWN)
    assert grid.last("show_pictures") == (DRAWN.pictures, (), ())
    assert controller.samples is DRAWN
    grid.item_activated.emit(1)
    assert (store.state.code, store.state.condition) == ((3.0, 4.0), (0.0, 1.0))


def test_samples_of_an_earlier_model_are_not_taken(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    decoder.samples_drawn.emit(DRAWN)
    planner.set_opened(opened(generation=2, opening=2))
    grid.item_activated.emit(1)
    assert store.state.code == (0.0, 0.0)


def test_points_are_shown_in_the_colours_of_their_classes(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(frame=(-1.0, -1.0, 1.0, 1.0)))
    points, classes = np.array([[0, 1], [1, 0]], np.float32), np.array([1, -1])
    decoder.samples_drawn.emit(replace(DRAWN, points=points, classes=classes, recognised_by="neighbours"))
    scatter = grid.last("show_points")[0]
    assert scatter.points is points
    assert scatter.groups is classes
    assert scatter.frame == (-1.0, -1.0, 1.0, 1.0)
    assert grid.given("show_pictures") == []
    decoder.samples_drawn.emit(replace(DRAWN, points=points))
    assert len(grid.last("show_points")[0].groups) == 0


def test_levels_and_conditions_are_offered_where_the_model_has_them(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    assert grid.last("offer") == (("z",), ())
    blocks = (BlockFacts("bottom", 0, 1, level=0), BlockFacts("top", 1, 1, level=1))
    planner.set_opened(opened(generation=2, blocks=blocks, levels=2, condition=CLASSES))
    assert grid.last("offer") == (("bottom", "top"), ("Every class", "Class a"))
    store.update(condition=(0.0, 1.0))
    assert grid.last("offer")[1] == ("Every class", "Class b")
    assert len(decoder.given("draw_samples")) == 2
    grid.choice_changed.emit(SamplesChoice(temperatures=(1.0, 0.5), condition="current"))
    assert decoder.last("draw_samples") == (SamplesWish(64, 0, (1.0, 0.5), (0.0, 1.0)),)


def test_rows_of_rising_temperature_name_their_class(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(condition=CLASSES))
    pictures, codes = np.zeros((4, 8, 8, 1), np.uint8), np.zeros((4, 2), np.float32)
    rising = DrawnSamples(codes, pictures, CONDITIONS.repeat(2, axis=0), ("× 0.5", "× 1.0"), rising=True)
    decoder.samples_drawn.emit(rising)
    assert grid.last("show_pictures")[1:] == (("× 0.5", "× 1.0"), ("class a", "class b"))
    decoder.samples_drawn.emit(replace(rising, conditions=rising.conditions[[0] * 4]))
    assert grid.last("show_pictures")[1:] == (("× 0.5", "× 1.0"), ())


def test_earlier_samples_stay_while_others_are_drawn(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open", controller: SamplesController
) -> None:
    planner.set_opened(opened())
    decoder.samples_progressed.emit(0.1, "row 1 of 8")
    assert "when all of them are drawn" in grid.last("show_empty")[0]
    decoder.samples_drawn.emit(DRAWN)
    empty = grid.given("show_empty")
    grid.choice_changed.emit(SamplesChoice(seed=1))
    decoder.samples_progressed.emit(0.25, "row 2 of 8")
    assert grid.last("show_drawing") == (0.25, "drawing samples: row 2 of 8")
    assert grid.given("show_empty") == empty
    assert controller.samples is DRAWN
    decoder.samples_drawn.emit(replace(DRAWN))
    assert grid.calls[-2][0] == "end_drawing"


def test_a_cancelled_drawing_says_so_and_can_be_begun_again(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    grid.drawing_cancelled.emit()
    assert decoder.given("cancel_samples") == [()]
    assert grid.last("show_empty") == ("The drawing was cancelled.", "Draw again")
    grid.empty_action.emit()
    decoder.samples_drawn.emit(DRAWN)
    grid.choice_changed.emit(SamplesChoice(seed=1))
    grid.drawing_cancelled.emit()
    decoder.samples_progressed.emit(0.9, "a step that was on its way")
    assert grid.given("show_drawing") == []
    assert grid.last("show_note") == ("The drawing was cancelled; these are the samples before it.", "Draw again")
    grid.note_action.emit()
    assert [wish.seed for (wish,) in decoder.given("draw_samples")] == [0, 0, 1, 1]


def test_a_drawing_that_failed_leaves_a_way_to_draw_again(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    decoder.samples_progressed.emit(0.5, "row 4 of 8")
    decoder.failed.emit("There is not enough memory.")
    decoder.idle.emit()
    QCoreApplication.processEvents()
    assert grid.last("end_drawing") == ()
    assert grid.last("show_empty") == ("The samples could not be drawn.", "Draw again")


def test_a_classifier_is_offered_where_there_is_none_and_then_recognises_the_samples(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open", controller: SamplesController
) -> None:
    wanted: list[ClassifierJob] = []
    controller.classifier_wanted.connect(wanted.append)
    planner.set_opened(opened())
    lacking = replace(DRAWN, missing=JOB)
    decoder.samples_drawn.emit(lacking)
    assert grid.last("show_note")[:2] == (
        "Nothing on this machine recognises the classes of digits yet.",
        "Train the classifier",
    )
    grid.note_action.emit()
    assert wanted == [JOB]
    controller.see_training(JOB)
    assert grid.last("show_note") == ("",)
    controller.see_not_trained("digits is not on this machine.")
    assert grid.last("show_note")[:2] == ("digits is not on this machine.", "Train the classifier")
    controller.see_training(JOB)
    controller.see_trained()
    assert decoder.given("recognise_samples") == [(lacking,)]
    assert len(decoder.given("draw_samples")) == 1
    decoder.samples_drawn.emit(replace(DRAWN, classes=np.array([0, 0]), recognised_by="embedded classifier"))
    text = grid.last("show_note")[0]
    assert text.startswith("1 of 2 classes · missing b")
    assert text.endswith("recognised by the embedded classifier")


def test_trouble_with_one_classifier_is_not_said_of_another(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open", controller: SamplesController
) -> None:
    planner.set_opened(opened())
    controller.see_training(JOB)
    controller.see_not_trained("The disk is full.")
    decoder.samples_drawn.emit(replace(DRAWN, missing=ClassifierJob("faces", "ba5")))
    assert grid.last("show_note")[0] == "Nothing on this machine recognises the classes of faces yet."
