from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from trainers.data.catalogue import load_dataset
from trainers.data.image_dataset import ImageDataset
from trainers.engine import classifier_training
from trainers.engine.classifier_training import load_classifier, train_classifier
from trainers.engine.evaluation import evaluate, reason_against, usual_metrics
from trainers.engine.evaluation_resources import SubjectResources, required_resources
from trainers.engine.metric_needs import possible_metrics
from trainers.engine.model_subject import ModelSubject
from trainers.errors import StoppedError, UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.items import Items
from trainers.metrics.metric import MetricSettings
from trainers.models.latent_model import LatentModel
from trainers.models.vq_vae import VqVae, VqVaeConfig
from trainers.reporting import never

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel


OF_ITEMS = ("active_units", "bits_per_dimension", "elbo", "iw_bound", "kl", "psnr", "reconstruction_error", "ssim")
OF_SAMPLES = (
    "conditional_accuracy",
    "fid_embedded",
    "is_embedded",
    "kid_embedded",
    "mode_coverage",
    "precision_embedded",
    "recall_embedded",
)


@pytest.fixture
def held_out() -> ImageDataset:
    return load_dataset("digits", "test")


@pytest.fixture
def binary(make_model: "MakeModel") -> LatentModel:
    """A model of binarised images, as training would make it."""
    model = make_model()
    model.data_spec = model.data_spec.model_copy(update={"binarisation": "dynamic"})
    return model


@pytest.fixture
def classifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A classifier of the digits in a cache of its own."""
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setattr(classifier_training, "_FEWEST_STEPS", 110)
    train_classifier("digits")


@pytest.fixture
def conditional(make_model: "MakeModel") -> LatentModel:
    """A model of classes whose weights are far from those it starts with."""
    model = make_model("conditional_vae", condition="classes")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0)))
    return model.eval()


@pytest.mark.parametrize("binarisation", ["none", "static", "dynamic"])
@pytest.mark.parametrize("name", OF_ITEMS)
def test_a_batch_of_7_measures_what_a_batch_of_1000_measures(
    name: str, binarisation: str, make_model: "MakeModel", held_out: ImageDataset
) -> None:
    model = make_model()
    model.data_spec = model.data_spec.model_copy(update={"binarisation": binarisation})
    (small,), (large,) = (
        evaluate(model, held_out, [name], MetricSettings(batch_size=size, importance_samples=5)) for size in (7, 1000)
    )
    assert small.count == large.count == len(held_out)
    assert small.value == pytest.approx(large.value, rel=1e-5)
    assert small.per_unit == pytest.approx(large.per_unit, rel=1e-4, abs=1e-6)


def test_the_split_is_drawn_the_same_way_every_time(binary: LatentModel, held_out: ImageDataset) -> None:
    draws = [Items.joined(list(ModelSubject(binary, held_out, size).batches())).images for size in (7, 100, 1000)]
    assert torch.equal(draws[0], draws[1])
    assert torch.equal(draws[0], draws[2])
    assert set(draws[0].unique().tolist()) == {0.0, 1.0}
    assert len(draws[0]) == len(held_out)


def test_the_same_settings_give_the_same_numbers(binary: LatentModel, held_out: ImageDataset) -> None:
    names = ["elbo", "iw_bound"]
    assert evaluate(binary, held_out, names) == evaluate(binary, held_out, names)
    other = evaluate(binary, held_out, names, MetricSettings(seed=1))
    assert other != evaluate(binary, held_out, names)


def test_measurements_come_in_the_order_asked_for(binary: LatentModel, held_out: ImageDataset) -> None:
    names = ["kl", "elbo", "reconstruction_error"]
    assert [measurement.name for measurement in evaluate(binary, held_out, names)] == names


def test_bounds_are_ordered_and_say_their_samples(binary: LatentModel, held_out: ImageDataset) -> None:
    elbo, bound = evaluate(binary, held_out, ["elbo", "iw_bound"], MetricSettings(importance_samples=20))
    assert elbo.value < bound.value
    assert 20 in bound.settings.values()
    assert elbo.settings["binarisation"] == binary.data_spec.binarisation == "dynamic"


def test_training_weights_are_not_part_of_a_reported_bound(make_model: "MakeModel", held_out: ImageDataset) -> None:
    plain, weighted = make_model(), make_model(beta=4.0, free_bits=1.0)
    weighted.load_state_dict(plain.state_dict())
    assert evaluate(plain, held_out, ["elbo"]) == evaluate(weighted, held_out, ["elbo"])


def test_a_limit_measures_only_the_first_items(binary: LatentModel, held_out: ImageDataset) -> None:
    (measurement,) = evaluate(binary, held_out, ["reconstruction_error"], MetricSettings(limit=50))
    assert measurement.count == 50


def test_everything_is_checked_before_the_first_is_measured(make_model: "MakeModel", held_out: ImageDataset) -> None:
    model = make_model("autoencoder")
    shares: list[float] = []
    with pytest.raises(UsageError, match="elbo needs"):
        evaluate(model, held_out, ["reconstruction_error", "elbo"], None, lambda share, _what: shares.append(share))
    with pytest.raises(UsageError, match="no metric named 'elb'; did you mean elbo"):
        evaluate(model, held_out, ["reconstruction_error", "elb"], None, lambda share, _what: shares.append(share))
    assert shares == []


def test_what_a_model_can_be_measured_by_can_be_measured(make_model: "MakeModel", held_out: ImageDataset) -> None:
    of_data = {"anomaly_auroc", "kl_per_level", "mig", "dci", "sap"}
    lacking = {"codebook_perplexity", "conditional_accuracy", "log_likelihood", "psnr_restored", *of_data}
    assert set(possible_metrics(make_model())) == set(METRICS) - lacking
    assert set(usual_metrics(make_model())) == {"active_units", "elbo", "iw_bound", "kl", "reconstruction_error"}
    assert "bits_per_dimension" not in possible_metrics(make_model(likelihood="gaussian"))
    assert "conditional_accuracy" in possible_metrics(make_model("conditional_vae"))
    assert "elbo" not in possible_metrics(make_model(likelihood="grey_cross_entropy"))
    names = usual_metrics(make_model("autoencoder"))
    assert "reconstruction_error" in names
    assert len(evaluate(make_model("autoencoder"), held_out, names)) == len(names)


def test_progress_rises_over_all_metrics_and_a_stop_is_obeyed(binary: LatentModel, held_out: ImageDataset) -> None:
    shares: list[float] = []
    evaluate(binary, held_out, ["kl", "elbo"], None, lambda share, _what: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    with pytest.raises(StoppedError):
        evaluate(binary, held_out, ["kl"], None, lambda _share, _what: None, lambda: True)


def test_images_of_another_shape_are_refused(binary: LatentModel, held_out: ImageDataset) -> None:
    spec = held_out.spec.model_copy(update={"shape": (1, 28, 28), "name": "mnist"})
    other = ImageDataset(spec, "test", torch.zeros(2, 1, 28, 28, dtype=torch.uint8))
    with pytest.raises(UsageError, match="trained on items of 1 × 8 × 8"):
        evaluate(binary, other, ["kl"])


def test_measuring_leaves_a_model_in_training(binary: LatentModel, held_out: ImageDataset) -> None:
    binary.train()
    evaluate(binary, held_out, ["kl"])
    assert binary.training
    assert all(parameter.grad is None for parameter in binary.parameters())


@pytest.mark.usefixtures("classifier")
def test_samples_are_measured_the_same_in_any_batches(conditional: LatentModel, held_out: ImageDataset) -> None:
    small, large = (
        evaluate(conditional, held_out, OF_SAMPLES, MetricSettings(batch_size=size, samples=300)) for size in (7, 1000)
    )
    assert small == large
    assert [measured.count for measured in small] == [300] * len(OF_SAMPLES)
    assert all("embedded classifier" in str(measured.settings["extractor"]) for measured in small)


@pytest.mark.usefixtures("classifier")
def test_samples_are_recognised_as_the_classifier_says(conditional: LatentModel, held_out: ImageDataset) -> None:
    classifier = load_classifier(held_out.spec)
    subject = ModelSubject(conditional, held_out, resources=SubjectResources(classifier))
    samples = Items.joined(list(subject.samples(300, 0, "uniform", never)))
    assert samples.labels is not None
    (measured,) = evaluate(conditional, held_out, ["conditional_accuracy"], MetricSettings(samples=300))
    assert measured.value == pytest.approx(
        float((classifier.classify(samples.images) == samples.labels).float().mean())
    )
    (coverage,) = evaluate(conditional, held_out, ["mode_coverage"], MetricSettings(samples=300))
    assert sum(coverage.per_unit) == 300
    assert coverage.value == sum(count >= 3 for count in coverage.per_unit)


@pytest.mark.usefixtures("classifier")
def test_a_split_has_all_classes_and_no_distance_from_itself(
    held_out: ImageDataset, make_model: "MakeModel", monkeypatch: pytest.MonkeyPatch
) -> None:
    def own_items(_subject: ModelSubject, *_arguments: object) -> Iterator[Items]:
        yield Items(held_out.scaled())

    monkeypatch.setattr(ModelSubject, "samples", own_items)
    settings = MetricSettings(samples=len(held_out))
    coverage, fid = evaluate(make_model(), held_out, ["mode_coverage", "fid_embedded"], settings)
    assert coverage.value == 10.0
    assert coverage.settings["missing"] == "none"
    assert fid.value == pytest.approx(0.0, abs=1e-6)


def test_only_models_that_see_items_with_their_conditions_are_told(
    conditional: LatentModel, held_out: ImageDataset, make_model: "MakeModel"
) -> None:
    small = {"channels": [4], "residual_blocks": 1, "depth": 2, "entries": 4, "class_conditional_prior": True}
    sampled_only = VqVae(VqVaeConfig.from_values(small), held_out.spec)
    told = [
        (subject.is_conditional, subject.is_told)
        for subject in (ModelSubject(model, held_out) for model in (conditional, sampled_only, make_model()))
    ]
    assert told == [(True, True), (True, False), (False, False)]


@pytest.mark.usefixtures("classifier")
def test_features_of_a_model_without_a_checkpoint_are_not_kept_on_disk(
    held_out: ImageDataset, make_model: "MakeModel", tmp_path: Path
) -> None:
    few = MetricSettings(samples=50)
    values = [evaluate(make_model(seed=seed), held_out, ["kid_embedded"], few)[0].value for seed in (0, 1, 0)]
    assert values[0] == values[2] != values[1]
    # Those of the split, which all models share.
    assert len(list((tmp_path / "features").glob("*.safetensors"))) == 1


def test_conditions_of_samples_follow_their_law(conditional: LatentModel, held_out: ImageDataset) -> None:
    assert held_out.labels is not None
    rare = replace(held_out, labels=torch.where(held_out.labels == 3, 3, 7))
    subject = ModelSubject(conditional, rare)
    uniform = Items.joined(list(subject.samples(500, 0, "uniform", never)))
    as_split = Items.joined(list(subject.samples(500, 0, "split", never)))
    assert uniform.labels is not None
    assert uniform.labels.bincount().tolist() == [50] * 10
    assert as_split.labels is not None
    assert as_split.condition is not None
    assert set(as_split.labels.tolist()) == {3, 7}
    share = float((held_out.labels == 3).double().mean())
    assert float((as_split.labels == 3).double().mean()) == pytest.approx(share, abs=4.0 * (share / 500) ** 0.5)
    assert torch.equal(as_split.condition, torch.eye(10)[as_split.labels])
    with torch.inference_mode():
        codes = conditional.sample_prior(250, 1.0, None, torch.Generator().manual_seed(0))
        expected = conditional.decode(codes, as_split.condition[:250])
    torch.testing.assert_close(as_split.images[:250], expected)


def test_an_unconditional_model_samples_as_ever(make_model: "MakeModel", held_out: ImageDataset) -> None:
    subject = ModelSubject(make_model(), held_out)
    samples = list(subject.samples(300, 4, "split", never))
    assert [len(items) for items in samples] == [250, 50]
    assert samples[0].condition is None
    assert samples[0].labels is None
    with pytest.raises(StoppedError):
        list(subject.samples(300, 4, "split", lambda: True))


def test_a_missing_classifier_is_said_before_anything_is_measured(
    make_model: "MakeModel", held_out: ImageDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path))
    shares: list[float] = []
    with pytest.raises(UsageError, match="no classifier of digits yet; train it with: latent-trainer data classifier"):
        evaluate(make_model(), held_out, ["kl", "mode_coverage"], None, lambda share, _what: shares.append(share))
    assert shares == []


def test_points_have_no_features() -> None:
    moons = load_dataset("moons", "test")
    with pytest.raises(UsageError, match="moons consists of points"):
        required_resources(moons.spec, frozenset({"features"}), torch.device("cpu"))
    classifier = required_resources(moons.spec, frozenset({"classifier"}), torch.device("cpu")).classifier
    assert classifier is not None
    assert moons.labels is not None
    assert float((classifier.classify(moons.scaled()) == moons.labels).double().mean()) > 0.95


def test_codes_of_training_items_tell_the_classes(
    make_model: "MakeModel", digits: ImageDataset, held_out: ImageDataset
) -> None:
    (measured,) = evaluate(make_model(latent_size=8), held_out, ["linear_probe"])
    assert measured.count == len(held_out)
    assert measured.settings["fitted_to"] == f"{len(digits)} training items"
    # Random features already tell digits apart far better than chance.
    assert 0.3 < measured.value < 1.0


def test_samples_are_compared_with_what_the_model_learned_from(
    make_model: "MakeModel", held_out: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def own_items(_subject: ModelSubject, *_arguments: object) -> Iterator[Items]:
        yield Items(load_dataset("digits", "train").scaled(slice(0, 300)))

    monkeypatch.setattr(ModelSubject, "samples", own_items)
    model, settings = make_model(), MetricSettings(samples=300)
    (measured,) = evaluate(model, held_out, ["nearest_training_distance"], settings)
    assert measured.value == 0.0
    assert measured.settings["found_share_of_copies"] == 1.0
    assert float(measured.settings["found_of_unseen_items"]) > 0.05
    model.data_spec = model.data_spec.model_copy(update={"fingerprint": "another"})
    with pytest.raises(UsageError, match="digits is no longer what the model learned from"):
        evaluate(model, held_out, ["nearest_training_distance"], settings)


def test_known_factors_are_the_attributes_of_the_split(make_model: "MakeModel", held_out: ImageDataset) -> None:
    model = make_model()
    with pytest.raises(UsageError, match="mig needs data with known factors"):
        evaluate(model, held_out, ["mig"])
    known = {"attribute_names": ("brightness", "top")}
    model.data_spec = model.data_spec.model_copy(update=known)
    scaled = held_out.scaled()
    columns = torch.stack([scaled.mean(dim=(1, 2, 3)), scaled[:, :, :4].mean(dim=(1, 2, 3))], dim=1)
    described = replace(held_out, spec=held_out.spec.model_copy(update=known), attributes=columns)
    scores = evaluate(model, described, ["mig", "dci", "sap"])
    assert all(0.0 <= measured.value <= 1.0 for measured in scores)
    assert all(measured.settings["factors"] == "brightness, top" for measured in scores)


def test_why_a_metric_cannot_be_measured_is_a_sentence(make_model: "MakeModel", held_out: ImageDataset) -> None:
    model = make_model("autoencoder")
    assert reason_against(model, held_out, "reconstruction_error") is None
    assert "elbo needs" in (reason_against(model, held_out, "elbo") or "")
    assert "needs at least 2,049 samples" in (reason_against(model, held_out, "fid_inception") or "")
