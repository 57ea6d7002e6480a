"""What each of two processes does for `test_shared_steps.py`, started by torchrun: many runs, one after the other."""

import json
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from trainers.engine import phase_steps
from trainers.engine.commands import Command, CommandQueue
from trainers.engine.meeting import launched_meeting
from trainers.engine.optimizers import make_optimizer
from trainers.engine.orders import Orders
from trainers.engine.process_group import ProcessGroup
from trainers.engine.training import resume, train
from trainers.engine.training_request import TrainingRequest
from trainers.models.training_plan import OptimizerSpec
from trainers.processes import launched_process, normal_noise, summed_over_processes

CPU = torch.device("cpu")


class StopAfter(CommandQueue):
    """Says "stop" after a number of steps."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self._steps_left = steps

    def take(self) -> Command | None:
        """The command, asked for once before every step."""
        self._steps_left -= 1
        return "stop" if self._steps_left < 0 else None


def make_steady_optimizer(spec: OptimizerSpec, parameters: Sequence[nn.Parameter]) -> Optimizer:
    """The optimiser of a model, but one that does not make whole steps of rounding errors.

    Some gradients are zero but for the last bits, such as that of the last bias of a Wasserstein critic; Adam divides
    them by their own size.
    """
    optimizer = make_optimizer(spec, parameters)
    for group in optimizer.param_groups:
        if "eps" in group:
            group["eps"] = 1e-5
    return optimizer


def work(folder: Path, run: Mapping[str, Any]) -> None:
    """Train a run, up to a step if one is named, or go on with it."""
    commands = StopAfter(run["stop_after"]) if "stop_after" in run else CommandQueue()
    path = folder / run["name"]
    if "request" in run:
        train(TrainingRequest.from_values(run["request"]), path, commands=commands)
    else:
        resume(path, commands=commands)


def what_a_group_gives(group: ProcessGroup) -> dict[str, object]:
    """Everything two processes can give each other, where process 0 holds ones and process 1 holds threes."""
    own = 1.0 + 2.0 * group.process
    dense, table = nn.Parameter(torch.zeros(2, 3)), nn.Embedding(4, 2, sparse=True)
    rows_of_table = table.weight
    assert isinstance(rows_of_table, nn.Parameter)
    rows = torch.tensor([group.process, 2])
    (own * dense.sum() + own * table(rows).sum()).backward()
    group.average_gradients([dense, rows_of_table, nn.Parameter(torch.zeros(5))])
    norm = nn.BatchNorm1d(2)
    norm.running_mean, norm.num_batches_tracked = torch.full((2,), own), torch.tensor(int(own))
    group.share_state(norm)
    assert dense.grad is not None
    assert table.weight.grad is not None
    return {
        "gradient": dense.grad.tolist(),
        "rows": table.weight.grad.coalesce().indices().tolist(),
        "gradient of rows": table.weight.grad.to_dense().tolist(),
        "means": group.means({"loss": own, "kl": 10 * own}),
        "no means": group.means({}),
        "orders": group.from_first(lambda: Orders("snapshot", group.is_first, save=True)),
        "bytes": group.bytes_of_first(b"a state" if group.is_first else None).decode(),
        "no bytes": group.bytes_of_first(b"" if group.is_first else None).decode(),
        "buffers": [norm.running_mean.tolist(), int(norm.num_batches_tracked)],
        "sum": summed_over_processes(torch.tensor([own])).tolist(),
        "noise": normal_noise((3,), group.generator(CPU, 7)).tolist(),
    }


def main() -> None:
    """Do what the file says that is named first, in the folder named second."""
    folder = Path(sys.argv[2])
    phase_steps.make_optimizer = make_steady_optimizer  # type: ignore[attr-defined]
    for run in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        try:
            work(folder, run)
        except Exception:
            traceback.print_exc()
    with launched_meeting().joined(CPU) as group:
        given = json.dumps(what_a_group_gives(group))
    (folder / f"group-{launched_process()}.json").write_text(given, encoding="utf-8")


if __name__ == "__main__":
    main()
