"""What stands between the layers of a network: normalisation and activation."""

from dataclasses import dataclass
from typing import Literal

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

Normalisation = Literal["none", "batch", "layer", "spectral"]


@dataclass(frozen=True)
class LayerStyle:
    """How hidden layers are normalised and bent.

    normalisation: `batch` (Ioffe and Szegedy 2015) and `layer`, over all numbers of an item (Ba et al. 2016), follow
    a hidden layer; `spectral` divides the weights of every layer by their largest singular value (Miyato et al. 2018).
    slope: of the activation below zero, where 0 is a rectifier.
    """

    normalisation: Normalisation = "none"
    slope: float = 0.0

    @property
    def has_bias(self) -> bool:
        """Whether a bias of a hidden layer does anything; batch normalisation takes it away again."""
        return self.normalisation != "batch"

    def hidden(self, layer: nn.Module, width: int) -> list[nn.Module]:
        """A hidden layer of `width` outputs or channels with all that follows it."""
        bent = nn.LeakyReLU(self.slope) if self.slope else nn.ReLU()
        return [self.constrained(layer), *self._normalised(layer, width), bent]

    def constrained(self, layer: nn.Module) -> nn.Module:
        """The layer with its weights normalised, where the style says so; the last layer of a network needs only that.

        One step of the power iteration is taken in every forward pass in training mode, none in evaluation mode.
        """
        return spectral_norm(layer) if self.normalisation == "spectral" else layer

    def _normalised(self, layer: nn.Module, width: int) -> list[nn.Module]:
        if self.normalisation == "batch":
            return [nn.BatchNorm1d(width) if isinstance(layer, nn.Linear) else nn.BatchNorm2d(width)]
        if self.normalisation == "layer":
            return [nn.GroupNorm(1, width)]
        return []


RECTIFIED = LayerStyle()
