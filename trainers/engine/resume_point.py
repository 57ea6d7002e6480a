"""Everything a run needs to go on as if it had never been stopped."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from trainers.atomic_writing import write_atomically
from trainers.errors import UsageError

_FORMAT = 1


@dataclass(frozen=True)
class ResumePoint:
    """The state of a run between two steps.

    step: steps done, which is also the position in the stream of batches. repeat_batches: batches drawn for repeats.
    phase: index of the phase the optimisers belong to. phase_ends: the step before which each phase runs.
    generator: state of the loop's generator; process_generators: those of the process, the processor's first.
    """

    step: int
    repeat_batches: int
    phase: int
    phase_ends: tuple[int, ...]
    model: dict[str, Tensor]
    optimizers: list[dict[str, Any]]
    generator: Tensor
    process_generators: list[Tensor]

    def save(self, path: Path) -> None:
        """Write the state, whole or not at all; raises `FailureError` if it cannot be written."""
        write_atomically(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """The content of the file that `save` writes."""
        content = io.BytesIO()
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        torch.save({"format": _FORMAT, **fields}, content)
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "ResumePoint":
        """The state of which another process gave the bytes."""
        values = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        del values["format"]
        return cls(**values)

    @classmethod
    def load(cls, path: Path) -> "ResumePoint":
        """Read what `save` wrote; raises `UsageError` for a damaged or newer file."""
        try:
            _check_sums(path)
            values = torch.load(path, map_location="cpu", weights_only=True)
            version = int(values.pop("format"))
            point = cls(**values) if version <= _FORMAT else None
        except Exception as error:
            # Whatever damaged bytes lead the reader to: it raises index, type and value errors, among others.
            raise UsageError(f"{path} is damaged, so the run cannot go on; start a new one.") from error
        if point is None:
            raise UsageError(
                f"A newer version of Latent Explorer wrote {path} (format {version}, this is {_FORMAT}): update "
                "Latent Explorer to go on with the run."
            )
        return point


def _check_sums(path: Path) -> None:
    # The reader of tensors does not compare them, and would go on with changed weights.
    with zipfile.ZipFile(path) as archive:
        changed = archive.testzip()
    if changed is not None:
        raise ValueError(f"{changed} has another checksum")


def process_generators(device: torch.device) -> list[Tensor]:
    """States of the process's own generators, for layers that draw from them, such as dropout."""
    states = [torch.get_rng_state()]
    if device.type == "cuda":
        states.append(torch.cuda.get_rng_state(device))
    return states


def restore_process_generators(states: list[Tensor], device: torch.device) -> None:
    """Put back what `process_generators` gave."""
    torch.set_rng_state(states[0])
    if device.type == "cuda" and len(states) > 1:
        torch.cuda.set_rng_state(states[1], device)
