"""Every model, registered."""

from trainers.models import autoencoder, conditional_vae, gan, ladder_vae, vae, wgan_gp
from trainers.models.latent_model import MODELS

__all__ = ["MODELS", "autoencoder", "conditional_vae", "gan", "ladder_vae", "vae", "wgan_gp"]
