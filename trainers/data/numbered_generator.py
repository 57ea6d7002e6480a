"""Sources of randomness that a seed and a number decide together."""

import numpy as np
import torch


def numbered_generator(seed: int, number: int) -> torch.Generator:
    """A generator on the CPU; of one seed, those of different numbers have nothing to do with each other."""
    mixed = np.random.SeedSequence([seed, number]).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(mixed[0]))
