"""Large files written piece by piece that appear whole or not at all."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacement(target: Path) -> Iterator[Path]:
    """A path beside the target to write to; what is there takes the target's place only if nothing went wrong.

    Makes the folder. Several processes may replace the same target; the last one stays. Raises `OSError`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
