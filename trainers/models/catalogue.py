"""Every model, registered."""

from trainers.models import autoencoder, vae
from trainers.models.latent_model import MODELS

__all__ = ["MODELS", "autoencoder", "vae"]
