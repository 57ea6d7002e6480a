from typing import TYPE_CHECKING

import pytest
import torch
from torch import Tensor

from trainers.data.image_dataset import ImageDataset
from trainers.engine import prior_fitting
from trainers.engine.prior_fitting import PriorFitter
from trainers.models.autoencoder import Autoencoder

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Tensor, int]]:
    """What the autoencoder's prior was fitted to, instead of fitting it."""
    fitted: list[tuple[Tensor, int]] = []
    monkeypatch.setattr(Autoencoder, "fit_prior", lambda _model, codes, seed: fitted.append((codes, seed)))
    return fitted


def test_all_items_of_a_small_dataset_are_used(
    make_model: "MakeModel", digits: ImageDataset, fits: list[tuple[Tensor, int]]
) -> None:
    PriorFitter(make_model("autoencoder"), digits, seed=5).fit()
    assert [(codes.shape, seed) for codes, seed in fits] == [((len(digits), 3), 5)]


def test_a_large_dataset_is_sampled_from_end_to_end(
    make_model: "MakeModel",
    digits: ImageDataset,
    fits: list[tuple[Tensor, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = make_model("autoencoder")
    PriorFitter(model, digits, seed=0).fit()
    monkeypatch.setattr(prior_fitting, "_ITEMS", 10)
    PriorFitter(model, digits, seed=0).fit()
    (whole, _), (part, _) = fits
    torch.testing.assert_close(part, whole[[len(digits) * place // 10 for place in range(10)]])


def test_the_random_state_and_the_mode_of_the_model_stay(make_model: "MakeModel", digits: ImageDataset) -> None:
    model = make_model("autoencoder").train()
    torch.manual_seed(1)
    expected = torch.rand(2)
    torch.manual_seed(1)
    PriorFitter(model, digits, seed=0).fit()
    assert torch.equal(torch.rand(2), expected)
    assert model.training


def test_fits_wait_until_they_cost_little(
    make_model: "MakeModel",
    digits: ImageDataset,
    fits: list[tuple[Tensor, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 0.0, 2.0, 21.9, 22.1, 22.1, 24.1])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    fitter = PriorFitter(make_model("autoencoder"), digits, seed=0)
    fitter.fit_if_due()
    fitter.fit_if_due()
    assert len(fits) == 1
    fitter.fit_if_due()
    assert len(fits) == 2


def test_a_model_with_its_own_prior_is_left_alone(make_model: "MakeModel", digits: ImageDataset) -> None:
    model = make_model("vae")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    PriorFitter(model, digits, seed=0).fit()
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
