"""A second copy of a network whose weights are the exponential moving average of the first one's."""

import copy
from typing import Any, Self

import torch
from torch import Tensor, nn

# The average begins as one of this share of the updates so far, until its decay makes it longer.
_RAMP = 10.0


class MovingAverage(nn.Module):
    """The moving average of a network's parameters and buffers; always in evaluation mode, never trained.

    A generator that circles around its optimum gives steadier pictures from the average of its weights
    (Yazıcı et al. 2019). torch's own `AveragedModel` waits for the device in every update, and its average is stuck at
    the first weights for about 1 / (1 - decay) updates.

    decay: share of the average that an update leaves, in [0, 1), once n / (n + 10) after n updates has risen to it.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        super().__init__()
        self.decay = decay
        self.network = copy.deepcopy(network).requires_grad_(False)
        self.register_buffer("updates", torch.zeros((), dtype=torch.int64))
        self.updates: Tensor
        self.eval()

    def forward(self, *inputs: Any) -> Any:  # noqa: ANN401  # whatever the network takes and gives
        """What the averaged network gives."""
        return self.network(*inputs)

    def train(self, _mode: bool = True) -> Self:
        """Stay in evaluation mode."""
        return super().train(False)

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Move towards the network's present weights; the first update copies them."""
        weight = 1.0 - (self.updates / (self.updates + _RAMP)).clamp(max=self.decay)
        averages, values = self.network.state_dict(), network.state_dict()
        for name, average in averages.items():
            if average.is_floating_point():
                average.lerp_(values[name], weight.to(average.dtype))
            else:
                average.copy_(values[name])
        self.updates += 1
