"""The processes that share every step of a run; for one that is alone nothing is done and nothing slows down."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import torch
from torch import Tensor, distributed, nn

from trainers.engine.orders import Orders
from trainers.processes import ProcessLostError, SharedGenerator, answered, has_shared_a_run

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

# What one process may do while the others wait for it, such as fitting a prior; who is gone is noticed at once.
_PATIENCE = timedelta(minutes=30)


class ProcessGroup:
    """This process among those that share the items of every step.

    All of them do the same in the same order. The first one alone decides what depends on time or on commands, and
    writes and speaks for all.
    process: its number from 0. processes: how many there are.
    why_lost: tells, after a `ProcessLostError`, what became of the other process.
    """

    # Within this time a process that only waits hears from the first one, and the first one whether all are there.
    heartbeat_s: float | None = None

    def __init__(
        self, process: int = 0, processes: int = 1, why_lost: Callable[[], str] = lambda: str(ProcessLostError())
    ) -> None:
        self.process = process
        self.processes = processes
        self.why_lost = why_lost
        if processes > 1:
            self.heartbeat_s = 5.0

    @property
    def is_first(self) -> bool:
        """Whether this process decides, writes and speaks."""
        return self.process == 0

    def generator(self, device: torch.device, seed: int) -> torch.Generator:
        """The source of all randomness of the steps, in the same state in every process."""
        if self.processes == 1:
            return torch.Generator(device).manual_seed(seed)
        return SharedGenerator(device, self.process, self.processes).manual_seed(seed)

    def from_first(self, decide: Callable[[], Orders]) -> Orders:
        """What the first process decides; in the others the function is not called."""
        if self.processes == 1:
            return decide()
        return Orders.from_number(self._number_of_first(decide().to_number() if self.is_first else 0))

    def average_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        """Replace the gradients by their means over all processes; the same parameters have one in every process."""
        if self.processes == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        dense = [gradient for gradient in gradients if not gradient.is_sparse]
        if dense:
            # In one piece: what a message costs hardly depends on its length.
            joined = _joined(dense)
            with answered():
                distributed.all_reduce(joined)
            _separate(joined.div_(self.processes), dense)
        for parameter in parameters:
            if parameter.grad is not None and parameter.grad.is_sparse:
                parameter.grad = self._average_of_rows(parameter.grad)

    def means(self, values: Mapping[str, float]) -> dict[str, float]:
        """Means over all processes of numbers by name; every process has the same names."""
        if self.processes == 1 or not values:
            return dict(values)
        means = torch.tensor(list(values.values()), dtype=torch.float64)
        with answered():
            distributed.all_reduce(means)
        return dict(zip(values, means.div_(self.processes).tolist(), strict=True))

    def share_state(self, module: nn.Module) -> None:
        """Give all processes the parameters and buffers of the first one."""
        if self.processes == 1:
            return
        tensors = list(module.state_dict().values())
        for dtype in dict.fromkeys(tensor.dtype for tensor in tensors):
            alike = [tensor for tensor in tensors if tensor.dtype == dtype]
            joined = _joined(alike)
            with answered():
                distributed.broadcast(joined, 0)
            if not self.is_first:
                _separate(joined, alike)

    def bytes_of_first(self, content: bytes | None) -> bytes:
        """The bytes that the first process gives; the others give None."""
        if self.processes == 1:
            return content or b""
        length = self._number_of_first(len(content or b""))
        if length == 0:
            return b""
        message = torch.frombuffer(bytearray(content or bytes(length)), dtype=torch.uint8)
        with answered():
            distributed.broadcast(message, 0)
        return message.numpy().tobytes()

    def _number_of_first(self, own: int) -> int:
        number = torch.tensor([own])
        with answered():
            distributed.broadcast(number, 0)
        return int(number)

    def _average_of_rows(self, gradient: Tensor) -> Tensor:
        # The rows differ from process to process, so they are put one after the other instead of added in place.
        gradient = gradient.coalesce()
        counts = torch.zeros(self.processes, dtype=torch.int64)
        counts[self.process] = gradient.indices().shape[1]
        with answered():
            distributed.all_reduce(counts)
        indices = torch.cat(self._gathered(gradient.indices().T, counts)).T
        values = torch.cat(self._gathered(gradient.values(), counts))
        return torch.sparse_coo_tensor(
            indices, values / self.processes, gradient.shape, check_invariants=False
        ).coalesce()

    def _gathered(self, rows: Tensor, counts: Tensor) -> list[Tensor]:
        most = int(counts.max())
        padded = rows.new_zeros(most, *rows.shape[1:])
        padded[: len(rows)] = rows
        gathered = [torch.empty_like(padded) for _ in range(self.processes)]
        with answered():
            distributed.all_gather(gathered, padded)
        return [part[:count] for part, count in zip(gathered, counts.tolist(), strict=True)]


ALONE = ProcessGroup()


def join(process: int, processes: int, store: "Store", device: torch.device) -> None:
    """Connect this process to the others that meet in a store; returns when all have come."""
    if device.type == "cuda":
        torch.cuda.set_device(device)
    # Decisions go from processor to processor, so that no process waits for its GPU because of them.
    backend = "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo"
    has_shared_a_run.set()
    with answered():
        distributed.init_process_group(backend, store=store, rank=process, world_size=processes, timeout=_PATIENCE)


def leave() -> None:
    """End the connections to the other processes; for a process that is alone nothing happens."""
    if distributed.is_available() and distributed.is_initialized():
        distributed.destroy_process_group()


def _joined(tensors: Sequence[Tensor]) -> Tensor:
    return torch.cat([tensor.detach().flatten() for tensor in tensors])


def _separate(joined: Tensor, tensors: Sequence[Tensor]) -> None:
    parts = joined.split([tensor.numel() for tensor in tensors])
    with torch.no_grad():
        for tensor, part in zip(tensors, parts, strict=True):
            tensor.copy_(part.view_as(tensor))
