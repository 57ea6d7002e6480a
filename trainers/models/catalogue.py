"""Every model, registered."""

from trainers.models import (
    autoencoder,
    conditional_vae,
    denoising_autoencoder,
    gan,
    glo,
    ladder_vae,
    pixelcnn,
    real_nvp,
    vae,
    vq_vae,
    wgan_gp,
)
from trainers.models.latent_model import MODELS

__all__ = [
    "MODELS",
    "autoencoder",
    "conditional_vae",
    "denoising_autoencoder",
    "gan",
    "glo",
    "ladder_vae",
    "pixelcnn",
    "real_nvp",
    "vae",
    "vq_vae",
    "wgan_gp",
]
