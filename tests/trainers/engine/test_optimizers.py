from typing import get_args, get_type_hints

import pytest
import torch
from torch import nn

from trainers.engine.optimizers import make_optimizer
from trainers.models.training_plan import OptimizerSpec

NAMES = get_args(get_type_hints(OptimizerSpec)["name"])


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sparse_adam"])
def test_every_optimiser_goes_downhill(name: str) -> None:
    parameter = nn.Parameter(torch.tensor([3.0, -2.0]))
    optimizer = make_optimizer(OptimizerSpec(name=name, learning_rate=0.05), [parameter])  # type: ignore[arg-type]
    before = parameter.square().sum().item()
    for _ in range(20):
        optimizer.zero_grad()
        parameter.square().sum().backward()
        optimizer.step()
    assert parameter.square().sum().item() < 0.9 * before


def test_a_sparse_optimiser_moves_only_the_rows_of_a_step() -> None:
    table = nn.Embedding(3, 2, sparse=True)
    optimizer = make_optimizer(OptimizerSpec(name="sparse_adam", learning_rate=0.05), list(table.parameters()))
    for row in (0, 1):
        before = table.weight.detach().clone()
        optimizer.zero_grad()
        table(torch.tensor([row])).square().sum().backward()
        optimizer.step()
        assert (table.weight != before).any(dim=1).tolist() == [row == 0, row == 1, False]


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_the_fused_kernel_computes_the_formula(name: str) -> None:
    spec = OptimizerSpec(name=name, learning_rate=0.1, betas=(0.5, 0.9), weight_decay=0.2)  # type: ignore[arg-type]
    plain_type = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
    ours, plain = (nn.Parameter(torch.linspace(-1.0, 1.0, 7)) for _ in range(2))
    pair = [
        (ours, make_optimizer(spec, [ours])),
        (plain, plain_type([plain], lr=0.1, betas=(0.5, 0.9), weight_decay=0.2, foreach=False)),
    ]
    for parameter, optimizer in pair:
        for _ in range(5):
            optimizer.zero_grad()
            parameter.pow(4).sum().backward()
            optimizer.step()
    torch.testing.assert_close(ours, plain)


def test_settings_reach_the_optimiser() -> None:
    spec = OptimizerSpec(name="rmsprop", learning_rate=0.25, weight_decay=0.5)
    group = make_optimizer(spec, [nn.Parameter(torch.ones(1))]).param_groups[0]
    assert (group["lr"], group["weight_decay"]) == (0.25, 0.5)
