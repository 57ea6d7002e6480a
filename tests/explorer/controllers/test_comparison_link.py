"""Two sides that follow each other, with decoders that answer when the test lets them."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.controllers.comparison_link import ComparisonLink, Side
from explorer.controllers.plan import Code
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedPicture
from explorer.services.matching import Matched, MatchWish
from explorer.state.own_picture import OwnPicture
from explorer.state.session_state import ComparisonChoice, Link, MapChoice, PlaneChoice, SessionState
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.conftest import Encode, Open
from tests.explorer.controllers.stand_ins import DecoderStandIn
from trainers.data.picture_fitting import packed_picture

PIXELS = np.zeros((8, 8, 1), np.uint8)


class Pair:
    """A and B with stand-ins for what decodes them, and what links them."""

    def __init__(self, opened: Open, link: Link = "code", size: int = 2, **second: object) -> None:
        choice = ComparisonChoice("/runs/b", shown=True, link=link)
        stores = SessionStore(SessionState("/runs/a", (0.0, 0.0), comparison=choice)), SessionStore()
        self.decoders = DecoderStandIn(), DecoderStandIn()
        self.sides = [Side(store, Planner(store), made) for store, made in zip(stores, self.decoders, strict=True)]  # type: ignore[arg-type]
        self.link = ComparisonLink(self.sides[0], self.sides[1])
        self.first, self.second = stores
        self.sides[0].planner.set_opened(opened())
        self.sides[1].planner.set_opened(opened(size, path="/runs/b", **second))
        self.link.agree()

    def decode(self, side: int, code: Code, level: float = 0.5) -> None:
        values = np.full((1, 8, 8), level, np.float32)
        self.decoders[side].picture_decoded.emit(DecodedPicture(code, PIXELS, 1.0, (), values))

    def wishes(self, side: int) -> list[MatchWish]:
        return [wish for (wish,) in self.decoders[side].given("match")]

    def match(self, side: int, code: Code, complete: bool = True) -> None:
        values = np.full((1, 8, 8), 0.25, np.float32)
        wish = self.wishes(side)[-1]
        self.decoders[side].matched.emit(Matched(wish, code, (), PIXELS, values, "by its encoder", complete))


def test_with_the_same_code_each_is_decoded_by_its_own_model(opened: Open) -> None:
    pair = Pair(opened)
    pair.first.update(code=(1.0, 2.0))
    assert pair.second.state.code == (1.0, 2.0)
    assert pair.decoders[1].last("decode")[0] == (1.0, 2.0)
    pair.decode(0, (1.0, 2.0), 0.5)
    pair.decode(1, (1.0, 2.0), 0.75)
    one, other = pair.link.pictures
    assert one is not None
    assert other is not None
    assert (one.values is None, other.values is None) == (False, False)
    assert float(other.values.mean()) == 0.75  # type: ignore[union-attr]
    assert pair.wishes(1) == []


def test_with_the_same_code_a_step_in_b_is_one_in_a(opened: Open) -> None:
    pair = Pair(opened)
    pair.second.update(code=(3.0, -1.0))
    assert pair.first.state.code == (3.0, -1.0)
    pair.first.undo()
    assert pair.first.state.code == (0.0, 0.0)
    assert pair.second.state.code == (0.0, 0.0)


def test_at_the_same_picture_b_encodes_what_a_decodes(opened: Open) -> None:
    pair = Pair(opened, "picture", size=5)
    pair.first.update(code=(1.0, 2.0))
    assert pair.wishes(1) == [], "A has not decoded it yet"
    pair.decode(0, (1.0, 2.0), 0.25)
    np.testing.assert_array_equal(pair.wishes(1)[-1].values, np.full((1, 8, 8), 0.25, np.float32))
    pair.match(1, (1.0, 2.0, 3.0, 4.0, 5.0))
    assert pair.second.state.code == (1.0, 2.0, 3.0, 4.0, 5.0)
    assert pair.first.state.code == (1.0, 2.0), "A stays where the person put it"
    assert "B stands at what A decodes: code by its encoder" in pair.link.means
    assert len(pair.decoders[1].given("decode")) == 0, "what was matched is decoded already"


def test_at_a_known_item_b_encodes_the_item_itself(opened: Open, encoded: Encode) -> None:
    pair = Pair(opened, "picture", size=5)
    pixels = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    own = OwnPicture("mine.png", packed_picture(pixels), (1, 8, 8), code=(4.0, 4.0))
    pair.first.update(own_picture=own, code=(4.0, 4.0))
    wish = pair.wishes(1)[-1]
    np.testing.assert_allclose(wish.values, pixels / 255.0, atol=1e-7)
    pair.decode(0, (4.0, 4.0))
    assert pair.wishes(1)[-1] is wish, "what A makes of it is not encoded in its place"
    pair.match(1, (0.0,) * 5)
    assert pair.link.means.startswith("B stands at mine.png")


def test_dragged_in_b_it_is_a_that_encodes(opened: Open) -> None:
    pair = Pair(opened, "picture", size=5)
    pair.decode(0, (0.0, 0.0))
    asked = len(pair.wishes(1))
    pair.second.update(code=(1.0,) * 5)
    assert pair.decoders[1].last("decode")[0] == (1.0,) * 5
    pair.decode(1, (1.0,) * 5, 0.75)
    np.testing.assert_array_equal(pair.wishes(0)[-1].values, np.full((1, 8, 8), 0.75, np.float32))
    pair.match(0, (6.0, 7.0))
    assert pair.first.state.code == (6.0, 7.0)
    assert pair.second.state.code == (1.0,) * 5
    pair.decode(0, (6.0, 7.0))
    assert len(pair.wishes(1)) == asked, "and B does not follow back"
    pair.first.update(code=(2.0, 2.0))
    pair.decode(0, (2.0, 2.0))
    assert len(pair.wishes(1)) == asked + 1, "until the ring of A is moved again"


def test_a_search_waits_for_the_ring_to_rest_and_can_be_cancelled(opened: Open) -> None:
    pair = Pair(opened, "picture", size=5, capabilities=frozenset())
    for step in range(3):
        pair.first.update(code=(float(step), 1.0))
        pair.decode(0, (float(step), 1.0), step / 4)
    assert pair.wishes(1) == []
    pair.link._rest.timeout.emit()
    pair.link._rest.stop()
    (wish,) = pair.wishes(1)
    assert float(wish.values.max()) == 0.5
    pair.decoders[1].match_progressed.emit(0.25, "step 5 of 20")
    said = [pair.link.progress]
    pair.match(1, (1.0,) * 5, complete=False)
    assert pair.second.state.code == (1.0,) * 5
    said.append(pair.link.progress)
    pair.link.cancel_search()
    assert [*said, pair.link.progress] == [(0.25, "step 5 of 20"), (0.25, "step 5 of 20"), None]
    assert "cancelled at the best so far" in pair.link.means


def test_one_gesture_in_b_is_one_step_of_a_however_late_the_answers_come(opened: Open) -> None:
    pair = Pair(opened, "picture", size=5)
    pair.decode(0, (0.0, 0.0))

    def drag(to: float, answers: list[float], late: list[float]) -> None:
        for store in (pair.first, pair.second):
            store.begin_gesture()
        for share in (0.5, 1.0):
            pair.second.update(code=(to * share,) * 5)
        pair.decode(1, (to,) * 5, to / 10)
        for answer in answers:
            pair.match(0, (answer, answer))
        for store in (pair.first, pair.second):
            store.end_gesture()
        for answer in late:
            pair.match(0, (answer, answer))

    drag(1.0, [1.5], [2.0, 2.5])
    drag(5.0, [], [6.0, 7.0])
    assert pair.first.state.code == (7.0, 7.0)
    pair.first.undo()
    assert pair.first.state.code == (2.5, 2.5)
    pair.first.undo()
    assert pair.first.state.code == (0.0, 0.0)


def test_where_no_code_can_be_found_it_is_said_and_b_stays(opened: Open) -> None:
    pair = Pair(opened, "picture", size=5, capabilities=frozenset({"sequential"}))
    pair.decode(0, (0.0, 0.0))
    assert "stays where it is" in pair.link.problem
    assert not pair.link._rest.isActive()


def test_models_that_nothing_links_stand_each_at_their_own(opened: Open) -> None:
    pair = Pair(opened, size=5, image_shape=(1, 28, 28))
    assert pair.link.link is None
    pair.second.update(code=(1.0,) * 5)
    assert pair.first.state.comparison.code == (1.0,) * 5
    assert pair.first.state.code == (0.0, 0.0)
    pair.first.update(code=(3.0, 3.0))
    assert pair.second.state.code == (1.0,) * 5
    pair.first.undo()
    pair.first.undo()
    assert len(pair.second.state.code) == 0, "as before B was moved"


def test_what_a_model_does_as_it_opens_is_no_step_of_a_person(opened: Open) -> None:
    pair = Pair(opened)
    newer = opened(2, generation=2, path="/runs/c")
    pair.sides[1].planner.set_opened(newer, map=MapChoice(PlaneChoice("dimensions", 1, 0)), code=(9.0, 9.0))
    assert pair.first.state.map.plane == PlaneChoice()
    assert pair.first.state.code == (0.0, 0.0)
    pair.link.agree()
    assert pair.second.state.map.plane == PlaneChoice()
    assert pair.second.state.code == (0.0, 0.0)


def test_pushing_one_map_pushes_the_other_and_is_no_step_of_undo(opened: Open) -> None:
    pair = Pair(opened)
    view = (0.0, 0.0, 1.0, 1.0)
    pair.second.update(map=replace(pair.second.state.map, view=view))
    assert pair.first.state.map.view == view
    pair.first.undo()
    assert pair.first.state.map.view == view
    pair.first.update(undoable=False, map=replace(pair.first.state.map, view=None))
    assert pair.second.state.map.view is None


@pytest.mark.parametrize("link", ["code", "picture"])
def test_a_snapshot_of_a_that_trains_is_followed(opened: Open, link: Link) -> None:
    pair = Pair(opened, link)
    pair.decode(0, (0.0, 0.0))
    before = len(pair.wishes(1))
    pair.sides[0].planner.set_opened(opened(2, generation=5))
    pair.decode(0, (0.0, 0.0), 0.75)
    assert len(pair.wishes(1)) - before == (1 if link == "picture" else 0)
    assert pair.second.state.code == ((0.0, 0.0) if link == "code" else ())


def test_what_the_a_before_showed_is_not_encoded_for_the_next(opened: Open) -> None:
    pair = Pair(opened, "picture", size=5)
    pair.decode(0, (0.0, 0.0))
    before = len(pair.wishes(1))
    wider = opened(2, generation=7, opening=2, image_shape=(1, 4, 4))
    pair.sides[1].planner.set_opened(opened(5, generation=3, path="/runs/b", image_shape=(1, 4, 4)))
    pair.sides[0].planner.set_opened(wider)
    pair.link.agree()
    assert len(pair.wishes(1)) == before
    assert pair.link.pictures[0] is None
    values = np.zeros((1, 4, 4), np.float32)
    pair.decoders[0].picture_decoded.emit(DecodedPicture((0.0, 0.0), PIXELS, 1.0, (), values))
    assert len(pair.wishes(1)) == before + 1
