"""Films of the history: what is shown at each snapshot, and why there is none."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from explorer.controllers.history_films import HistoryFilms
from explorer.services.exports import Exportable, codes_recipe
from explorer.state.export_values import ExportOffer, ExportOptions
from explorer.state.history_values import RunSnapshots, SnapshotMark
from tests.explorer.controllers.stand_ins import HistoryStandIn
from trainers.export.recipes import HistoryRecipe, Recipe

RUN = RunSnapshots("/runs/a", tuple(SnapshotMark(step, step / 10) for step in (0, 10, 20, 30)))


def thing(*, scripted: bool = True) -> Exportable:
    def recipe(options: ExportOptions) -> Recipe:
        return codes_recipe(np.zeros((12, 2)), (), options)

    offer = ExportOffer("Export", "/a.png", 12, 8, 9, ExportOptions(scale=3, columns=4), has_columns=True)
    return Exportable("samples", offer, recipe if scripted else None, lambda _scale: np.zeros((4, 4, 1), np.uint8))


class Films:
    """The controller with what it asks, and what it said."""

    def __init__(self) -> None:
        self.panel = HistoryStandIn()
        self.shown: dict[str, Exportable | None] = dict.fromkeys(("samples", "reconstructions", "map"), thing())
        self.history: Any = SimpleNamespace(history=RUN)
        self.panel.film_kind = "samples"  # type: ignore[attr-defined]
        export: Any = SimpleNamespace(samples_shown=lambda: self.shown["samples"], map_shown=lambda: self.shown["map"])
        reconstructions: Any = SimpleNamespace(shown=lambda: self.shown["reconstructions"])
        panel: Any = self.panel
        history: Any = self.history
        self.controller = HistoryFilms(history, export, reconstructions, panel)
        self.wanted: list[Exportable] = []
        self.failed: list[str] = []
        self.controller.export_wanted.connect(self.wanted.append)
        self.controller.failed.connect(self.failed.append)

    def ask(self, kind: str) -> None:
        self.panel.film_kind = kind  # type: ignore[attr-defined]
        self.panel.export_requested.emit()


@pytest.fixture
def films() -> Films:
    return Films()


def test_a_film_shows_what_is_shown_at_every_snapshot(films: Films) -> None:
    films.ask("samples")
    (offered,) = films.wanted
    offer = offered.offer
    assert (offer.has_film, offer.count, offer.options.there_and_back) == (True, 4, False)
    # Twelve pictures of 8 × 9 in four columns, and the gaps between them.
    assert (offer.height, offer.width, offer.gaps) == (24, 36, (2, 3))
    assert offered.recipe is not None
    recipe = offered.recipe(ExportOptions(scale=2, columns=7, background="transparent"))
    assert isinstance(recipe, HistoryRecipe)
    assert recipe.steps == (0, 10, 20, 30)
    assert (recipe.columns, recipe.background) == (7, "transparent")
    assert (recipe.frame.columns, recipe.frame.scale, recipe.frame.background) == (4, 2, "white")


def test_what_cannot_be_shown_is_a_sentence(films: Films) -> None:
    films.shown = {"samples": None, "reconstructions": thing(scripted=False), "map": thing(scripted=False)}
    for kind in films.shown:
        films.ask(kind)
    films.history.history = RunSnapshots()
    films.ask("samples")
    assert films.wanted == []
    said = ("wait until they are drawn", "test or training items", "under Plane", "open a run folder")
    assert all(part in sentence for part, sentence in zip(said, films.failed, strict=True))
