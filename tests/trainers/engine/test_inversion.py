"""Codes of images by the means a model has: an encoder, learned codes, or a search."""

from typing import TYPE_CHECKING

import pytest
import torch
from torch import Tensor

from trainers.data.catalogue import load_dataset
from trainers.data.image_dataset import ImageDataset
from trainers.engine import inversion
from trainers.engine.encoding import encode_dataset, evaluating
from trainers.engine.evaluation import evaluate
from trainers.engine.fitting_data import first_items
from trainers.engine.inversion import find_codes, must_search, reconstruct, search_codes
from trainers.engine.model_subject import ModelSubject
from trainers.engine.sheets import reconstruction_pairs
from trainers.errors import StoppedError, UsageError
from trainers.latent.inversion import Inversion, InversionSettings
from trainers.metrics.metric import MetricSettings
from trainers.models.autoencoder import Autoencoder
from trainers.models.catalogue import MODELS
from trainers.models.conditional_vae import ConditionalVae
from trainers.models.latent_model import LatentModel

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel

QUICK = InversionSettings(starts=2, draws=8, steps=20)


class DecoderOnly(Autoencoder):
    encode = None  # type: ignore[assignment]


class ConditionalDecoderOnly(ConditionalVae):
    encode = None  # type: ignore[assignment]


class TableOnly(DecoderOnly):
    def training_codes(self) -> Tensor:
        return torch.linspace(-1.0, 1.0, self.data_spec.count * 3).view(-1, 3)


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS._entries, "decoder", DecoderOnly)
    monkeypatch.setitem(MODELS._entries, "conditional_decoder", ConditionalDecoderOnly)
    monkeypatch.setitem(MODELS._entries, "table", TableOnly)


@pytest.fixture
def held_out() -> ImageDataset:
    return load_dataset("digits", "test")


@pytest.fixture
def decoder(make_model: "MakeModel") -> LatentModel:
    return _stirred(make_model("decoder"))


def _stirred(model: LatentModel) -> LatentModel:
    """The model with weights large enough for its pictures to differ."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0)))
    return model


def _own_pictures(model: LatentModel, condition: Tensor | None = None, count: int = 6) -> tuple[Tensor, Tensor]:
    codes = torch.randn(count, model.latent_space.size, generator=torch.Generator().manual_seed(5))
    with torch.no_grad(), evaluating(model):
        return codes, model.decode(codes, condition)


def test_an_encoder_gives_the_means_of_its_posterior(make_model: "MakeModel", held_out: ImageDataset) -> None:
    model = make_model()
    images = held_out.scaled(slice(0, 4))
    codes = torch.from_numpy(encode_dataset(model, held_out, limit=4).codes)
    torch.testing.assert_close(find_codes(model, images), codes)
    pictures = reconstruct(model, images)
    with torch.inference_mode():
        torch.testing.assert_close(pictures, model.decode(codes))
    assert torch.equal(reconstruct(model, images), pictures)
    assert not must_search(model, held_out)


def test_a_decoder_alone_finds_the_codes_of_its_own_pictures(decoder: LatentModel) -> None:
    codes, images = _own_pictures(decoder)
    found = search_codes(decoder, images, settings=InversionSettings(steps=400))
    assert found.complete
    assert float(found.errors.max()) < 1e-7
    torch.testing.assert_close(found.codes, codes, atol=2e-2, rtol=0.0)
    assert found.candidates.shape == (4, 6, 3)


def test_nothing_of_the_model_changes(decoder: LatentModel) -> None:
    decoder.train()
    before = {name: value.clone() for name, value in decoder.state_dict().items()}
    search_codes(decoder, _own_pictures(decoder)[1], settings=QUICK)
    assert decoder.training
    assert all(torch.equal(value, before[name]) for name, value in decoder.state_dict().items())
    assert all(parameter.grad is None for parameter in decoder.parameters())


def test_the_search_is_decided_by_its_seed_and_needs_no_gradients_around_it(decoder: LatentModel) -> None:
    images = _own_pictures(decoder)[1]
    first = find_codes(decoder, images, settings=QUICK)
    with torch.inference_mode():
        second = find_codes(decoder, images.clone(), settings=QUICK)
    assert torch.equal(first, second)
    other = find_codes(decoder, images, settings=QUICK.model_copy(update={"seed": 1}))
    assert not torch.equal(first, other)


def test_a_search_may_begin_at_a_code_that_is_known(decoder: LatentModel) -> None:
    generator = torch.Generator().manual_seed(3)
    known = 2.0 * torch.randn(3, decoder.latent_space.size, generator=generator)
    with torch.inference_mode(), evaluating(decoder):
        images = decoder.decode(known)
    still = InversionSettings(starts=3, draws=8, steps=0)
    found = search_codes(decoder, images, settings=still, first=known)
    torch.testing.assert_close(found.codes, known)
    assert found.candidates.shape[0] == 3
    assert float(found.errors.max()) < 1e-9 < float(search_codes(decoder, images, settings=still).errors.min())


def test_every_item_is_searched_for_under_its_own_condition(make_model: "MakeModel") -> None:
    model = _stirred(make_model("conditional_decoder", condition="classes"))
    condition = torch.eye(10)[torch.tensor([3, 1, 4, 1, 5, 9])]
    _, images = _own_pictures(model, condition)
    settings = InversionSettings(steps=300)
    own = search_codes(model, images, condition, settings)
    others = search_codes(model, images, condition.flip(1), settings)
    assert float(own.errors.max()) < 1e-5
    assert float(others.errors.min()) > 1e-4


def test_items_are_searched_for_in_parts_with_one_result(decoder: LatentModel, monkeypatch: pytest.MonkeyPatch) -> None:
    images = _own_pictures(decoder)[1]
    monkeypatch.setattr(inversion, "_CODES_AT_ONCE", 4 * QUICK.starts)
    seen: list[Inversion] = []
    shares: list[float] = []
    found = search_codes(
        decoder, images, settings=QUICK, partial=seen.append, report=lambda share, _what: shares.append(share)
    )
    assert found.codes.shape == (6, 3)
    assert found.candidate_errors.shape == (2, 6)
    assert found.trail.shape[1:] == (6, 3)
    assert torch.equal(found.trail[-1], found.codes)
    assert {len(partial.codes) for partial in seen} == {4, 6}
    assert all(torch.equal(partial.codes[:4], found.codes[:4]) for partial in seen if len(partial.codes) == 6)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_stopped_search_gives_the_best_so_far_and_its_users_an_error(
    decoder: LatentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = _own_pictures(decoder)[1]
    monkeypatch.setattr(inversion, "_CODES_AT_ONCE", 4 * QUICK.starts)
    stopped = search_codes(decoder, images, settings=QUICK, stop_requested=lambda: True)
    assert not stopped.complete
    assert stopped.candidates.shape == (2, 4, 3)
    decoded = reconstruct(decoder, images, settings=QUICK)
    with pytest.raises(StoppedError):
        reconstruct(decoder, images, settings=QUICK, stop_requested=lambda: True)
    assert float(stopped.errors.mean()) > float((decoded - images).square().mean())


def test_the_error_of_codes_found_by_optimisation_says_so(decoder: LatentModel, held_out: ImageDataset) -> None:
    shares: list[float] = []
    (measured,) = evaluate(
        decoder,
        held_out,
        ["reconstruction_error"],
        MetricSettings(limit=70),
        lambda share, _what: shares.append(share),
    )
    assert measured.count == 70
    assert {name: measured.settings[name] for name in ("codes", "starts", "steps")} == {
        "codes": "found by optimisation",
        "starts": 4,
        "steps": 200,
    }
    found = [search_codes(decoder, held_out.scaled(part)).errors for part in (slice(0, 64), slice(64, 70))]
    assert measured.value == pytest.approx(float(torch.cat(found).mean()), rel=1e-5)
    assert len(shares) > 100
    assert shares == sorted(shares)
    with pytest.raises(StoppedError):
        evaluate(decoder, held_out, ["reconstruction_error"], MetricSettings(limit=70), stop_requested=lambda: True)


def test_learned_codes_reconstruct_what_they_were_learned_for(
    make_model: "MakeModel", digits: ImageDataset, held_out: ImageDataset
) -> None:
    model = make_model("table")
    assert isinstance(model, TableOnly)
    assert not must_search(model, digits)
    assert must_search(model, held_out)
    assert must_search(model, first_items(digits, 10))
    (measured,) = evaluate(model, digits, ["reconstruction_error"])
    with torch.no_grad(), evaluating(model):
        decoded = model.decode(model.training_codes())
    assert measured.value == pytest.approx(float((decoded - digits.scaled()).square().mean()), rel=1e-5)
    assert measured.count == len(digits)
    assert "codes" not in measured.settings
    originals, again = reconstruction_pairs(model, digits, (2, 7))
    torch.testing.assert_close(again, decoded[[2, 7]])
    torch.testing.assert_close(originals, digits.scaled(torch.tensor([2, 7])))
    with pytest.raises(UsageError, match="choose others"):
        reconstruction_pairs(model, digits, (0, len(digits)))
    assert ModelSubject(model, held_out).search == {"starts": 4, "steps": 200}


def test_pictures_that_do_not_follow_their_codes_are_refused(
    decoder: LatentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = _own_pictures(decoder)[1]
    decode = decoder.decode
    monkeypatch.setattr(decoder, "decode", lambda codes, condition=None: decode(codes.detach()).detach())
    with pytest.raises(UsageError, match="choose a model with an encoder"):
        search_codes(decoder, images, settings=QUICK)
