"""Weight of the divergence at the start of training."""


def linear_warm_up(epoch: float, warm_up_epochs: float) -> float:
    """Share from 0 at epoch 0 to 1 at `warm_up_epochs`, 1 ever after (Sønderby et al. 2016); 1 without warm-up."""
    return min(1.0, max(0.0, epoch / warm_up_epochs)) if warm_up_epochs > 0.0 else 1.0
