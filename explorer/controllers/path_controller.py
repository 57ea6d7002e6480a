"""The path from key point to key point: what it goes through, and what is known of its steps."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers import exportables, path_wording
from explorer.controllers.path_keys import PathKeys, fewest_steps, key_point, path_keys
from explorer.controllers.path_player import PathPlayer
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.services.item_cards import item_title
from explorer.services.opening import Opened
from explorer.services.paths import KeyPictures, PathAsked, PathWork, WalkedPath
from explorer.state.path_values import MOST_KEYS, SLOW_KINDS, KeyPoint, PathChoice, ShownPath, key_letter
from explorer.state.session_store import SessionStore
from explorer.views.paths_panel import PathsPanel

if TYPE_CHECKING:
    from explorer.services.encodings import EncodedItems

_REST_MS = 2_000
_ALIKE = 1e-9
_FEWEST_KEYS = 2


class PathController(QObject):
    """Keeps the panel of paths as the session says, and asks for the path whenever it would be another one.

    walked_changed(): another path is shown, or none. told: a sentence that a key point was added where nobody sees it.
    failed: why one was not. export_wanted, copy_wanted: an `Exportable`, or a sentence why there is no path.
    """

    walked_changed = Signal()
    told = Signal(str)
    failed = Signal(str)
    export_wanted = Signal(object)
    copy_wanted = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        panel: PathsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._planner, self._decoder = store, planner, decoder
        self._panel, self._player = panel, PathPlayer(store, self)
        self._is_seen, self._is_open = False, True
        self._keys = PathKeys((), (), (), None)
        self._pictured: KeyPictures | None = None
        self._walked: WalkedPath | None = None
        self._asked: tuple[PathAsked | None, EncodedItems | None, int] = (None, None, 0)
        self._waited_for = 0
        self._is_awaited = False
        self._stopped: PathAsked | None = None
        self._problem = ""
        self._shown_choice: tuple[PathChoice, int] | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask_now)
        planner.planned.connect(self._apply)
        decoder.path_found.connect(self._take)
        decoder.path_progressed.connect(self._show_progress)
        decoder.path_failed.connect(self._fail)
        self._player.playing_changed.connect(panel.show_playing)
        self._connect_panel()

    @property
    def walked(self) -> WalkedPath | None:
        """The path that is shown."""
        return self._walked

    @property
    def player(self) -> PathPlayer:
        """What lets the ring walk along it."""
        return self._player

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of its key points."""
        return self._keys.letters

    @property
    def is_open(self) -> bool:
        """Whether the panel is open at all, be it behind another one."""
        return self._is_open

    @Slot()
    def add_ring(self) -> None:
        """Let the path go on to where the ring is."""
        plan = self._planner.plan
        if plan.opened is not None:
            self._add(key_point("Ring's place", plan.code, plan.condition, plan.opened))

    @Slot(int)
    def add_item(self, index: int) -> None:
        """Let the path go on to an encoded item; -1 for where the ring is."""
        opened = self._planner.opened
        encoded = opened.encoded if opened is not None else None
        if index < 0 or opened is None or encoded is None:
            self.add_ring()
        elif not (index < len(encoded.codes) and np.isfinite(encoded.codes[index]).all()):
            self.failed.emit("This item has no code, so no path can go through it; choose another one.")
        else:
            code = tuple(encoded.codes[index].tolist())
            self._add(key_point(item_title(encoded, index), code, opened.point_condition(index), opened))

    @Slot(str, object, object)
    def add_code(self, name: str, code: tuple[float, ...], condition: tuple[float, ...]) -> None:
        """Let the path go on to a code of the open model, told a condition."""
        if self._planner.opened is not None:
            self._add(key_point(name, code, condition, self._planner.opened))

    @Slot()
    def remove_all(self) -> None:
        """Take all key points away."""
        self._change(keys=())

    @Slot()
    def play_or_pause(self) -> None:
        """Let the ring walk along the path, or let it stand."""
        if self._walked is None:
            self.failed.emit(self._why_no_path())
        self._play(not self._player.is_playing)

    @Slot(bool)
    def set_on_map(self, shown: bool) -> None:
        """Draw the path on the map, or do not."""
        self._change(on_map=shown)

    @Slot()
    def export(self) -> None:
        """Ask where the path goes."""
        self.export_wanted.emit(exportables.path(self._planner.plan, self._walked) or self._why_no_path())

    @Slot()
    def copy(self) -> None:
        """Copy the pictures of the path."""
        self.copy_wanted.emit(exportables.path(self._planner.plan, self._walked) or self._why_no_path())

    @Slot(bool)
    def set_open(self, is_open: bool) -> None:
        """The panel has been opened or closed."""
        self._is_open = is_open
        self._ask(self._planner.plan)
        self.walked_changed.emit()

    def _why_no_path(self) -> str:
        asked = self._keys.asked
        if asked is None or len(asked.keys) < _FEWEST_KEYS:
            return path_wording.missing_keys(self._keys)[0]
        return "The path is not found yet; wait until the Paths panel shows it."

    def _connect_panel(self) -> None:
        panel = self._panel
        panel.ring_wanted.connect(self.add_ring)
        panel.key_taken.connect(self._take_key)
        panel.key_removed.connect(self._remove)
        panel.key_moved.connect(self._move)
        panel.choice_changed.connect(self._choose)
        panel.step_activated.connect(self._take_step)
        panel.play_toggled.connect(self._play)
        panel.speed_changed.connect(self._player.set_speed)
        panel.copy_requested.connect(self.copy)
        panel.export_requested.connect(self.export)
        panel.search_cancelled.connect(self._cancel)
        panel.note_action.connect(self._act)
        panel.empty_action.connect(self._act)
        panel.seen_changed.connect(self._see)

    def _change(self, **changes: object) -> None:
        choice = self._store.state.path
        undoable = set(changes) != {"on_map"}
        if undoable:
            # A walk is a step of its own.
            self._player.stop()
        self._store.update(undoable=undoable, path=replace(choice, **changes))  # type: ignore[arg-type]

    def _add(self, key: KeyPoint) -> None:
        keys = self._store.state.path.keys
        if len(keys) >= MOST_KEYS:
            self.failed.emit(f"A path goes through at most {MOST_KEYS} key points; remove one first.")
            return
        self._change(keys=(*keys, key))
        if not self._is_seen:
            self.told.emit(f"{key.name} is key point {key_letter(len(keys))} of the path.")

    @Slot(int)
    def _take_key(self, place: int) -> None:
        if place in self._keys.places:
            key = self._keys.keys[place]
            self._store.update(code=key.code, condition=key.condition)

    @Slot(int)
    def _remove(self, place: int) -> None:
        keys = self._store.state.path.keys
        if 0 <= place < len(keys):
            self._change(keys=(*keys[:place], *keys[place + 1 :]))

    @Slot(int, int)
    def _move(self, place: int, to: int) -> None:
        keys = list(self._store.state.path.keys)
        if 0 <= place < len(keys) and 0 <= to < len(keys):
            keys.insert(to, keys.pop(place))
            self._change(keys=tuple(keys))

    @Slot(object)
    def _choose(self, choice: PathChoice) -> None:
        changes = {"kind": choice.kind, "steps": choice.steps, "closed": choice.closed, "on_map": choice.on_map}
        now = vars(self._store.state.path)
        self._change(**{name: value for name, value in changes.items() if now[name] != value})

    @Slot(int)
    def _take_step(self, place: int) -> None:
        walked = self._walked
        if walked is not None and 0 <= place < len(walked.codes):
            code, told = walked.codes[place].tolist(), walked.conditions[place].tolist()
            self._store.update(code=tuple(code), condition=tuple(told))

    @Slot(bool)
    def _play(self, is_wanted: bool) -> None:
        walked = self._walked
        if is_wanted and walked is not None:
            self._player.play(walked, step_of(walked, self._planner.plan.code))
        else:
            self._player.stop()
            self._panel.show_playing(False)

    @Slot(bool)
    def _see(self, is_seen: bool) -> None:
        self._is_seen = is_seen
        self._ask(self._planner.plan)

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        choice, is_other = self._store.state.path, old.opened is None or old.opened.opening != new.opened.opening
        if is_other:
            self._pictured, self._stopped = None, None
            self._say_instead("The path appears here when it is found.")
        keys = path_keys(choice, new.opened)
        if keys != self._keys or is_other:
            self._keys = keys
            self._panel.show_keys(keys.shown(self._pictured))
        fewest = fewest_steps(len(keys.places), choice.closed)
        if (choice, fewest) != self._shown_choice:
            self._shown_choice = (choice, fewest)
            self._panel.show_choice(replace(choice, steps=max(choice.steps, fewest)), fewest)
        self._ask(new)
        if new.code != old.code and self._walked is not None:
            self._panel.mark_step(step_of(self._walked, new.code))

    def _ask(self, plan: Plan) -> None:
        """Ask for what the panel is to show, unless that is asked for already."""
        asked, opened = self._keys.asked, plan.opened
        if opened is None or not self._is_open:
            return
        if asked is None or len(asked.keys) < _FEWEST_KEYS:
            self._say_instead(*path_wording.missing_keys(self._keys))
        wanted = (asked, path_wording.countable(opened), opened.facts.generation)
        if asked is None or wanted == self._asked or asked == self._stopped:
            return
        if len(asked.keys) >= _FEWEST_KEYS and asked.kind in SLOW_KINDS and not self._is_time(asked, opened):
            return
        self._ask_now()

    def _is_time(self, asked: PathAsked, opened: Opened) -> bool:
        """Whether to search for what takes long: with all it needs, seen, and not at every snapshot of a run."""
        problem = path_wording.missing_items(asked, opened)
        if problem:
            self._say_instead(problem, path_wording.LINEAR)
        elif self._is_seen and self._asked[0] == asked and self._asked[2] != opened.facts.generation:
            if self._waited_for != opened.facts.generation:
                self._waited_for = opened.facts.generation
                self._rest.start()
                self._panel.show_note(path_wording.EARLIER)
        else:
            return self._is_seen
        return False

    @Slot()
    def _ask_now(self) -> None:
        opened, asked = self._planner.opened, self._keys.asked
        if opened is None or asked is None:
            return
        self._rest.stop()
        encoded, generation = path_wording.countable(opened), opened.facts.generation
        is_of_model, is_path = self._asked[2] == generation, len(asked.keys) >= _FEWEST_KEYS
        walked = self._walked if is_of_model and self._walked is not None and self._walked.asked == asked else None
        if asked.kind == "neighbours" and encoded is not self._asked[1]:
            walked = None
        pictured = self._pictured if is_of_model else None
        self._asked, self._is_awaited, self._stopped = (asked, encoded, generation), is_path, None
        if is_path:
            self._problem = ""
        self._decoder.find_path(PathWork(asked, encoded, pictured, walked))

    def _say_instead(self, text: str, button: str = "") -> None:
        """Show a sentence in the place of the path, which is forgotten."""
        if text != self._problem:
            self._forget()
            self._problem = text
            self._panel.show_empty(text, button)

    def _forget(self) -> None:
        self._player.stop()
        self._rest.stop()
        self._asked, self._is_awaited, self._waited_for = (None, None, 0), False, 0
        self._panel.end_progress()
        if self._walked is not None:
            self._walked = None
            self.walked_changed.emit()

    @Slot(object)
    def _take(self, found: KeyPictures | WalkedPath) -> None:
        if isinstance(found, KeyPictures):
            if self._keys.asked is not None and found.keys == self._keys.asked.keys:
                self._pictured = found
                self._panel.show_keys(self._keys.shown(found))
            return
        opened = self._planner.opened
        if found.asked != self._asked[0] or found.asked != self._keys.asked or opened is None:
            return
        if self._player.is_playing and self._walked is not None and self._walked.asked != found.asked:
            self._player.stop()
        self._walked = found
        self._is_awaited = self._asked[1] is not None and found.support is None
        self._panel.end_progress()
        shape = opened.facts.image_shape
        letters = path_wording.step_letters(found, self._keys.letters)
        unit, near = path_wording.length_unit(shape), path_wording.support_unit(found)
        self._panel.show_path(ShownPath(found.pictures, found.lengths, found.support, letters, unit, near))
        self._panel.mark_step(step_of(found, self._planner.plan.code))
        self._panel.show_note(path_wording.summary(found, opened))
        self.walked_changed.emit()

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        if self._is_awaited:
            self._panel.show_progress(share, what)

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        if self._keys.asked is None or self._asked[0] != self._keys.asked:
            return
        asked = self._asked
        self._say_instead(sentence, "" if self._keys.asked.kind == "linear" else path_wording.LINEAR)
        self._asked = asked

    @Slot()
    def _cancel(self) -> None:
        self._decoder.cancel_path()
        self._stopped, self._is_awaited = self._keys.asked, False
        self._panel.end_progress()
        if self._walked is None:
            self._say_instead(path_wording.GIVEN_UP, path_wording.AGAIN)
        else:
            self._panel.show_note(f"{path_wording.GIVEN_UP} This is the path before.", path_wording.AGAIN)

    @Slot()
    def _act(self) -> None:
        asked = self._keys.asked
        if asked is None or len(asked.keys) < _FEWEST_KEYS:
            self.add_ring()
        elif self._stopped == asked:
            self._asked = (None, None, 0)
            self._ask_now()
        else:
            self._change(kind="linear")


def step_of(walked: WalkedPath, code: tuple[float, ...]) -> int:
    """Which step has a code, -1 for none."""
    if walked.codes.shape[1] != len(code):
        return -1
    far = np.abs(walked.codes - np.array(code)).max(axis=1)
    place = int(far.argmin())
    return place if far[place] <= _ALIKE else -1
