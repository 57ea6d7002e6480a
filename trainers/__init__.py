"""Generative models, their data, training, metrics and latent mathematics; complete without a window."""

from trainers import compat

compat.declare_missing_operators()

__version__ = "0.1.0"
