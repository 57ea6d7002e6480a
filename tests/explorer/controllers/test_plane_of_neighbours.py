"""Maps of neighbours as planes: made in a job, cancelled, kept, and made anew when the data change."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from explorer.controllers.plane_controller import PlaneController
from explorer.controllers.planner import Planner
from explorer.services.data_items import DataItems
from explorer.services.found_planes import FoundPlane, PlaneJob, asked
from explorer.state.session_state import PlaneChoice
from explorer.state.session_store import SessionStore
from trainers.data.data_spec import DataSpec
from trainers.latent.neighbour_map import NeighbourMap
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import BarStandIn, JobsStandIn

pytestmark = pytest.mark.usefixtures("plane_controller")


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
    plane_controller: PlaneController,
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
    (rest,) = plane_controller.findChildren(QTimer)
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


def _placed(job: PlaneJob) -> FoundPlane:
    """A map of neighbours without a process to make it."""
    codes = job.encoded.codes
    placed = NeighbourMap(codes, codes[:, :2].astype(np.float64), np.arange(len(codes)), 1.0)
    return FoundPlane(job.encoded, asked(job.choice), caption="t-SNE of points, approximate", neighbours=placed)
