"""What the window needs to know of an open model, read from the model once."""

from explorer.services.item_pictures import ItemPictures, PointPictures
from explorer.state.condition_facts import ConditionFacts
from explorer.state.model_facts import BlockFacts, BlockPrior, ModelFacts
from explorer.state.wording import attribute_title
from trainers.data.data_spec import data_title
from trainers.engine.checkpoint import CheckpointHeader
from trainers.models.capabilities import capabilities
from trainers.models.condition_spec import ConditionSpec
from trainers.models.latent_model import FittedPrior, LatentModel, Quantizer, Restorer, SequentialDecoder

_LAWS: dict[BlockPrior, str] = {
    "normal": "N(0, 1)",
    "uniform": "even numbers from −1 to 1",
    "ball": "the unit ball",
    "categorical": "categories",
}


def facts_of(
    model: LatentModel,
    header: CheckpointHeader,
    path: str,
    generation: int,
    pictures: ItemPictures,
    start: tuple[float, ...],
) -> ModelFacts:
    """The facts of a model from a checkpoint.

    generation: number under which the window knows it. pictures: how its items are drawn. start: the first code.
    """
    means, deviations = model.prior_moments()
    points = pictures if isinstance(pictures, PointPictures) else None
    return ModelFacts(
        title=f"{header.model} / {data_title(header.data.name)}",
        path=path,
        generation=generation,
        latent_size=model.latent_space.size,
        dimension_names=model.latent_space.dimension_names(),
        means=tuple(means.tolist()),
        deviations=tuple(deviations.tolist()),
        image_shape=header.data.shape,
        class_names=header.data.class_names,
        capabilities=frozenset(capabilities(model)),
        data=header.data.name,
        epoch=header.training.epoch,
        step=header.training.step,
        blocks=_blocks(model),
        levels=model.latent_space.levels,
        condition=_condition_facts(model.condition_spec),
        quantized_blocks=model.quantized_blocks if isinstance(model, Quantizer) else (),
        frame=None if points is None else points.frame,
        ground=None if points is None else points.ground,
        start=start,
        digest=header.digest,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        prior=_prior_text(model),
        corruption=model.corruption.model_dump_json() if isinstance(model, Restorer) else "",
    )


def _blocks(model: LatentModel) -> tuple[BlockFacts, ...]:
    space = model.latent_space
    return tuple(
        BlockFacts(block.name, place.start, block.size, block.prior, block.level, block.shape)
        for block, place in zip(space.blocks, space.slices().values(), strict=True)
    )


def _prior_text(model: LatentModel) -> str:
    if isinstance(model, SequentialDecoder):
        return "pixel by pixel"
    # Each law once, in the order of the blocks.
    laws = dict.fromkeys(block.prior for block in model.latent_space.blocks)
    fitted = "Gaussians fitted to the codes" if isinstance(model, FittedPrior) else "a prior learned over the codes"
    return " and ".join({**_LAWS, "empirical": fitted}[law] for law in laws)


def _condition_facts(spec: ConditionSpec) -> ConditionFacts:
    usual = spec.usual(1)
    told = () if usual is None else tuple(usual.flatten().tolist())
    names = tuple(attribute_title(name) for name in spec.names) if spec.kind == "attributes" else spec.names
    return ConditionFacts(spec.kind, names, spec.minima, spec.maxima, spec.decodes, told)
