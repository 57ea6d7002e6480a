"""Curves by what they measure."""

from explorer.state.curve_groups import curve_groups
from explorer.state.training_values import Curve


def _titles(*names: str) -> dict[str, tuple[str, ...]]:
    return {
        group.title: tuple(curve.name for curve in group.curves)
        for group in curve_groups(tuple(Curve(name) for name in names))
    }


def test_a_bound_is_one_picture_with_its_levels_apart() -> None:
    assert _titles("loss", "reconstruction", "kl", "negative_bound", "kl_1", "kl_2") == {
        "Likelihood": ("loss", "reconstruction", "kl", "negative_bound"),
        "Divergence by level": ("kl_1", "kl_2"),
    }


def test_a_game_has_losses_scores_and_what_the_critic_gets_right() -> None:
    names = ("critic/loss", "critic/score_real", "critic/score_fake", "critic/accuracy", "generator/loss")
    assert _titles(*names) == {
        "Loss": ("critic/loss", "generator/loss"),
        "Critic's scores": ("critic/score_real", "critic/score_fake"),
        "Critic's accuracy": ("critic/accuracy",),
    }


def test_phases_of_several_kinds_stay_apart() -> None:
    names = ("codes/loss", "codes/squared_error", "codes/perplexity", "prior/loss", "prior/bits_per_dimension")
    assert list(_titles(*names)) == ["Loss", "Bits", "Error", "Codebook"]


def test_what_nobody_knows_comes_last() -> None:
    assert list(_titles("twist", "loss").items()) == [("Loss", ("loss",)), ("Others", ("twist",))]
    assert curve_groups(()) == ()
