"""What is particular to the adversarial network without a slope to keep."""

from typing import Any

import pytest
import torch

from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.losses.adversarial import critic_loss
from trainers.models.gan import Gan, GanConfig
from trainers.models.training_plan import OptimizerSpec

SPEC = DataSpec(name="grey", shape=(1, 6, 6))
SMALL: dict[str, Any] = {"channels": [5, 6], "dense_size": 12, "latent_size": 3}


def _gan(**settings: object) -> Gan:
    torch.manual_seed(0)
    return Gan(GanConfig.from_values(SMALL | settings), SPEC)


def test_by_default_it_is_trained_as_its_recipe_says() -> None:
    critic, generator = Gan(GanConfig(), SPEC).phases()[0].objectives

    assert critic.optimizer == generator.optimizer == OptimizerSpec(learning_rate=2e-4, betas=(0.5, 0.999))
    assert critic.repeats == generator.repeats == 1


def test_rates_and_repeats_are_those_of_the_settings() -> None:
    critic, generator = _gan(learning_rate=1e-3, critic_learning_rate=3e-3, critic_repeats=4).phases()[0].objectives

    assert (critic.optimizer.learning_rate, generator.optimizer.learning_rate) == (3e-3, 1e-3)
    assert (critic.repeats, generator.repeats) == (4, 1)


def test_smoothing_reaches_the_critics_loss() -> None:
    model = _gan(label_smoothing=0.25)
    generator = torch.Generator().manual_seed(0)
    real, fake = torch.randn(2, 8, 1, 6, 6, generator=generator)

    terms = model.critic_terms(real, fake, generator)

    expected = critic_loss("non_saturating", model._scores(real), model._scores(fake), 0.75)
    assert torch.allclose(terms.total, expected)
    assert float(terms.scalars["score_real"]) == pytest.approx(float(model._scores(real).mean().detach()), rel=1e-4)
    assert float(terms.scalars["score_fake"]) == pytest.approx(float(model._scores(fake).mean().detach()), rel=1e-4)


def test_a_critic_that_tells_them_apart_is_always_right() -> None:
    model = _gan()
    torch.nn.init.zeros_(model.critic[-1].weight)  # type: ignore[arg-type]
    images = torch.zeros(4, 1, 6, 6)

    undecided = model.critic_terms(images, images, torch.Generator())

    assert float(undecided.total.detach()) == pytest.approx(2.0 * 0.693147, rel=1e-5)
    assert float(undecided.scalars["accuracy"]) == 0.0


def test_the_hinge_has_no_labels_to_smooth() -> None:
    with pytest.raises(UsageError, match="set it to 0 or choose another loss than hinge"):
        GanConfig.from_values({"loss": "hinge", "label_smoothing": 0.1})
