"""Draws that several processes share."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from trainers.latent.posterior import Posterior
from trainers.processes import SharedGenerator, normal_noise, random_integers, summed_over_processes, uniform_noise

DRAWS: dict[str, Callable[[int, torch.Generator], Tensor]] = {
    "normal": lambda count, generator: normal_noise((count, 3), generator),
    "uniform": lambda count, generator: uniform_noise((count, 3), generator),
    "integers": lambda count, generator: random_integers(9, (count,), generator),
    "posterior": lambda count, generator: Posterior(torch.zeros(count, 2), torch.zeros(count, 2)).sample(generator)[0],
}


@pytest.mark.parametrize("name", DRAWS)
def test_two_processes_draw_the_halves_of_what_one_draws(name: str) -> None:
    draw = DRAWS[name]
    alone = torch.Generator().manual_seed(5)
    shared = [SharedGenerator("cpu", process, 2) for process in range(2)]
    for generator in shared:
        generator.manual_seed(5)

    for _ in range(3):
        whole = draw(8, alone)
        assert torch.equal(torch.cat([draw(4, generator) for generator in shared]), whole)
    assert all(torch.equal(generator.get_state(), alone.get_state()) for generator in shared)


def test_items_may_lie_along_any_axis() -> None:
    alone, second = torch.Generator().manual_seed(1), SharedGenerator("cpu", 1, 2).manual_seed(1)

    assert torch.equal(normal_noise((5, 4), alone, axis=1)[:, 2:], normal_noise((5, 2), second, axis=1))


def test_one_process_sums_over_itself() -> None:
    values = torch.arange(3.0)

    assert summed_over_processes(values) is values
