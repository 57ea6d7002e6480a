"""A session as a file: a state as versioned JSON, written whole or not at all."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from PySide6.QtCore import QIODevice, QSaveFile

from explorer.state.session_state import SessionState

SESSION_SUFFIX = ".session.json"
_FORMAT = "latent-explorer session"
_VERSION = 2
_LARGEST_BYTES = 4_000_000


class SessionFileError(Exception):
    """A session file that cannot be read or written; the text is one sentence that says what to do."""


class _SessionFile(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)

    format: Literal["latent-explorer session"] = _FORMAT  # type: ignore[assignment]
    version: Literal[2] = _VERSION  # type: ignore[assignment]
    state: SessionState


def session_text(state: SessionState) -> str:
    """The state as JSON text of the newest version."""
    return _SessionFile(state=state).model_dump_json(indent=1)


def session_values(state: SessionState) -> dict[str, Any]:
    """The state as JSON values to be kept in a picture that others may see: without the path of any model."""
    alone = replace(state.comparison, model="", shown=False)
    shown = replace(state, model="", comparison=alone, metrics=replace(state.metrics, runs=()))
    values: dict[str, Any] = json.loads(session_text(shown))
    return values


def parse_session(text: str, name: str = "The text") -> SessionState:
    """The state that a text holds; raises `SessionFileError` beginning with `name`."""
    try:
        content: Any = json.loads(text)
    except ValueError as error:
        raise SessionFileError(f"{name} is no session file: it is not JSON.") from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise SessionFileError(f"{name} is no session file of Latent Explorer.")
    version = content.get("version")
    if isinstance(version, int) and version > _VERSION:
        raise SessionFileError(
            f"{name} was saved by a newer Latent Explorer (version {version} of the file, {_VERSION} is known here); "
            "update to open it."
        )
    if version == 1:
        text = json.dumps(_second_version(content))
    try:
        return _SessionFile.model_validate_json(text).state
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise SessionFileError(f"{name} is damaged: {place} has no value that makes sense.") from error


def parse_values(values: dict[str, Any], name: str) -> SessionState:
    """The state that `session_values` gave; raises `SessionFileError` beginning with `name`."""
    return parse_session(json.dumps(values), name)


def load_session(path: Path) -> SessionState:
    """Open a session file; raises `SessionFileError`."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise SessionFileError(f"{path} is no session file: it is too large.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SessionFileError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SessionFileError(f"{path} is no session file: it is not text.") from error
    return parse_session(text, str(path))


def save_session(state: SessionState, path: Path) -> None:
    """Write a session file; whatever was there is replaced at the end or left as it was. Raises `SessionFileError`."""
    file = QSaveFile(str(path))
    written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(session_text(state).encode()) >= 0
    if not (written and file.commit()):
        raise SessionFileError(f"{path} cannot be written: {file.errorString()}.")


def _second_version(content: dict[str, Any]) -> dict[str, Any]:
    # Version 1 knew one temperature and no conditions. What does not look like it is left for the check to name.
    state = content.get("state")
    samples = state.get("samples") if isinstance(state, dict) else None
    if not isinstance(state, dict) or not isinstance(samples, dict) or "temperature" not in samples:
        return {**content, "version": 2}
    changed = {name: value for name, value in samples.items() if name != "temperature"}
    changed["temperatures"] = [samples["temperature"]]
    return {**content, "version": 2, "state": {**state, "samples": changed}}
