"""Options that say what is done to items before a model sees them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from trainers.cli.opened_model import OpenedModel
from trainers.errors import UsageError

CorruptionOption = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        help="What is done to the items first: trained (what the model restores), gaussian_noise, salt_and_pepper, "
        "missing_rectangle, down_scaling, gaussian_blur or mix.",
        show_default=False,
    ),
]
StrengthOption = Annotated[
    float | None,
    typer.Option(help="How strong the corruption is, in the unit of its kind; as trained, or usual, by default."),
]
CorruptionSeedOption = Annotated[
    int, typer.Option(min=0, max=2**63 - 1, help="Seed of the corruption's noise and places.")
]
MaskOption = Annotated[
    Path | None,
    typer.Option(help="Instead, a picture whose black pixels are painted over in every item.", show_default=False),
]


def corrupted_by(
    opened: OpenedModel, kind: str | None, strength: float | None, seed: int, mask: Path | None
) -> dict[str, Any]:
    """What a recipe of reconstructions says of a corruption; raises `UsageError` for what makes no sense."""
    if kind is not None and mask is not None:
        raise UsageError("Items have either a --corruption or a --mask; leave one of them out.")
    if strength is not None and kind is None:
        raise UsageError("--strength is for --corruption; say that too, or leave it out.")
    if mask is not None:
        return {"mask": _mask(mask, opened.header.data.shape)}
    if kind is None:
        return {}
    return {"corruption": _corruption(opened, kind, strength), "corruption_seed": seed}


def _corruption(opened: OpenedModel, kind: str, strength: float | None) -> object:
    from trainers.data.corruption import STRENGTHS, Corruption
    from trainers.models.latent_model import Restorer

    trained = opened.model.corruption if isinstance(opened.model, Restorer) else None
    if kind == "trained":
        if trained is None:
            raise UsageError(f"{opened.title} was not trained to restore anything; name a corruption instead.")
        kind = trained.kind
    settings = (trained or Corruption()).model_dump() | {"kind": kind}
    if strength is not None:
        if kind not in STRENGTHS:
            raise UsageError(f"The corruption {kind} has no one strength; leave --strength out.")
        settings[STRENGTHS[kind]] = strength
    return Corruption.from_values(settings)


def _mask(path: Path, shape: tuple[int, ...]) -> str:
    from trainers.data.image_decoding import UnusableImageError
    from trainers.data.picture_fitting import fit_picture, packed_picture

    if not path.is_file():
        raise UsageError(f"There is no file {path}; give a picture whose black pixels are missing.")
    try:
        return packed_picture(fit_picture(lambda: path.open("rb"), (1, *shape[-2:])).pixels)
    except UnusableImageError as error:
        raise UsageError(f"{path} {error}; give another picture.") from error
