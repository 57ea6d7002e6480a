"""Log-probabilities of binary pixels, in nats."""

from torch import Tensor
from torch.nn import functional


def bernoulli_log_likelihood(images: Tensor, logits: Tensor) -> Tensor:
    """Sum over pixels of log Bernoulli(pixel; sigmoid(logit)), (batch,), for images (batch, …) of zeros and ones.

    For grey values in between this is minus a cross-entropy, which is no log-likelihood.
    """
    return -functional.binary_cross_entropy_with_logits(logits, images, reduction="none").flatten(1).sum(dim=1)
