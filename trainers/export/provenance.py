"""What an exported file says of itself: which model, which recipe, and what the window showed."""

from typing import Any, Literal

from pydantic import Field, ValidationError

from trainers.config import Config
from trainers.errors import UsageError
from trainers.export.recipes import AnyRecipe, Numbers

KEYWORD = "latent-explorer"
SOFTWARE = "Latent Explorer"


class FilmTiming(Config):
    """How pictures follow each other in a film."""

    frames_per_second: float = Field(default=24.0, ge=0.1, le=120.0, description="pictures shown in a second")
    there_and_back: bool = Field(default=True, description="whether the way is run back again, so that the film loops")


class SecondModel(Config):
    """The model whose picture stands beside that of the first."""

    model: str = Field(description="the model and its data in words")
    digest: str = Field(description="SHA-256 of its checkpoint, hexadecimal")
    code: Numbers = Field(default=(), description="the code of its picture")
    condition: Numbers = Field(default=(), description="what it was told beside the code")


class Provenance(Config):
    """Where a picture or film comes from, kept in the metadata of its file."""

    format: Literal[1] = 1
    model: str = Field(default="", description="the model and its data in words")
    digest: str = Field(default="", description="SHA-256 of the checkpoint, hexadecimal")
    recipe: AnyRecipe | None = Field(
        default=None, description="what makes the same pixels; none for a picture of the window as it was"
    )
    film: FilmTiming | None = Field(default=None, description="how fast a film runs; none for a picture")
    beside: SecondModel | None = Field(default=None, description="the model that was compared with it; none for none")
    state: dict[str, Any] = Field(default={}, description="the session of the window; empty from the command line")

    def text(self) -> str:
        """The provenance as JSON text of plain characters."""
        # Some formats hold nothing but ASCII.
        return self.model_dump_json(ensure_ascii=True)


def parse_provenance(text: str, name: str) -> Provenance:
    """The provenance that a text holds; raises `UsageError`, which names the file."""
    try:
        return Provenance.model_validate_json(text)
    except ValidationError as error:
        raise UsageError(
            f"What {name} says of itself cannot be read; it is damaged or was written by a newer Latent Explorer."
        ) from error
