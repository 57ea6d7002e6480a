"""What the window is to show, as a pure function of the session and of what is open."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from explorer.services.colour_options import fitting_colour
from explorer.services.opening import Opened
from explorer.services.planes import MapPlane, map_plane
from explorer.services.point_values import MeasuredItems, level_name
from explorer.services.tiles import Rectangle
from explorer.state.condition_facts import Condition
from explorer.state.map_values import MapView
from explorer.state.model_facts import BlockFacts, ModelFacts
from explorer.state.point_colour import PointColour
from explorer.state.session_state import PlaneChoice, SamplesChoice, SessionState

_MOST_SAMPLES = 1024
_HIGHEST_TEMPERATURE = 10.0
# No model has codes beyond this, and no map is worth seeing below that.
_LARGEST = 1e6
_LEAST_EXTENT = 1e-9

Code = tuple[float, ...]


@dataclass(frozen=True)
class Plan:
    """Everything that is to be on the screen; parts that compare equal need no work.

    opened: None while nothing is open, and then so is all the rest.
    code: the current point, as long as the model wants it.
    condition: what the model is told beside it, in full; empty for a model that is told nothing.
    colour: what the colours of the points mean. measured: the numbers behind it, as soon as there are any.
    hidden_classes: those whose points are not drawn. locked: dimensions that keep their numbers.
    contours, picture, tiles, samples, reconstructions, sweep: keys of what is to be computed.
    view: the part of the plane to be seen, None for all of it.
    """

    opened: Opened | None = None
    code: Code = ()
    condition: Condition = ()
    plane: MapPlane | None = None
    ring: tuple[float, float] | None = None
    view: Rectangle | None = None
    colour: PointColour = field(default_factory=PointColour)
    measured: MeasuredItems | None = None
    hidden_classes: frozenset[str] = frozenset()
    locked: frozenset[int] = frozenset()
    contours: Hashable = None
    picture: Hashable = None
    tiles: Hashable = None
    samples: Hashable = None
    reconstructions: Hashable = None
    sweep: Hashable = None

    @property
    def told(self) -> Condition:
        """What the decoder is told; empty where pictures do not depend on it."""
        return self.plane.condition if self.plane is not None else ()

    def held(self, code: Code) -> Code:
        """Another code with the numbers that the current point has in locked dimensions."""
        if not self.locked or len(code) != len(self.code):
            return code
        return tuple(self.code[place] if place in self.locked else value for place, value in enumerate(code))


def session_plan(state: SessionState, opened: Opened | None, seen: MapView | None) -> Plan:
    """The plan for a state; `seen` is the part of the plane that the map says it shows."""
    if opened is None:
        return Plan()
    facts = opened.facts
    code = fitting_code(state.code, opened)
    condition = facts.condition.fitting(state.condition)
    told = condition if facts.condition.decodes else ()
    plane = map_plane(state.map, code, facts, opened.encoded, told, opened.found)
    model = facts.generation
    samples = fitting_samples(state.samples, facts)
    colour = fitting_colour(PointColour(state.map.colour_by, state.map.colour_attribute), opened)
    hidden = _hidden(frozenset(state.map.hidden_classes), colour, opened)
    return Plan(
        opened=opened,
        code=code,
        condition=condition,
        plane=plane,
        ring=plane.position(code),
        view=fitting_view(state.map.view),
        colour=colour,
        measured=opened.measured_by(colour),
        hidden_classes=hidden,
        locked=lockable(facts) & frozenset(state.sliders.locked),
        contours=(model, opened.encoded, plane.choice, plane.bounds, hidden) if state.map.contours_shown else None,
        picture=(model, code, told),
        tiles=(model, plane.key, seen) if state.map.tiles_shown and seen is not None else None,
        samples=(model, replace(samples, nearest=False), condition if samples.condition == "current" else ()),
        reconstructions=_reconstructions_key(state, opened),
        sweep=(model, code, told) if told and facts.condition.can_be_set else None,
    )


def fitting_code(code: Code, opened: Opened) -> Code:
    """The code if the model could decode it, else where its point stands first."""
    facts = opened.facts
    if _is_possible(code, facts):
        return code
    return facts.start if _is_possible(facts.start, facts) else resting_code(facts)


def resting_code(facts: ModelFacts) -> Code:
    """The mean of the prior, with the first category of every block of categories, which have no middle."""
    code = list(facts.means)
    for block in facts.blocks:
        if block.prior == "categorical":
            code[block.start : block.start + block.size] = [1.0, *(0.0,) * (block.size - 1)]
    return tuple(code)


def lockable(facts: ModelFacts) -> frozenset[int]:
    """Dimensions that may be locked: all but categories, of which one number alone has no meaning."""
    chosen = (block for block in facts.blocks if block.prior == "categorical")
    return frozenset(range(facts.latent_size)) - {place for block in chosen for place in _places(block)}


def first_plane(facts: ModelFacts) -> PlaneChoice:
    """The plane of a map that nobody has chosen one for yet.

    One number of a grid is one spot of the picture, often one where nothing ever is, and the first numbers of a
    hierarchy are often idle, so there the data say where to look.
    """
    is_grid = any(len(block.shape) > 1 for block in facts.blocks)
    return PlaneChoice("principal") if is_grid or facts.levels > 1 else PlaneChoice()


def fitting_view(view: Rectangle | None) -> Rectangle | None:
    """The view if a map could show it, else None for the whole map."""
    if view is None or not all(abs(edge) < _LARGEST for edge in view):
        return None
    left, bottom, right, top = view
    return view if min(right - left, top - bottom) > _LEAST_EXTENT else None


def fitting_samples(choice: SamplesChoice, facts: ModelFacts) -> SamplesChoice:
    """The choice within what can be drawn from a model; a session file may hold anything."""
    levels = facts.levels
    given = choice.temperatures if len(choice.temperatures) in (1, levels) else (1.0,)
    temperatures = tuple(min(max(temperature, 0.0), _HIGHEST_TEMPERATURE) for temperature in given)
    return replace(
        choice,
        count=min(max(choice.count, 1), _MOST_SAMPLES),
        seed=abs(choice.seed) % 2**63,
        temperatures=temperatures * levels if len(temperatures) == 1 else temperatures,
        condition=choice.condition if facts.condition.kind != "none" else "each",
    )


def _hidden(names: frozenset[str], colour: PointColour, opened: Opened) -> frozenset[str]:
    # Classes and the numbers of an attribute are hidden each in its own legend.
    if colour.kind == "attribute":
        return frozenset(name for name in names if name.startswith(level_name(colour.attribute, "")))
    classes = opened.encoded.class_names if opened.encoded is not None else opened.facts.class_names
    return names & frozenset(classes) if colour.kind == "class" else frozenset()


def _places(block: BlockFacts) -> range:
    return range(block.start, block.start + block.size)


def _is_possible(code: Code, facts: ModelFacts) -> bool:
    return len(code) == facts.latent_size and all(abs(value) < _LARGEST for value in code)


def _reconstructions_key(state: SessionState, opened: Opened) -> Hashable:
    choice, encoded = state.reconstructions, opened.encoded
    if opened.items is None and (encoded is None or encoded.originals is None):
        return None
    # Only the computing counts, not how its result is shown.
    items = (opened.facts.generation, choice.order, choice.count, choice.corruption, id(opened.items))
    if choice.order in ("first", "random"):
        return *items, choice.seed
    done = (id(encoded), encoded.complete) if encoded is not None else ()
    selection = (state.selection.source, state.selection.members) if choice.order == "selected" else ()
    return items, done, selection
