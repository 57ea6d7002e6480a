"""What is in a picture, in words that make it again: codes, samples or a slice, and how they are laid out."""

from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, TypeAdapter, ValidationError, model_validator

from trainers.config import Config
from trainers.data.corruption import Corruption
from trainers.errors import UsageError
from trainers.latent.plane import Plane, Rectangle

MOST_PICTURES = 100_000
MOST_SNAPSHOTS = 10_000
Numbers = tuple[float, ...]


class Layout(Config):
    """How pictures lie in a sheet."""

    columns: int = Field(default=0, ge=0, le=10_000, description="pictures in a row; 0 for about as many as rows")
    scale: int = Field(default=1, ge=1, le=64, description="screen pixels per pixel of a picture, in both directions")
    gap: int = Field(default=2, ge=0, le=1000, description="screen pixels between pictures")
    background: Literal["white", "black", "transparent"] = Field(default="white", description="what fills the gaps")
    column_titles: tuple[str, ...] = Field(default=(), description="written above the columns, from the left")
    row_titles: tuple[str, ...] = Field(default=(), description="written beside the rows, from the top")


class CodesRecipe(Layout):
    """Pictures decoded from given codes, row by row."""

    kind: Literal["codes"] = "codes"
    codes: tuple[Numbers, ...] = Field(min_length=1, max_length=MOST_PICTURES, description="a code for each picture")
    conditions: tuple[Numbers, ...] = Field(
        default=(), description="what the model is told of each code, one for all, or none for what is usual"
    )
    groups: tuple[Annotated[int, Field(ge=0, le=10_000)], ...] = Field(
        default=(), description="which colour each has where items are points; none for one colour"
    )

    @model_validator(mode="after")
    def _is_a_table(self) -> Self:
        for name, rows in (("codes", self.codes), ("conditions", self.conditions)):
            if len({len(row) for row in rows}) > 1:
                raise ValueError(f"all {name} must be equally long")
        if len(self.conditions) not in (0, 1, len(self.codes)):
            raise ValueError("conditions must be none, one, or one for each code")
        if len(self.groups) not in (0, len(self.codes)):
            raise ValueError("groups must be none, or one for each code")
        return self


class SamplesRecipe(Layout):
    """Samples of the prior."""

    kind: Literal["samples"] = "samples"
    count: int = Field(default=64, ge=1, le=MOST_PICTURES, description="how many")
    seed: int = Field(default=0, ge=0, le=2**63 - 1, description="seed of the noise")
    temperatures: tuple[Annotated[float, Field(ge=0.0, le=1000.0)], ...] = Field(
        default=(1.0,), min_length=1, description="one for all, or one per level from the lowest upwards"
    )
    shares: tuple[Annotated[float, Field(ge=0.0, le=100.0)], ...] = Field(
        default=(),
        max_length=100,
        description="columns at these shares of the temperatures, with the same noise along a row",
    )
    condition: Numbers = Field(default=(), description="for every sample; none for what is usual")
    nearest: bool = Field(default=False, description="whether a row of the nearest training items follows every row")


class SliceRecipe(Layout):
    """Tiles of a plane through the latent space, without gaps."""

    kind: Literal["slice"] = "slice"
    origin: Numbers = Field(min_length=1, description="any code on the plane")
    axes: tuple[Numbers, Numbers] = Field(description="two directions at right angles, of length 1")
    means: tuple[float, float] = Field(default=(0.0, 0.0), description="of the prior along the axes")
    deviations: tuple[float, float] = Field(default=(1.0, 1.0), description="of the prior along the axes")
    spacing: Literal["even", "probability"] = Field(default="even", description="how positions become codes")
    view: Rectangle = Field(description="left, bottom, right and top of what is shown")
    rows: int = Field(default=20, ge=1, le=1000, description="tiles from top to bottom")
    columns: int = Field(default=20, ge=1, le=1000, description="tiles from left to right")
    gap: int = Field(default=0, ge=0, le=1000, description="screen pixels between tiles")
    condition: Numbers = Field(default=(), description="of every tile; none for what is usual")

    @model_validator(mode="after")
    def _lies_in_one_space(self) -> Self:
        if {len(axis) for axis in self.axes} != {len(self.origin)}:
            raise ValueError("both axes must be as long as the origin")
        left, bottom, right, top = self.view
        if not (left < right and bottom < top):
            raise ValueError("the view must have its left before its right and its bottom below its top")
        return self

    def plane(self) -> Plane:
        """The plane the tiles lie on."""
        return Plane(
            origin=np.array(self.origin),
            axes=np.array(self.axes),
            means=np.array(self.means),
            deviations=np.array(self.deviations),
            spacing=self.spacing,
        )


class EditRecipe(Layout):
    """A picture of one's own beside its reconstruction, what it was edited to, and how that differs from it."""

    kind: Literal["edit"] = "edit"
    picture: str = Field(max_length=4_000_000, description="the picture as the model sees it: a PNG file in base 64")
    codes: tuple[Numbers, Numbers] = Field(description="of the picture itself, and of what it was edited to")
    conditions: tuple[Numbers, ...] = Field(
        default=(), description="what the model is told of the two codes, or none for what is usual"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.codes[0]) != len(self.codes[1]):
            raise ValueError("both codes must be equally long")
        if len(self.conditions) not in (0, 2) or len({len(row) for row in self.conditions}) > 1:
            raise ValueError("conditions must be none, or two that are equally long")
        return self


class PairRecipe(Layout):
    """What two models decode beside each other, and how the second picture differs from the first."""

    kind: Literal["pair"] = "pair"
    codes: tuple[Numbers, Numbers] = Field(description="of the first model, and of the second")
    conditions: tuple[Numbers, Numbers] = Field(
        default=((), ()), description="what each is told beside its code; none for what is usual"
    )
    digest: str = Field(
        default="", description="SHA-256 of the second model's checkpoint, hexadecimal; none for whichever is named"
    )
    differences: bool = Field(default=False, description="whether it follows how the two differ")


class ReconstructionsRecipe(Layout):
    """Items of a dataset with their reconstructions, a row of which follows every row of items.

    Where they are corrupted, a row of what the model sees lies between both.
    """

    kind: Literal["reconstructions"] = "reconstructions"
    data: str = Field(default="", description="a dataset, or empty for the one the model learned from")
    split: Literal["train", "test"] = Field(default="test", description="which part of it")
    items: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        min_length=1, max_length=MOST_PICTURES, description="places of the items from 0"
    )
    starts: int = Field(default=4, ge=1, le=256, description="of a search, places that each code is searched from")
    steps: int = Field(default=200, ge=0, le=100_000, description="of a search, steps from every start")
    differences: bool = Field(default=False, description="whether a row follows of how the two differ")
    corruption: Corruption | None = Field(default=None, description="what is done to the items first; none for nothing")
    corruption_seed: int = Field(default=0, ge=0, le=2**63 - 1, description="of its noise and its places")
    mask: str = Field(
        default="",
        max_length=4_000_000,
        description="instead, pixels painted over: a grey PNG file in base 64, black where they are missing",
    )

    @model_validator(mode="after")
    def _is_corrupted_once(self) -> Self:
        if self.corruption is not None and self.mask:
            raise ValueError("items have either a corruption or a mask")
        return self


def _kind_of(values: object) -> object:
    return values.get("kind") if isinstance(values, dict) else getattr(values, "kind", None)


FrameRecipe = CodesRecipe | SamplesRecipe | SliceRecipe | ReconstructionsRecipe


class HistoryRecipe(Layout):
    """The same recipe drawn with every snapshot of a run, a picture for each, with where the run stood above it."""

    kind: Literal["history"] = "history"
    frame: Annotated[
        Annotated[CodesRecipe, Tag("codes")]
        | Annotated[SamplesRecipe, Tag("samples")]
        | Annotated[SliceRecipe, Tag("slice")]
        | Annotated[ReconstructionsRecipe, Tag("reconstructions")],
        Discriminator(
            _kind_of,
            custom_error_type="kind",
            custom_error_message="its kind must be codes, samples, slice or reconstructions",
        ),
    ] = Field(description="what every picture shows")
    steps: tuple[Annotated[int, Field(ge=0, lt=10**15)], ...] = Field(
        min_length=1, max_length=MOST_SNAPSHOTS, description="steps after which the snapshots were taken, in order"
    )
    digests: tuple[str, ...] = Field(
        default=(), description="SHA-256 of each checkpoint, hexadecimal; none for whichever lie there"
    )
    gap: int = Field(default=12, ge=0, le=1000, description="screen pixels between the pictures of a sheet")
    captioned: bool = Field(default=True, description="whether epoch and step stand above each picture")

    @model_validator(mode="after")
    def _can_be_joined(self) -> Self:
        if len(self.digests) not in (0, len(self.steps)):
            raise ValueError("digests must be none, or one for each step")
        if self.frame.background == "transparent":
            raise ValueError("what every picture shows cannot be transparent")
        return self


Recipe = CodesRecipe | SamplesRecipe | SliceRecipe | EditRecipe | PairRecipe | ReconstructionsRecipe | HistoryRecipe
AnyRecipe = Annotated[
    Annotated[CodesRecipe, Tag("codes")]
    | Annotated[SamplesRecipe, Tag("samples")]
    | Annotated[SliceRecipe, Tag("slice")]
    | Annotated[EditRecipe, Tag("edit")]
    | Annotated[PairRecipe, Tag("pair")]
    | Annotated[ReconstructionsRecipe, Tag("reconstructions")]
    | Annotated[HistoryRecipe, Tag("history")],
    Discriminator(
        _kind_of,
        custom_error_type="kind",
        custom_error_message="its kind must be codes, samples, slice, edit, pair, reconstructions or history",
    ),
]
_RECIPES: TypeAdapter[Recipe] = TypeAdapter(AnyRecipe)


def parse_recipe(text: str) -> Recipe:
    """The recipe that a JSON text holds; raises `UsageError`."""
    try:
        return _RECIPES.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        reason = first["msg"].removeprefix("Value error, ")
        named = f" at {place}" if place else ""
        raise UsageError(f"This recipe cannot be used{named}: {reason}; copy it again.") from error


def recipe_text(recipe: Recipe) -> str:
    """A recipe as JSON text in one line, with what is as usual, as that may change."""
    return recipe.model_dump_json()


def numbers_of(codes: NDArray[np.floating]) -> tuple[Numbers, ...]:
    """Rows (count, size) of 32-bit numbers as the shortest numbers that become the same again."""
    rows = np.asarray(codes, np.float32)
    return tuple(tuple(float(str(number)) for number in row) for row in rows)
