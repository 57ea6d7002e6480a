"""Inception-v3 as features of images, with the weights that published distances are measured by.

Source: Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2016; the network of 2015-12-05 as
torch-fidelity has it.
"""

from pathlib import Path
from typing import IO

import torch
from torch import Tensor

from trainers.errors import UsageError
from trainers.frozen_network import FrozenNetwork

SIZE = 2048
CLASSES = 1008
# SHA-256 of the file of torch-fidelity, which pytorch-fid gives under another name.
OFFICIAL_DIGEST = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"

_AT_ONCE = 32
_CHANNELS = (1, 3)


class InceptionExtractor:
    """Features of the last pooling layer and logits without bias.

    network: torch-fidelity's, which makes pictures of 8 bits 299×299 as TensorFlow 1 did, without antialiasing.
    weights: SHA-256 of the file they came from, hexadecimal, and its path.
    """

    def __init__(self, network: torch.nn.Module, digest: str, path: Path) -> None:
        self.network = FrozenNetwork(network)
        self.size = SIZE
        self.digest = digest
        title = "Inception-v3, weights of torch-fidelity"
        if digest != OFFICIAL_DIGEST:
            title = f"Inception-v3, other weights than torch-fidelity's: {path.name} ({digest[:8]})"
        self.settings = {
            "extractor": title,
            "resize": "299×299, bilinear without antialiasing as in TensorFlow 1",
            "input": "8 bits, grey repeated to three channels",
        }

    def extract(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features (batch, 2048) and logits (batch, 1008) of images in [0, 1], grey or of three colours.

        Raises `UsageError` for another number of channels.
        """
        parts = [self.network(part) for part in eight_bit_colours(images).split(_AT_ONCE)]
        features, logits = (torch.cat(values) for values in zip(*parts, strict=True))
        return features, logits


def eight_bit_colours(images: Tensor) -> Tensor:
    """Images (batch, 1 or 3, height, width) in [0, 1] as (batch, 3, height, width) uint8, rounded to the nearest."""
    if images.ndim != 4 or images.shape[1] not in _CHANNELS:
        raise UsageError("Inception-v3 looks at grey pictures or pictures of three colours; use the embedded metrics.")
    levels = images.mul(255.0).round_().clamp_(0.0, 255.0).to(torch.uint8)
    return levels.expand(-1, 3, -1, -1).contiguous()


def inception_network(weights: IO[bytes]) -> torch.nn.Module:
    """torch-fidelity's network with weights from a stream that `torch.save` wrote.

    Raises `RuntimeError` for weights of another network.
    """
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    network: torch.nn.Module = FeatureExtractorInceptionV3(
        "inception-v3-compat", ["2048", "logits_unbiased"], feature_extractor_weights_path=weights
    )
    return network
