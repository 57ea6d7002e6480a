"""The variational autoencoder that is told the class or the attributes of what it encodes and decodes.

Sources: Sohn, Lee and Yan, Learning Structured Output Representation using Deep Conditional Generative Models, 2015;
Yan et al., Attribute2Image: Conditional Image Generation from Visual Attributes, 2016.
"""

from typing import ClassVar, Literal, Self

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.models.condition_spec import ConditionSpec
from trainers.models.image_model import check_images, image_decoder, image_encoder
from trainers.models.latent_model import MODELS
from trainers.models.vae import Vae, VaeConfig
from trainers.networks.condition_channel import ConditionChannel, with_condition_channel

_Condition = Literal["auto", "classes", "attributes"]


class ConditionalVaeConfig(VaeConfig):
    """Settings of the conditional variational autoencoder."""

    condition: _Condition = Field(
        default="auto",
        description="what the networks are told beside image and code; auto is attributes where the data have them, "
        "else classes",
    )

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings with condition and likelihood decided.

        Raises `UsageError` where the data are no images or have no such condition.
        """
        check_images("conditional_vae", data_spec)
        decided = self.model_copy(update={"condition": _decided(self.condition, data_spec)})
        _condition_spec(decided, data_spec)
        return super(ConditionalVaeConfig, decided).resolved(data_spec)


@MODELS.register("conditional_vae")
class ConditionalVae(Vae):
    """p(x|z, y): a VAE whose encoder and decoder both know the condition, so that codes hold what it leaves open.

    The prior of codes is the same for every condition. The networks see classes one-hot with a mean square of 1, and
    attributes, which come in their own units, scaled to [-1, 1] by their range in the training data; values beyond it
    are allowed.
    """

    config_type: ClassVar[type[ConditionalVaeConfig]] = ConditionalVaeConfig
    config: ConditionalVaeConfig
    _middles: Tensor
    _reaches: Tensor

    def __init__(self, config: ConditionalVaeConfig, data_spec: DataSpec) -> None:
        super().__init__(config, data_spec)
        self.condition_spec = _condition_spec(self.config, data_spec)
        self.condition_channel = ConditionChannel(len(self.condition_spec.names), *data_spec.shape[1:])
        middles, reaches = _middles_and_reaches(self.condition_spec)
        self.register_buffer("_middles", middles, persistent=False)
        self.register_buffer("_reaches", reaches, persistent=False)

    def _networks(self) -> tuple[nn.Sequential, nn.Sequential]:
        config, shape = self.config, self.data_spec.shape
        told = len(_condition_spec(config, self.data_spec).names)
        encoder = image_encoder(config, with_condition_channel(shape), 2 * config.latent_size)
        return encoder, image_decoder(config, shape, told)

    def _encoding_modules(self) -> list[nn.Module]:
        return [self.encoder, self.condition_channel]

    def _encoder_input(self, images: Tensor, condition: Tensor | None) -> Tensor:
        joined: Tensor = self.condition_channel(images, self._scaled(condition, len(images)))
        return joined

    def _decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:
        return torch.cat([codes, self._scaled(condition, len(codes))], dim=1)

    def _scaled(self, condition: Tensor | None, count: int) -> Tensor:
        """Conditions (count, size) as the networks see them; raises `ValueError` for missing or misshapen ones."""
        wanted = (count, *self.condition_spec.shape)
        if condition is None:
            raise ValueError(f"conditional_vae needs a condition of shape {wanted} beside images or codes")
        if condition.shape != wanted:
            raise ValueError(f"the condition has shape {tuple(condition.shape)} and should have {wanted}")
        return (condition - self._middles) / self._reaches


def _decided(condition: _Condition, data_spec: DataSpec) -> _Condition:
    if condition != "auto":
        return condition
    if data_spec.attribute_names:
        return "attributes"
    if data_spec.class_names:
        return "classes"
    raise UsageError(
        f"conditional_vae needs classes or attributes, and {data_spec.name} has neither; choose labelled data, "
        "or train vae."
    )


def _condition_spec(config: ConditionalVaeConfig, data_spec: DataSpec) -> ConditionSpec:
    if config.condition == "attributes":
        return ConditionSpec.of_attributes(data_spec)
    return ConditionSpec.of_classes(data_spec)


def _middles_and_reaches(spec: ConditionSpec) -> tuple[Tensor, Tensor]:
    if spec.kind == "classes":
        # The numbers of a code have a mean square of 1 too; with that of a plain one-hot, 1 in 10 for digits, the
        # decoder learns from the code which class it is, and after two epochs 44 % of samples are of theirs, not 90 %.
        return torch.zeros(len(spec.names)), torch.full((len(spec.names),), len(spec.names) ** -0.5)
    lowest, highest = torch.tensor(spec.minima), torch.tensor(spec.maxima)
    reaches = (highest - lowest) / 2.0
    # An attribute that never varies says nothing, whatever its value is.
    return (lowest + highest) / 2.0, torch.where(reaches > 0.0, reaches, torch.inf)
