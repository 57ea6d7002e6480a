"""The person's choice of a plane, with a map and a bar that only listen."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from explorer.controllers.plane_controller import PlaneController
from explorer.controllers.planner import Planner
from explorer.services.data_items import DataItems
from explorer.services.found_planes import FoundPlane, PlaneJob, asked
from explorer.services.selection import source_of
from explorer.state.item_groups import ItemGroup, SelectionChoice, packed
from explorer.state.session_state import DirectionChoice, PlaneChoice
from explorer.state.session_store import SessionStore
from trainers.data.data_spec import DataSpec
from trainers.latent.neighbour_map import NeighbourMap
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import BarStandIn, Encode, JobsStandIn, MapStandIn, Open

CODES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore,
    planner: Planner,
    jobs: "JobsStandIn",
    latent_map: "MapStandIn",
    bar: "BarStandIn",
    opened: "Open",
) -> PlaneController:
    made = PlaneController(store, planner, jobs, latent_map, bar)  # type: ignore[arg-type]
    planner.set_opened(opened(3), code=(0.0, 0.0, 0.0))
    return made


def _choose_all(store: SessionStore, bar: "BarStandIn") -> None:
    for corner, code in enumerate(CODES):
        store.update(code=code)
        bar.corner_wanted.emit(corner)


def test_a_chosen_plane_is_seen_whole_and_can_be_undone(store: SessionStore, bar: "BarStandIn") -> None:
    bar.plane_chosen.emit(PlaneChoice("dimensions", 2, 1))
    assert store.state.map.plane == PlaneChoice("dimensions", 2, 1)
    assert store.state.map.view is None
    store.undo()
    assert store.state.map.plane == PlaneChoice()


def test_three_current_points_make_a_plane_and_are_marked(
    store: SessionStore, planner: Planner, bar: "BarStandIn", latent_map: "MapStandIn"
) -> None:
    bar.plane_chosen.emit(PlaneChoice("images"))
    assert bar.last("show_note")[0].startswith("Still to choose: A, B, C")
    _choose_all(store, bar)
    assert store.state.map.plane.corners == CODES
    assert planner.plan.plane is not None
    assert planner.plan.plane.choice.kind == "images"
    assert bar.last("show_note") == ("",)
    assert [letter for letter, _, _ in latent_map.last("show_letters")[0]] == ["A", "B", "C"]


def test_the_point_under_the_cursor_becomes_a_corner(
    store: SessionStore, planner: Planner, latent_map: "MapStandIn", opened: "Open", encoded: "Encode"
) -> None:
    points = encoded(3)
    planner.set_opened(opened(3).with_encoded(points))
    latent_map.corner_wanted.emit(1, 7)
    latent_map.corner_wanted.emit(2, 5000)
    assert store.state.map.plane.kind == "images"
    assert store.state.map.plane.corners == ((), tuple(points.codes[7].tolist()), store.state.code)


@pytest.mark.parametrize(("code", "sentence"), [((2.0, -1.0, 0.0), "on a line"), (CODES[0], "A and C have the same")])
def test_a_corner_without_a_plane_is_told_and_the_last_plane_stays(
    code: tuple[float, ...], sentence: str, store: SessionStore, planner: Planner, bar: "BarStandIn"
) -> None:
    _choose_all(store, bar)
    before = planner.plan.plane
    assert before is not None
    store.update(code=code)
    bar.corner_wanted.emit(2)
    assert sentence in bar.last("show_note")[0]
    assert bar.last("show_note")[0].endswith("C stays as it was.")
    assert planner.plan.plane is not None
    assert planner.plan.plane.key == before.key
    assert store.state.map.plane.corners == CODES


def test_choosing_images_does_not_move_the_map_until_there_is_a_plane(
    store: SessionStore, planner: Planner, bar: "BarStandIn"
) -> None:
    view = (0.0, 0.0, 1.0, 1.0)
    bar.plane_chosen.emit(PlaneChoice("images"))
    store.update(map=replace(store.state.map, view=view))
    bar.corner_wanted.emit(0)
    assert store.state.map.view == view
    store.update(code=CODES[1])
    bar.corner_wanted.emit(1)
    store.update(code=CODES[2])
    bar.corner_wanted.emit(2)
    assert store.state.map.view is None


def test_a_model_of_another_size_tells_that_the_images_are_not_its_own(
    store: SessionStore, planner: Planner, bar: "BarStandIn", opened: "Open"
) -> None:
    _choose_all(store, bar)
    planner.set_opened(opened(4, generation=2, opening=2), code=(0.0,) * 4)
    assert "cannot be images of this model" in bar.last("show_note")[0]
    assert planner.plan.plane is not None
    assert planner.plan.plane.choice == PlaneChoice()


def test_directions_are_found_in_a_job_and_shown_when_they_are_there(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    assert bar.last("show_features") == (("a", "b"), (), ())
    wanted = PlaneChoice("residual", across=DirectionChoice(0, 1))
    bar.plane_chosen.emit(wanted)
    assert store.state.map.plane == PlaneChoice()
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, _run(job))
    assert store.state.map.plane == wanted
    assert planner.plan.plane is not None
    assert planner.plan.plane.choice == wanted
    assert len(jobs.functions(PlaneJob)) == 1


def test_a_class_without_members_is_told_and_the_last_plane_stays(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    points = encoded(3)
    planner.set_opened(opened(3).with_encoded(replace(points, labels=np.zeros(len(points.codes), np.int64))))
    bar.plane_chosen.emit(PlaneChoice("attributes", across=DirectionChoice(1, 0)))
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, _run(job))
    assert bar.last("show_note")[0].startswith("None of these items is of class")
    assert bar.last("show_note")[0].endswith("The plane stays as it was.")
    assert bar.last("show_plane") == (PlaneChoice(),)
    assert store.state.map.plane == PlaneChoice()


def test_a_plane_of_the_session_is_found_again_for_every_model(
    store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    wanted = PlaneChoice("residual", across=DirectionChoice(0, 1))
    store.update(map=replace(store.state.map, plane=wanted))
    assert jobs.functions(PlaneJob) == []
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    store.update(code=(1.0, 0.0, 0.0))
    (job,) = jobs.functions(PlaneJob)
    planner.set_opened(opened(3, generation=2, opening=2).with_encoded(encoded(3, generation=2)))
    _, newer = jobs.functions(PlaneJob)
    jobs.end(job, _run(job))
    assert planner.plan.plane is not None
    assert planner.plan.plane.choice.kind == "dimensions"
    jobs.end(newer, _run(newer))
    assert planner.plan.plane.choice == wanted


def test_another_choice_in_the_meantime_counts(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    bar.plane_chosen.emit(PlaneChoice("residual"))
    bar.plane_chosen.emit(PlaneChoice("dimensions", 1, 2))
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, _run(job))
    assert store.state.map.plane == PlaneChoice("dimensions", 1, 2)


def test_neighbours_are_made_with_progress_until_another_plane_is_chosen(
    planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    wanted = PlaneChoice("neighbours", points=40)
    bar.plane_chosen.emit(wanted)
    assert bar.last("show_progress") == (0.0, "t-SNE")
    assert bar.last("show_making") == (wanted,)
    jobs.made[-1].progressed.emit(0.5, "t-SNE: placing, 3 s left")
    assert bar.last("show_progress") == (0.5, "t-SNE: placing, 3 s left")
    bar.plane_chosen.emit(PlaneChoice("dimensions", 0, 2))
    assert jobs.made[-1].cancelled == 1
    assert bar.last("show_making") == (None,)
    assert len(bar.given("end_progress")) == 1


def test_what_is_being_made_and_what_is_shown_until_then_stays_said_while_the_ring_moves(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    bar.plane_chosen.emit(PlaneChoice("neighbours"))
    said = "t-SNE of 50 points is being made; until then the map shows: slice z1 × z2 of 3 through the current point."
    assert bar.last("show_note") == (said,)
    store.update(code=(1.0, 0.0, 0.0))
    assert bar.last("show_note") == (said,)
    bar.plane_chosen.emit(PlaneChoice())
    assert bar.last("show_note") == ("",)


def test_a_cancelled_map_leaves_the_plane_as_it_was_and_can_be_chosen_again(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    bar.plane_chosen.emit(PlaneChoice("neighbours"))
    bar.work_cancelled.emit()
    assert jobs.made[-1].cancelled == 1
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, error="Stopped before the end, as asked.", cancelled=True)
    assert bar.last("show_note") == (
        "t-SNE of 50 points was given up; choose it again under Plane to make it. The plane stays as it was.",
    )
    assert bar.last("show_making") == (None,)
    assert bar.last("show_plane") == (PlaneChoice(),)
    assert store.state.map.plane == PlaneChoice()
    bar.plane_chosen.emit(PlaneChoice("neighbours"))
    assert len(jobs.functions(PlaneJob)) == 2


def test_a_cancelled_map_of_the_session_is_not_made_again_by_itself(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    wanted = PlaneChoice("neighbours")
    store.update(map=replace(store.state.map, plane=wanted))
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, error="Stopped before the end, as asked.", cancelled=True)
    store.update(code=(1.0, 0.0, 0.0))
    assert len(jobs.functions(PlaneJob)) == 1
    assert bar.last("show_note")[0].startswith("t-SNE of 50 points was given up; choose it again")
    bar.plane_chosen.emit(wanted)
    _, again = jobs.functions(PlaneJob)
    jobs.end(again, _placed(again))
    assert planner.plan.plane is not None
    assert planner.plan.plane.choice == wanted
    assert bar.last("show_note") == ("",)


def test_a_map_that_was_made_is_there_at_once_when_it_is_chosen_again(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    for kind in ("neighbours", "umap", "dimensions"):
        bar.plane_chosen.emit(PlaneChoice(kind))
        if kind != "dimensions":
            job = jobs.functions(PlaneJob)[-1]
            jobs.end(job, _placed(job))
    bar.plane_chosen.emit(PlaneChoice("neighbours"))
    again = jobs.functions(PlaneJob)[-1]
    assert bar.last("show_making") == (None,)
    assert again.known is not None
    jobs.end(again, again(no_report, never))
    assert planner.plan.plane is not None
    assert planner.plan.plane.neighbours is again.known.neighbours
    bar.plane_chosen.emit(PlaneChoice("neighbours", points=30))
    assert jobs.functions(PlaneJob)[-1].known is None


def test_nothing_is_made_of_data_that_are_no_longer_there(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    bar.plane_chosen.emit(PlaneChoice("neighbours"))
    (job,), stale = jobs.functions(PlaneJob), jobs.made[-1]
    planner.set_opened(opened(3, generation=2, opening=2))
    assert stale.cancelled == 1
    assert bar.last("show_making") == (None,)
    newer = encoded(3, generation=2)
    planner.set_opened(opened(3, generation=2, opening=2).with_encoded(newer))
    jobs.end(job, _placed(job))
    assert planner.plan.plane is not None
    assert planner.plan.plane.choice.kind == "dimensions"
    assert store.state.map.plane == PlaneChoice()
    assert jobs.functions(PlaneJob)[-1].encoded is newer
    planner.set_opened(None)
    assert jobs.made[-1].cancelled == 1


def test_a_model_that_is_replaced_takes_its_map_with_it_in_a_sentence(
    planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    bar.plane_chosen.emit(PlaneChoice("neighbours"))
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, _placed(job))
    planner.set_opened(opened(4, generation=2, opening=2), code=(0.0,) * 4)
    assert planner.plan.plane is not None
    assert planner.plan.plane.choice.kind == "dimensions"
    assert bar.last("show_note") == ("This map comes as soon as the data are encoded and it is found in them.",)
    planner.set_opened(opened(4, generation=2, opening=2).with_encoded(encoded(4, generation=2)), code=(0.0,) * 4)
    assert jobs.functions(PlaneJob)[-1].known is None
    assert bar.last("show_note")[0].startswith("t-SNE of 50 points is being made; until then the map shows: slice z1")


def test_snapshots_of_a_run_are_waited_for_before_a_map_is_made_anew(
    controller: PlaneController,
    planner: Planner,
    bar: "BarStandIn",
    jobs: "JobsStandIn",
    opened: "Open",
    encoded: "Encode",
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    bar.plane_chosen.emit(PlaneChoice("neighbours"))
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, _placed(job))
    for generation in (2, 3):
        newest = encoded(3, generation=generation)
        planner.set_opened(opened(3, generation=generation).with_encoded(newest))
    assert jobs.functions(PlaneJob) == [job]
    (rest,) = controller.findChildren(QTimer)
    assert rest.isActive()
    rest.timeout.emit()
    assert [made.encoded for made in jobs.functions(PlaneJob)] == [job.encoded, newest]
    bar.plane_chosen.emit(PlaneChoice())
    assert not rest.isActive()


def test_data_with_attributes_do_not_begin_a_map_of_neighbours_anew(
    store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    store.update(map=replace(store.state.map, plane=PlaneChoice("umap")))
    points = encoded(3)
    planner.set_opened(opened(3).with_encoded(points))
    spec = DataSpec(name="faces", shape=(1, 8, 8), attribute_names=("age",))
    items = DataItems(np.zeros((50, 1, 8, 8), np.uint8), None, spec, np.zeros((50, 1), np.float32))
    planner.set_opened(replace(opened(3).with_encoded(points), items=items))
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, job.without("There is a problem."))
    assert len(jobs.functions(PlaneJob)) == 1
    assert planner.plan.plane is not None
    assert planner.plan.plane.problem == "There is a problem."


def test_kinds_that_need_a_missing_library_are_told_to_the_bar(
    store: SessionStore,
    planner: Planner,
    jobs: "JobsStandIn",
    latent_map: "MapStandIn",
    bar: "BarStandIn",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("explorer.services.found_planes.missing_library", lambda _: "Get it.")
    made = PlaneController(store, planner, jobs, latent_map, bar)  # type: ignore[arg-type]
    assert bar.last("show_missing") == ({"neighbours": "Get it.", "umap": "Get it."},)
    made.deleteLater()


def test_the_map_of_neighbours_is_shown_and_the_ring_stays_where_it_is_dragged(
    store: SessionStore, planner: Planner, bar: "BarStandIn", jobs: "JobsStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3).with_encoded(encoded(3)))
    bar.plane_chosen.emit(PlaneChoice("neighbours"))
    (job,) = jobs.functions(PlaneJob)
    jobs.end(job, _placed(job))
    plane = planner.plan.plane
    assert plane is not None
    assert plane.choice.kind == "neighbours"
    store.update(code=plane.moved(planner.plan.code, 1.5, -2.5))
    assert planner.plan.ring == (1.5, -2.5)
    assert planner.plan.plane is not None
    assert planner.plan.plane.key == plane.key


def _run(job: PlaneJob) -> FoundPlane:
    return job(lambda *_: None, lambda: False)


def test_a_group_is_an_end_until_it_is_gone(
    store: SessionStore,
    planner: Planner,
    jobs: "JobsStandIn",
    bar: "BarStandIn",
    opened: "Open",
    encoded: "Encode",
) -> None:
    points = encoded(3)
    here = opened(3).with_encoded(points)
    members = packed(np.arange(50) < 9)
    group = ItemGroup("left", source_of(here, points), members)
    planner.set_opened(
        here, selection=SelectionChoice(groups=(group, replace(group, name="other", source="elsewhere")))
    )
    assert bar.last("show_features")[2] == ("left",)
    choice = PlaneChoice("residual", across=DirectionChoice(-1, end_group="left"))
    bar.plane_chosen.emit(choice)
    job = jobs.functions(PlaneJob)[-1]
    assert job.groups == (group,)
    jobs.end(job, job(lambda *_: None, lambda: False))
    assert planner.plan.plane is not None
    assert (planner.plan.plane.choice, planner.plan.plane.problem) == (choice, "")
    store.update(selection=SelectionChoice(groups=(replace(group, name="renamed"),)))
    assert bar.last("show_features")[2] == ("renamed",)
    again = jobs.functions(PlaneJob)[-1]
    assert again is not job
    jobs.end(again, again(lambda *_: None, lambda: False))
    assert planner.plan.plane.choice == PlaneChoice()
    assert planner.plan.plane.wanted == choice
    assert bar.last("show_note")[0].startswith("There is no group “left” of these items any more")
    assert jobs.functions(PlaneJob)[-1] is again
    store.undo()
    assert jobs.functions(PlaneJob)[-1].groups == (group,)


def _placed(job: PlaneJob) -> FoundPlane:
    """A map of neighbours without a process to make it."""
    codes = job.encoded.codes
    placed = NeighbourMap(codes, codes[:, :2].astype(np.float64), np.arange(len(codes)), 1.0)
    return FoundPlane(job.encoded, asked(job.choice), caption="t-SNE of points, approximate", neighbours=placed)
