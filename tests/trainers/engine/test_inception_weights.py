"""Inception-v3 with weights that were never trained: reading, refusing and naming them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from trainers.data.catalogue import load_dataset
from trainers.data.download import download_file
from trainers.data.image_dataset import ImageDataset
from trainers.engine import inception_weights
from trainers.engine.evaluation import evaluate
from trainers.engine.inception_weights import (
    FILE,
    inception_path,
    load_inception,
    require_inception_weights,
)
from trainers.errors import FailureError, UsageError
from trainers.metrics.inception import OFFICIAL_DIGEST, InceptionExtractor, eight_bit_colours
from trainers.metrics.metric import MetricSettings
from trainers.reporting import no_report

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel

CPU = torch.device("cpu")


@pytest.fixture
def held_out() -> ImageDataset:
    return load_dataset("digits", "test")


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv("LATENT_EXPLORER_INCEPTION", raising=False)
    yield
    inception_weights._network.cache_clear()


def test_features_are_those_of_the_network_for_eight_bit_colours(weights: Path) -> None:
    extractor = load_inception(weights, CPU)
    images = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))

    features, logits = extractor.extract(images)

    assert (features.shape, logits.shape) == ((3, 2048), (3, 1008))
    assert extractor.size == 2048
    levels = (images * 255.0).round().to(torch.uint8).repeat(1, 3, 1, 1)
    expected, expected_logits = inception_weights._network(weights, weights.stat().st_size, weights.stat().st_mtime_ns)(
        levels
    )
    torch.testing.assert_close(features, expected)
    torch.testing.assert_close(logits, expected_logits)
    assert float(features.std()) > 0.0
    one_by_one = torch.cat([extractor.extract(image[None])[0] for image in images])
    torch.testing.assert_close(features, one_by_one, rtol=1e-4, atol=1e-5)


def test_eight_bits_are_rounded_and_grey_is_repeated() -> None:
    levels = eight_bit_colours(torch.tensor([-0.1, 0.0, 0.499 / 255, 0.501 / 255, 1.0, 1.2]).view(1, 1, 2, 3))
    assert levels.dtype == torch.uint8
    assert levels[0].flatten(1).tolist() == [[0, 0, 0, 1, 255, 255]] * 3
    colours = torch.rand(2, 3, 4, 4)
    assert torch.equal(eight_bit_colours(colours), (colours * 255.0).round().to(torch.uint8))
    with pytest.raises(UsageError, match="grey pictures or pictures of three colours"):
        eight_bit_colours(torch.rand(2, 2, 4, 4))


def test_only_the_published_weights_are_called_theirs(weights: Path) -> None:
    own, published = (
        InceptionExtractor(torch.nn.Identity(), digest, Path("mine.pth")).settings["extractor"]
        for digest in ("a" * 64, OFFICIAL_DIGEST)
    )
    assert own == "Inception-v3, other weights than torch-fidelity's: mine.pth (aaaaaaaa)"
    assert published == "Inception-v3, weights of torch-fidelity"
    assert "other weights" in load_inception(weights, CPU).settings["extractor"]
    assert "without antialiasing" in load_inception(weights, CPU).settings["resize"]


def test_weights_are_found_where_they_may_lie(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="not on this machine"):
        require_inception_weights()
    hub = tmp_path / "torch" / "hub" / "checkpoints" / FILE
    for place in (hub, inception_path()):
        place.parent.mkdir(parents=True)
        os.link(weights, place)
        assert require_inception_weights() == place
    named = tmp_path / "named.pth"
    shutil.copy(__file__, named)
    monkeypatch.setenv("LATENT_EXPLORER_INCEPTION", str(named))
    assert require_inception_weights() == named
    assert require_inception_weights(weights) == weights


def test_missing_weights_are_a_sentence_that_says_what_to_put_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError) as told:
        require_inception_weights()
    for part in ("latent-trainer data inception", FILE, "https://github.com/toshas/torch-fidelity/releases/"):
        assert part in str(told.value)
    assert str(inception_path().parent) in str(told.value)
    with pytest.raises(UsageError, match=r"no weights of Inception-v3 at .*absent\.pth; name the file weights-incep"):
        require_inception_weights(tmp_path / "absent.pth")
    monkeypatch.setenv("LATENT_EXPLORER_INCEPTION", str(tmp_path / "gone.pth"))
    with pytest.raises(UsageError, match=r"at .*gone\.pth"):
        require_inception_weights()


class _Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("sprung",)


@pytest.mark.parametrize("content", ["truncated", "text", "empty", "other names", "other shapes", "a list", "a trap"])
def test_a_wrong_file_is_one_sentence(
    content: str, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "wrong.pth"
    state = torch.load(weights, weights_only=True)
    objects = {
        "other names": {"weight": torch.zeros(3)},
        "other shapes": {**state, "fc.weight": torch.zeros(1000, 2048)},
        "a list": [1, 2],
        "a trap": _Trap(),
    }
    if content in objects:
        torch.save(objects[content], path)
    else:
        whole = weights.read_bytes()
        path.write_bytes({"truncated": whole[: len(whole) // 2], "text": b"<html>", "empty": b""}[content])
    with pytest.raises(UsageError, match=r"wrong\.pth (is damaged|holds other weights).*get weights-inception"):
        load_inception(path, CPU)
    assert not (tmp_path / "sprung").exists()


def test_a_download_that_fails_says_where_to_put_the_file(tmp_path: Path) -> None:
    source = tmp_path / "source.pth"
    source.write_bytes(b"something else")
    with pytest.raises(FailureError, match=r"another checksum.*put the file into .*inception by hand"):
        download_file([source.as_uri()], OFFICIAL_DIGEST, inception_path(), no_report)
    assert not inception_path().exists()


def test_a_download_is_checked_by_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    source = tmp_path / "source.pth"
    source.write_bytes(b"the weights")
    monkeypatch.setattr(inception_weights, "ADDRESSES", (source.as_uri(),))
    monkeypatch.setattr(inception_weights, "OFFICIAL_DIGEST", hashlib.sha256(b"the weights").hexdigest())
    assert inception_weights.download_inception()
    assert inception_path().read_bytes() == b"the weights"
    assert not inception_weights.download_inception()


def test_pictures_are_measured_by_it_in_any_batches(
    weights: Path, make_model: "MakeModel", held_out: ImageDataset
) -> None:
    names = ["kid_inception", "precision_inception", "recall_inception"]
    few = MetricSettings(samples=6, limit=5)
    small, large = (
        evaluate(make_model(), held_out, names, few.model_copy(update={"batch_size": size}), inception_weights=weights)
        for size in (3, 1000)
    )
    assert [(one.value, one.count) for one in small] == [(other.value, 6) for other in large]
    assert "other weights" in str(small[0].settings["extractor"])
    assert small[0].settings["input"] == "8 bits, grey repeated to three channels"
    with pytest.raises(UsageError, match="weights of Inception-v3 are not on this machine"):
        evaluate(make_model(), held_out, names, few)
