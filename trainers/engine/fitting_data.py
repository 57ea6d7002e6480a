"""Whether a dataset fits a model, and parts of a dataset."""

from dataclasses import replace

from torch import Tensor

from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError
from trainers.models.condition_spec import require_numbers
from trainers.models.latent_model import LatentModel


def require_fitting_data(model: LatentModel, dataset: ImageDataset) -> None:
    """Raise `UsageError` for items of another shape than the model's, or without the conditions it was trained with."""
    if model.data_spec.shape != dataset.spec.shape:
        wanted, given = (" × ".join(map(str, spec.shape)) for spec in (model.data_spec, dataset.spec))
        raise UsageError(
            f"The model was trained on items of {wanted}, and those of {dataset.spec.name} are {given}; "
            "choose data of the same shape."
        )
    spec = model.condition_spec
    if spec.kind == "classes":
        _require_names("classes", spec.names, dataset.spec.class_names, dataset)
    elif spec.kind == "attributes":
        _require_names("attributes", spec.names, dataset.spec.attribute_names, dataset)
    require_known_conditions(model, dataset)


def require_known_conditions(model: LatentModel, dataset: ImageDataset) -> None:
    """Raise `UsageError` for a model that is told attributes of which items of a split have no number."""
    if model.condition_spec.kind == "attributes" and dataset.attributes is not None:
        require_numbers(model.condition_spec.names, dataset.attributes)


def first_items(dataset: ImageDataset, limit: int | None) -> ImageDataset:
    """The first `limit` items of a split, or the split itself."""
    return dataset if limit is None or limit >= len(dataset) else part_of(dataset, slice(limit))


def part_of(dataset: ImageDataset, places: Tensor | slice) -> ImageDataset:
    """Some items of a split with all that belongs to them."""
    labels, attributes = dataset.labels, dataset.attributes
    return replace(
        dataset,
        images=dataset.images[places],
        labels=None if labels is None else labels[places],
        attributes=None if attributes is None else attributes[places],
    )


def _require_names(what: str, wanted: tuple[str, ...], given: tuple[str, ...], dataset: ImageDataset) -> None:
    if wanted == given:
        return
    has = f"has {_some(given)}" if given else "has none"
    raise UsageError(
        f"The model is told the {what} {_some(wanted)} of its items, and {dataset.spec.name} {has}; "
        f"choose data with the same {what}."
    )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) <= 12 else f"{', '.join(names[:10])}, … ({len(names)} in all)"
