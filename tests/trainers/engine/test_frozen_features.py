"""Networks that features are taken from, while a model is trained and measured by turns."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from trainers.data.image_dataset import ImageDataset
from trainers.engine import classifier_training
from trainers.engine.classifier_training import train_classifier
from trainers.engine.evaluation import measure_metric
from trainers.engine.evaluation_resources import required_resources
from trainers.engine.model_subject import ModelSubject
from trainers.metrics.extractor import ExtractorName
from trainers.metrics.metric import METRICS, MetricSettings
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel


@pytest.mark.parametrize("extractor", ["embedded", "inception"])
def test_training_and_measuring_change_nothing_of_them(
    extractor: ExtractorName,
    make_model: "MakeModel",
    digits: ImageDataset,
    weights: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(classifier_training, "_FEWEST_STEPS", 30)
    if extractor == "embedded":
        train_classifier("digits")
    metric = METRICS[f"kid_{extractor}"]
    resources = required_resources(digits.spec, metric.resources, torch.device("cpu"), weights)
    network, model = resources.extractors[extractor].network, make_model()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    start = [parameter.detach().clone() for parameter in model.parameters()]
    owner = nn.ModuleList([model, network])
    optimizer = torch.optim.AdamW(owner.parameters(), lr=0.01, weight_decay=0.1)
    values = []
    for step in range(5):
        owner.train()
        images = model.decode(torch.randn(4, model.latent_space.size))
        # A classifier sees the pictures themselves, so that a gradient goes through it.
        seen = network(images) if extractor == "embedded" else images
        optimizer.zero_grad()
        seen.square().mean().backward()
        optimizer.step()
        subject = ModelSubject(model, digits, resources=resources)
        settings = MetricSettings(samples=4, limit=4, seed=step)
        values.append(measure_metric(model, subject, metric, settings, no_report, never).value)
        assert model.training
    assert len(set(values)) == 5
    assert any(not torch.equal(*pair) for pair in zip(start, model.parameters(), strict=True))
    after = network.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())
    assert not any(module.training for module in network.modules())
    assert not any(parameter.requires_grad for parameter in network.parameters())
