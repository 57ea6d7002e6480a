from pathlib import Path

import pytest

from trainers.engine.checkpoint import load_model
from trainers.models.latent_model import LatentModel

DIGITS = Path(__file__).parents[3] / "resources/checkpoints/digits.safetensors"


@pytest.fixture(scope="session")
def digits_model() -> LatentModel:
    return load_model(DIGITS)
