"""Every model, registered."""

from trainers.models import autoencoder, conditional_vae, ladder_vae, vae
from trainers.models.latent_model import MODELS

__all__ = ["MODELS", "autoencoder", "conditional_vae", "ladder_vae", "vae"]
