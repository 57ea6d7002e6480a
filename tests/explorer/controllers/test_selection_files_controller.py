"""The controller of exported selections: parts one after the other, a sentence for whatever goes wrong."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.selection_controller import SelectionController
from explorer.controllers.selection_files_controller import SelectionFilesController
from explorer.services.jobs import Outcome
from explorer.services.pictured_items import PicturedItems
from explorer.services.selection_files import PicturesJob, TableJob
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from explorer.services.encodings import EncodedItems
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import (
        DecoderStandIn,
        FilesStandIn,
        JobsStandIn,
        MapStandIn,
        SelectionStandIn,
    )


@pytest.fixture
def points(encoded: "Encode") -> "EncodedItems":
    return encoded(count=700)


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    latent_map: "MapStandIn",
    selecting: "SelectionStandIn",
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    opened: "Open",
    points: "EncodedItems",
) -> SelectionFilesController:
    selection = SelectionController(store, planner, latent_map, selecting)  # type: ignore[arg-type]
    made = SelectionFilesController(planner, decoder, selection, selecting, jobs, files)  # type: ignore[arg-type]
    selection.setParent(made)
    planner.set_opened(replace(opened(), encoded=points))
    latent_map.points_chosen.emit(np.arange(700), "replace")
    return made


@pytest.fixture
def said(controller: SelectionFilesController) -> list[str]:
    sentences: list[str] = []
    controller.told.connect(sentences.append)
    controller.failed.connect(sentences.append)
    return sentences


def _part(points: "EncodedItems", indices: np.ndarray) -> PicturedItems:
    return PicturedItems("export", points, indices, np.zeros((len(indices), 8, 8, 1), np.uint8))


def _end(jobs: "JobsStandIn", outcome: Outcome[Path]) -> None:
    _, ended = jobs.last("start")
    ended(outcome)


def test_a_table_goes_where_the_person_says(
    selecting: "SelectionStandIn", files: "FilesStandIn", jobs: "JobsStandIn", said: list[str]
) -> None:
    selecting.table_requested.emit()
    files.chosen.emit(files.last("ask_new_file")[0], "/tmp/mine.csv")
    (table,) = jobs.functions(TableJob)
    assert (table.path, len(table.indices)) == (Path("/tmp/mine.csv"), 700)
    jobs.made[-1].progressed.emit(0.5, "writing the table")
    sentence = "/tmp/mine.csv may not be written; choose a folder that you may write to."
    _end(jobs, Outcome(error=sentence))
    assert said == [sentence]
    assert selecting.last("show_problem") == (sentence,)
    assert selecting.given("end_progress")


def test_pictures_are_made_in_parts_as_they_are_written(
    controller: SelectionFilesController,
    jobs: "JobsStandIn",
    decoder: "DecoderStandIn",
    points: "EncodedItems",
    said: list[str],
) -> None:
    controller.export_pictures(Path("/tmp/pictures"))
    (job,) = jobs.functions(PicturesJob)
    first = decoder.last("picture_items")[0].indices
    decoder.items_pictured.emit(_part(points, first))
    assert len(decoder.given("picture_items")) == 1
    assert job.parts.get_nowait().indices is first
    jobs.made[-1].progressed.emit(0.1, "writing pictures")
    second = decoder.last("picture_items")[0].indices
    assert np.concatenate((first, second)).tolist() == list(range(700))
    _end(jobs, Outcome(Path("/tmp/pictures")))
    assert said == ["The selection is written to /tmp/pictures."]


def test_only_one_export_at_a_time(
    controller: SelectionFilesController, selecting: "SelectionStandIn", jobs: "JobsStandIn", files: "FilesStandIn"
) -> None:
    controller.export_pictures(Path("/tmp/pictures"))
    selecting.table_requested.emit()
    assert "being written already" in selecting.last("show_problem")[0]
    assert files.given("ask_new_file") == []
    selecting.export_cancelled.emit()
    assert jobs.made[-1].cancelled == 1
    _end(jobs, Outcome(error="Stopped before the end, as asked.", cancelled=True))
    assert selecting.last("show_problem") == ("",)
    selecting.table_requested.emit()
    assert files.given("ask_new_file")


def test_other_points_or_a_failing_decoder_end_the_export_with_a_sentence(
    controller: SelectionFilesController,
    selecting: "SelectionStandIn",
    decoder: "DecoderStandIn",
    jobs: "JobsStandIn",
    planner: Planner,
    points: "EncodedItems",
    said: list[str],
    store: SessionStore,
) -> None:
    controller.export_pictures(Path("/tmp/pictures"))
    decoder.export_failed.emit("The model could not be run: it broke.")
    _end(jobs, Outcome(cancelled=True))
    controller.export_pictures(Path("/tmp/pictures"))
    store.update(code=(1.0, 1.0))
    assert jobs.made[-1].cancelled == 0
    opened = planner.opened
    assert opened is not None
    planner.set_opened(replace(opened, encoded=replace(points)))
    assert jobs.made[-1].cancelled == 1
    _end(jobs, Outcome(cancelled=True))
    assert said[0] == "The model could not be run: it broke."
    assert said[1].startswith("The points were replaced")
    assert selecting.last("show_problem") == (said[1],)


def test_without_a_selection_nothing_is_asked(
    latent_map: "MapStandIn", selecting: "SelectionStandIn", files: "FilesStandIn"
) -> None:
    latent_map.selection_cleared.emit()
    selecting.pictures_requested.emit()
    assert files.given("ask_folder") == []
    assert selecting.last("show_problem")[0].startswith("Nothing is selected")
