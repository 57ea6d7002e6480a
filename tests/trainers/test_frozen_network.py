"""A frozen network within one that is trained."""

import torch
from torch import nn

from trainers.frozen_network import FrozenNetwork


class _Watched(nn.Module):
    """A network whose loss is what another one sees in what it makes."""

    def __init__(self) -> None:
        super().__init__()
        self.maker = nn.Linear(4, 6)
        looking = nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.Dropout(0.5))
        self.seen = FrozenNetwork(looking)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        seen: torch.Tensor = self.seen(self.maker(codes))
        return seen


def test_training_around_it_changes_nothing_of_it() -> None:
    torch.manual_seed(0)
    whole = _Watched()
    before = {name: value.clone() for name, value in whole.state_dict().items()}
    optimizer = torch.optim.AdamW(whole.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(5):
        whole.train()
        loss = (whole(torch.randn(8, 4)) - 1.0).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    after = whole.state_dict()
    for name, value in before.items():
        assert torch.equal(after[name], value) == name.startswith("seen."), name
    assert whole.training
    assert whole.maker.training
    assert not any(module.training for module in whole.seen.modules())
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in whole.seen.parameters())


def test_what_it_sees_does_not_depend_on_the_mode_of_its_owner() -> None:
    whole, codes = _Watched(), torch.randn(8, 4)
    assert torch.equal(whole.train()(codes), whole.eval()(codes))
