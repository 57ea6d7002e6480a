"""What models of images with an encoder and a decoder share: their settings and their networks."""

import math
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.models.latent_model import ModelConfig
from trainers.networks.convolution import convolution_decoder, convolution_encoder
from trainers.networks.layer_style import RECTIFIED, LayerStyle
from trainers.networks.mlp import mlp_decoder, mlp_encoder
from trainers.networks.pixel_bias import PixelBias

Width = Annotated[int, Field(ge=1, le=4096)]

# A pixel that is always black would need an infinite logit.
_RAREST = 1e-3


class ImageModelConfig(ModelConfig):
    """Settings of the networks between images and codes."""

    latent_size: int = Field(default=2, ge=1, le=4096, description="numbers in a code")
    architecture: Literal["convolutional", "mlp"] = Field(
        default="convolutional", description="kind of networks between images and codes"
    )
    channels: tuple[Width, ...] = Field(
        default=(32, 64, 64), min_length=1, max_length=8, description="channels of each convolutional level"
    )
    dense_size: int = Field(default=128, ge=1, le=8192, description="flat layer beside the code, convolutional only")
    hidden_sizes: tuple[Width, ...] = Field(
        default=(400,), max_length=8, description="hidden layers from image to code, fully connected only"
    )


def image_encoder(
    config: ImageModelConfig, shape: tuple[int, ...], outputs: int, style: LayerStyle = RECTIFIED
) -> nn.Sequential:
    """Network from images (batch, *shape) to vectors (batch, outputs)."""
    if config.architecture == "mlp":
        return mlp_encoder(math.prod(shape), config.hidden_sizes, outputs, style)
    return convolution_encoder(shape, config.channels, config.dense_size, outputs, style)


def image_decoder(
    config: ImageModelConfig, shape: tuple[int, ...], told: int = 0, style: LayerStyle = RECTIFIED
) -> nn.Sequential:
    """Network from codes (batch, latent_size) to unbounded pixels (batch, *shape); ends in a `PixelBias`.

    told: how many numbers of a condition follow those of each code.
    """
    inputs = config.latent_size + told
    if config.architecture == "mlp":
        return mlp_decoder(inputs, config.hidden_sizes[::-1], shape, style)
    return convolution_decoder(inputs, config.dense_size, config.channels, shape, style)


def check_images(model: str, data_spec: DataSpec) -> None:
    """Raise `UsageError` where the data are no images."""
    if data_spec.kind != "images":
        raise UsageError(f"{model} models images, but the items of {data_spec.name} are points; choose other data.")


def start_from(decoder: nn.Module, image: Tensor) -> None:
    """Set the bias a decoder of images ends in to an image (channels, height, width)."""
    for module in decoder.modules():
        if isinstance(module, PixelBias):
            module.set_to(image)


def logits_of(image: Tensor) -> Tensor:
    """Logits whose sigmoid is the image; values are first kept away from 0 and 1, whose logits are infinite."""
    return torch.logit(image, eps=_RAREST)
