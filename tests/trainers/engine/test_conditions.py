"""Items are told to a model with their own conditions; a person's are said in words and swept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import Tensor

from trainers.data.catalogue import load_dataset
from trainers.data.image_dataset import ImageDataset
from trainers.engine.conditions import chosen_condition, swept_condition, usual_condition
from trainers.engine.encoding import encode_dataset, split_with_codes
from trainers.engine.evaluation import evaluate
from trainers.engine.inversion import reconstruct
from trainers.engine.prior_fitting import PriorFitter
from trainers.errors import UsageError
from trainers.models.autoencoder import Autoencoder
from trainers.models.catalogue import MODELS
from trainers.models.condition_spec import ConditionSpec
from trainers.models.conditional_vae import ConditionalVae
from trainers.models.latent_model import LatentModel

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel

ATTRIBUTES = ConditionSpec(
    kind="attributes", names=("smile", "age"), shape=(2,), minima=(-1.0, 0.0), maxima=(1.0, 90.0)
)
CLASSES = ConditionSpec(kind="classes", names=("cat", "dog"), shape=(2,))


class CodesOnly(Autoencoder):
    """A model that learned a code per training item and cannot encode."""

    encode = None  # type: ignore[assignment]

    def training_codes(self) -> Tensor:
        count = self.data_spec.count
        return torch.arange(count * 3.0).view(count, 3)


@pytest.fixture
def conditional(make_model: "MakeModel") -> LatentModel:
    model = make_model("conditional_vae", condition="classes").eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0)))
    return model


@pytest.fixture
def codes_only(digits: ImageDataset, monkeypatch: pytest.MonkeyPatch) -> LatentModel:
    monkeypatch.setitem(MODELS._entries, "codes_only", CodesOnly)
    config = CodesOnly.config_type.from_values({"architecture": "mlp", "hidden_sizes": [8], "latent_size": 3})
    return CodesOnly(config, digits.spec)


@pytest.fixture
def held_out() -> ImageDataset:
    return load_dataset("digits", "test")


def test_items_are_encoded_and_reconstructed_as_what_they_are(conditional: LatentModel, held_out: ImageDataset) -> None:
    assert isinstance(conditional, ConditionalVae)
    assert held_out.labels is not None
    own = torch.eye(10)[held_out.labels]
    with torch.inference_mode():
        means = conditional.encode(held_out.scaled(), own).mean
        decoded = conditional.decode(means, own)
    np.testing.assert_allclose(encode_dataset(conditional, held_out).codes, means.numpy(), atol=1e-5)
    torch.testing.assert_close(reconstruct(conditional, held_out.scaled(), own), decoded)
    (measured,) = evaluate(conditional, held_out, ["reconstruction_error"])
    assert measured.value == pytest.approx(float((decoded - held_out.scaled()).square().mean()), rel=1e-4)
    shuffled = replace(held_out, labels=held_out.labels.roll(1))
    assert evaluate(conditional, shuffled, ["reconstruction_error"])[0].value != pytest.approx(measured.value, rel=1e-3)


def test_data_without_the_model_s_classes_are_refused(conditional: LatentModel, held_out: ImageDataset) -> None:
    swapped = replace(held_out, spec=held_out.spec.model_copy(update={"class_names": tuple("1023456789")}))
    for measure in (lambda: encode_dataset(conditional, swapped), lambda: evaluate(conditional, swapped, ["elbo"])):
        with pytest.raises(UsageError, match=r"the classes 0, 1, .*digits has 1, 0, .*the same classes"):
            measure()
    with pytest.raises(UsageError, match="these data have no labels"):
        encode_dataset(conditional, replace(held_out, labels=None))


def test_learned_codes_are_given_for_the_training_split_alone(
    codes_only: LatentModel, digits: ImageDataset, held_out: ImageDataset
) -> None:
    encodings = encode_dataset(codes_only, digits, limit=5)
    assert encodings.codes.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0], [9, 10, 11], [12, 13, 14]]
    assert encodings.log_variances is None
    assert digits.labels is not None
    assert encodings.labels is not None
    assert encodings.labels.tolist() == digits.labels[:5].tolist()
    assert len(encode_dataset(codes_only, digits).codes) == len(digits)
    changed = replace(digits, spec=digits.spec.model_copy(update={"fingerprint": "other"}))
    for other in (held_out, changed):
        with pytest.raises(UsageError, match=r"codes_only has no encoder, only a code .*train split of digits"):
            encode_dataset(codes_only, other)


def test_splits_with_codes_are_those_that_can_be_encoded(codes_only: LatentModel, make_model: "MakeModel") -> None:
    assert split_with_codes(codes_only, "test") == "train"
    assert split_with_codes(make_model(), "test") == "test"


def test_a_prior_is_fitted_to_learned_codes(
    codes_only: LatentModel, digits: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[Tensor] = []
    monkeypatch.setattr(codes_only, "fit_prior", lambda codes, _seed: fitted.append(codes))
    PriorFitter(codes_only, digits, seed=0).fit()
    assert isinstance(codes_only, CodesOnly)
    assert torch.equal(fitted[0], codes_only.training_codes())


def test_a_condition_is_what_names_say() -> None:
    chosen = chosen_condition(CLASSES, "dog")
    assert chosen is not None
    assert chosen.condition is not None
    assert (chosen.condition.tolist(), chosen.text) == ([0.0, 1.0], "class dog")
    told = chosen_condition(ATTRIBUTES, None, {"age": 30.0})
    assert told is not None
    assert told.condition is not None
    assert (told.condition.tolist(), told.text) == ([0.0, 30.0], "age=30, other attributes in their middle")
    assert chosen_condition(CLASSES) is None
    assert chosen_condition(ConditionSpec()) is None


def test_the_usual_condition_of_a_sheet_is_one() -> None:
    assert usual_condition(ConditionSpec()).condition is None
    first, middle = usual_condition(CLASSES), usual_condition(ATTRIBUTES)
    assert first.condition is not None
    assert middle.condition is not None
    assert (first.condition.tolist(), first.text) == ([1.0, 0.0], "class cat, the first")
    assert (middle.condition.tolist(), middle.text) == ([0.0, 45.0], "every attribute in its middle")


def test_a_condition_of_samples_alone_is_none_of_decoded_codes() -> None:
    of_samples = CLASSES.model_copy(update={"decodes": False})
    assert usual_condition(of_samples).condition is None
    assert chosen_condition(of_samples, "dog") is not None
    with pytest.raises(UsageError, match="decides which codes are drawn"):
        chosen_condition(of_samples, "dog", decoding=True)


@pytest.mark.parametrize("value", [-3.1, 3.1, float("nan"), float("inf"), -float("inf")])
def test_values_far_from_the_training_data_are_refused(value: float) -> None:
    with pytest.raises(UsageError, match=r"smile = .* is not allowed: it goes from -1 to 1"):
        ATTRIBUTES.named({"smile": value})
    assert ATTRIBUTES.named({"smile": 3.0, "age": -90.0}).tolist() == [3.0, -90.0]


def test_an_attribute_is_swept_while_the_others_stay() -> None:
    sweep = swept_condition(ATTRIBUTES, {"smile": 0.5, "age": None}, 3)
    assert sweep.conditions.tolist() == [[0.5, 0.0], [0.5, 45.0], [0.5, 90.0]]
    assert sweep.titles == ("age=0", "age=45", "age=90")
    assert sweep.text == "age from 0 to 90, smile=0.5"
    classes = swept_condition(CLASSES, {}, 7)
    assert classes.conditions.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert (classes.titles, classes.text) == (("cat", "dog"), "every class")


WRONG: list[tuple[ConditionSpec, Mapping[str, Any], str]] = [
    (ConditionSpec(), {}, "depend on no condition"),
    (CLASSES.model_copy(update={"decodes": False}), {}, "decides which codes are drawn"),
    (ConditionSpec(kind="image", shape=(1, 8, 8)), {}, "is a picture"),
    (ATTRIBUTES, {"smile": None, "age": None}, "one attribute to sweep"),
    (ATTRIBUTES, {"smile": None, "age": 900.0}, "age = 900 is not allowed"),
]


@pytest.mark.parametrize(("spec", "attributes", "message"), WRONG)
def test_what_cannot_be_swept_is_refused(spec: ConditionSpec, attributes: Mapping[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        swept_condition(spec, attributes, 5)
