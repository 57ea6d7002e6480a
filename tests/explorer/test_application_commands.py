"""Commands of the menus that find nothing to act on."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from trainers.engine.checkpoint import find_checkpoint

if TYPE_CHECKING:
    from explorer.app import Explorer

_WHAT_TO_DO = {
    "export_edited": "drop a file on the window",
    "export_table": "select points on the map first",
    "export_items": "select points on the map first",
    "export_pair": "choose one with A | B",
    "export_conditions": "takes no class and no attributes",
    "export_path": "add where the ring is",
    "copy_path": "add where the ring is",
    "path_play": "add where the ring is",
    "export_history": "open a run folder",
    "history_earlier": "open a run folder",
    "history_first": "open a run folder",
    "history_live": "open a run folder",
    "history_play": "open a run folder",
    "own_code": "drop a file on the window",
    "swap_models": "choose one with A | B",
}


def test_a_command_with_nothing_to_act_on_says_what_to_do(
    open_explorer: Callable[[str], "Explorer"], settle: Callable[["Explorer"], None], digits_run: Path, tmp_path: Path
) -> None:
    alone = shutil.copy(find_checkpoint(digits_run), tmp_path / "alone.safetensors")
    explorer = open_explorer(str(alone))
    settle(explorer)
    said = {}
    for name in _WHAT_TO_DO:
        explorer.window.show_message("", "info")
        explorer.window.action(name).trigger()
        said[name] = explorer.window.message()
    assert {name: text for name, text in said.items() if _WHAT_TO_DO[name] not in text} == {}
