"""The person's choice of a plane, with a map and a bar that only listen."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.plane_controller import PlaneController
from explorer.controllers.planner import Planner
from explorer.services.found_planes import FoundPlane, PlaneJob
from explorer.services.selection import source_of
from explorer.state.item_groups import ItemGroup, SelectionChoice, packed
from explorer.state.session_state import DirectionChoice, PlaneChoice
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import BarStandIn, JobsStandIn, MapStandIn

pytestmark = pytest.mark.usefixtures("plane_controller")
CODES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


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
