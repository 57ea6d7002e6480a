"""A divergence that costs nothing up to an allowance."""

from torch import Tensor


def free_bits_kl(kl: Tensor, allowance: float) -> Tensor:
    """Divergence to be minimised, a scalar, from KL (batch, latent_size) in nats.

    Each number of the code pays for its mean KL over the batch, but never less than `allowance` nats, below which
    it has no gradient and so no reason to collapse (Kingma et al., Improving Variational Inference with Inverse
    Autoregressive Flow, 2016).
    """
    per_unit = kl.mean(dim=0)
    return (per_unit.clamp(min=allowance) if allowance > 0.0 else per_unit).sum()
