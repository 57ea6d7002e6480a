"""What a critic and a generator minimise, on the critic's unbounded scores, and what their game is watched by."""

from typing import Literal

from torch import Tensor
from torch.nn import functional

AdversarialLoss = Literal["minimax", "non_saturating", "least_squares", "hinge"]


def critic_loss(loss: AdversarialLoss, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
    """Mean loss of a critic that scores real and fake items, each (batch,).

    The scores are logits for `minimax` and `non_saturating`, which differ only in the generator's loss (Goodfellow et
    al. 2014); they aim at 1 and 0 for `least_squares` (Mao et al. 2017), at 1 or more and -1 or less for `hinge`
    (Lim and Ye 2017).
    real_target: what real items count as; below 1 it is one-sided label smoothing (Salimans et al. 2016), which the
    hinge has no place for.
    """
    if loss == "least_squares":
        return 0.5 * ((real - real_target).square().mean() + fake.square().mean())
    if loss == "hinge":
        return functional.relu(1.0 - real).mean() + functional.relu(1.0 + fake).mean()
    targets = real.new_full(real.shape, real_target)
    return functional.binary_cross_entropy_with_logits(real, targets) + functional.softplus(fake).mean()


def generator_loss(loss: AdversarialLoss, fake: Tensor) -> Tensor:
    """Mean loss of a generator whose items the critic scores (batch,).

    `minimax` is log(1 - D), flat where the critic is sure, and `non_saturating` is -log D, steep there (Goodfellow et
    al. 2014, section 3).
    """
    if loss == "minimax":
        return -functional.softplus(fake).mean()
    if loss == "non_saturating":
        return functional.softplus(-fake).mean()
    if loss == "least_squares":
        return 0.5 * (fake - 1.0).square().mean()
    return -fake.mean()


def critic_accuracy(loss: AdversarialLoss, real: Tensor, fake: Tensor) -> Tensor:
    """Share of real and fake items, each (batch,), whose score is on their side of the border; in [0, 1]."""
    border = 0.5 if loss == "least_squares" else 0.0
    return 0.5 * ((real > border).float().mean() + (fake < border).float().mean())


def wasserstein_estimate(real: Tensor, fake: Tensor) -> Tensor:
    """How much higher a critic scores real items than fake ones, each (batch,), on average.

    Of the best critic of slope 1 it is the Wasserstein distance of the two laws; of any other a lower bound of it
    (Kantorovich and Rubinstein; Arjovsky et al. 2017).
    """
    return real.mean() - fake.mean()
