"""Everything a session remembers, as frozen values: what is open, where the person is, what is shown."""

from dataclasses import dataclass, field
from typing import Literal

from explorer.state.item_groups import SelectionChoice
from explorer.state.metric_values import MetricsChoice
from explorer.state.own_picture import OwnPicture
from explorer.state.path_values import PathChoice
from explorer.state.reconstruction_choices import ReconstructionsChoice
from explorer.state.slider_choices import SlidersChoice

PlaneKind = Literal["dimensions", "principal", "images", "attributes", "residual", "neighbours", "umap"]
Spacing = Literal["even", "probability"]
ItemsChoice = Literal["test", "train", "all"]
ColourKind = Literal["class", "none", "attribute", "error", "likelihood"]
Link = Literal["code", "picture"]
# Maps of neighbours: places without axes.
NEIGHBOUR_KINDS: tuple[PlaneKind, ...] = ("neighbours", "umap")


@dataclass(frozen=True)
class DirectionChoice:
    """A direction through the encoded data, from the mean of one class to that of another or along an attribute.

    Classes and after them attributes are counted from 0. start: -1 for all other items; of no meaning where `end` is
    an attribute, whose direction leads from low to high. start_group, end_group: names of groups in the place of
    classes; empty where there is none.
    """

    start: int = -1
    end: int = 0
    start_group: str = ""
    end_group: str = ""


@dataclass(frozen=True)
class PlaneChoice:
    """Which plane through the latent space the map shows; `first` and `second` count dimensions from 0.

    `dimensions` is spanned by two dimensions through the current point, `principal` by the first two
    principal directions of the encoded data, `images` goes through the codes of three images, `attributes` is
    spanned by the directions `across` and `upwards`, `residual` by `across` and what varies most beside it;
    `neighbours` and `umap` are no planes but t-SNE and UMAP of the encoded data.

    corners: codes of the images A, B and C, empty for one that is not chosen yet.
    before: what is shown until there is enough for `kind`.
    points: how many of the encoded data have a place on a map of neighbours, at most.
    """

    kind: PlaneKind = "dimensions"
    first: int = 0
    second: int = 1
    corners: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]] = ((), (), ())
    before: Literal["dimensions", "principal"] = "dimensions"
    across: DirectionChoice = field(default_factory=DirectionChoice)
    upwards: DirectionChoice = field(default_factory=lambda: DirectionChoice(end=1))
    points: int = 5_000


@dataclass(frozen=True)
class MapChoice:
    """How the map is drawn; `view` is (left, bottom, right, top) in plane coordinates, None for the whole map.

    colour_attribute: the column of the attribute table that `colour_by` means where it is "attribute".
    hidden_classes: names of the classes whose points are not drawn.
    items: which items of the data the points are, those for testing, for training, or both.
    """

    plane: PlaneChoice = field(default_factory=PlaneChoice)
    spacing: Spacing = "even"
    tiles_shown: bool = True
    points_shown: bool = True
    colour_by: ColourKind = "class"
    view: tuple[float, float, float, float] | None = None
    colour_attribute: str = ""
    hidden_classes: tuple[str, ...] = ()
    contours_shown: bool = False
    items: ItemsChoice = "test"


@dataclass(frozen=True)
class SamplesChoice:
    """What the samples panel draws; the same seed gives the same noise at every temperature.

    temperatures: one per level of a hierarchy from level 0 upwards; a single one holds for all levels.
    condition: every class in turn (attributes in their middle), or the current condition for all samples.
    rising: columns at a tenth, two tenths, … of the temperatures, with the same noise in every column.
    nearest: whether the nearest training item stands below each sample.
    """

    count: int = 64
    seed: int = 0
    temperatures: tuple[float, ...] = (1.0,)
    condition: Literal["each", "current"] = "each"
    rising: bool = False
    nearest: bool = False


@dataclass(frozen=True)
class ComparisonChoice:
    """A second model, B, beside the open one, A.

    model: its path, empty before one is chosen. shown: whether the two are compared.
    link: both decode the same "code", where their codes are alike, or stand at the same "picture".
    code, condition: where B stands while nothing links it to A. map: what B's map shows where it cannot be what A's
    shows. sliders: those of B where its codes are not like those of A.
    """

    model: str = ""
    shown: bool = False
    link: Link = "code"
    code: tuple[float, ...] = ()
    condition: tuple[float, ...] = ()
    map: MapChoice = field(default_factory=MapChoice)
    sliders: SlidersChoice = field(default_factory=SlidersChoice)


@dataclass(frozen=True)
class SessionState:
    """One state of a session.

    model: path of the open checkpoint or run, or empty.
    snapshot: steps of the snapshot of the model's run that is shown; None for the newest of a run, or for the very
    checkpoint that `model` names.
    code: the current point in the latent space, as many numbers as the model has; empty without a model.
    condition: what the model is told beside the code; empty for what is usual for it.
    selection: which items are selected, and named groups of them. sliders: locks, and what their pages show.
    path: the way from key point to key point.
    own_picture: a picture that the person brought, None without one. comparison: the model beside the open one.
    metrics: what is compared of which runs.
    smooth_pictures: draw enlarged pictures interpolated instead of crisp.
    """

    model: str = ""
    code: tuple[float, ...] = ()
    condition: tuple[float, ...] = ()
    map: MapChoice = field(default_factory=MapChoice)
    samples: SamplesChoice = field(default_factory=SamplesChoice)
    reconstructions: ReconstructionsChoice = field(default_factory=ReconstructionsChoice)
    selection: SelectionChoice = field(default_factory=SelectionChoice)
    path: PathChoice = field(default_factory=PathChoice)
    sliders: SlidersChoice = field(default_factory=SlidersChoice)
    own_picture: OwnPicture | None = None
    comparison: ComparisonChoice = field(default_factory=ComparisonChoice)
    smooth_pictures: bool = False
    snapshot: int | None = None
    metrics: MetricsChoice = field(default_factory=MetricsChoice)
