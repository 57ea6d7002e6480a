"""Curves of a run as TensorBoard event files."""

import importlib.util
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from trainers.engine.events import Event, Measured, Started, Stepped
from trainers.errors import UsageError

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class TensorBoardLog:
    """Writes loss terms and measurements of a run into its folder; raises `UsageError` without TensorBoard."""

    def __init__(self, run: Path) -> None:
        if importlib.util.find_spec("tensorboard") is None:
            raise UsageError(
                "TensorBoard is not installed; run \"pip install 'latent-explorer[tensorboard]'\" or leave "
                "out --tensorboard."
            )
        self._folder = run / "tensorboard"
        self._writer: SummaryWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    def __call__(self, event: Event) -> None:
        """Write one event; only steps and measurements have curves."""
        if isinstance(event, Started):
            # Not before: a request that is refused leaves nothing on disk.
            from torch.utils.tensorboard import SummaryWriter

            self._writer = SummaryWriter(str(self._folder), purge_step=event.step)
        elif self._writer is None:
            return
        elif isinstance(event, Stepped):
            for name, value in event.terms.items():
                self._writer.add_scalar(f"train/{name}", value, event.step)
            self._writer.add_scalar("speed/images_per_second", event.images_per_second, event.step)
        elif isinstance(event, Measured):
            self._writer.add_scalar(f"measured/{event.name}", event.value, event.step)
