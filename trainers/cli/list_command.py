"""`list`: what there is to choose from."""

from typing import Annotated, Any

import typer
from rich.table import Table

from trainers.cli.options import JsonOption
from trainers.cli.settings_table import settings_table, settings_values
from trainers.cli.terminal import Terminal

ModelName = Annotated[str | None, typer.Argument(metavar="[MODEL]", help="Show the settings of this model.")]


def list_everything(model: ModelName = None, as_json: JsonOption = False) -> None:
    """Show models, datasets, metrics, presets and devices; with MODEL the settings of that model."""
    terminal = Terminal(as_json)
    if model is None:
        _list_all(terminal)
    else:
        show_settings(terminal, model)


def show_settings(terminal: Terminal, model: str) -> None:
    """The settings of a model; raises `UsageError` for an unknown one."""
    from trainers.models.capabilities import possible_capabilities
    from trainers.models.catalogue import MODELS

    model_type = MODELS[model]
    terminal.say(f"{model}: {summary(model_type)}")
    terminal.say(settings_table(model_type.config_type))
    terminal.say("Give a setting to a training with --set NAME=VALUE.")
    able = sorted(possible_capabilities(model_type))
    terminal.say(f"It has, where settings and data allow it: {', '.join(able).replace('_', ' ') or 'only a decoder'}.")
    description = {"model": model, "description": summary(model_type), "capabilities": able}
    terminal.answer({**description, "settings": settings_values(model_type.config_type)})


def summary(documented: object) -> str:
    """The first sentence of what something says of itself."""
    return (documented.__doc__ or "").strip().partition("\n")[0]


def _list_all(terminal: Terminal) -> None:
    from trainers.data.catalogue import DATASETS
    from trainers.engine.devices import available_devices
    from trainers.engine.presets import load_preset, preset_names
    from trainers.metrics.catalogue import METRICS
    from trainers.models.capabilities import possible_capabilities
    from trainers.models.catalogue import MODELS

    datasets = {name: DATASETS[name] for name in DATASETS}
    presets = [load_preset(name) for name in preset_names()]
    groups: dict[str, dict[str, dict[str, Any]]] = {
        "models": {
            name: {"description": summary(MODELS[name]), "capabilities": sorted(possible_capabilities(MODELS[name]))}
            for name in MODELS
        },
        "datasets": {
            name: {"description": source.description, "available": source.is_available()}
            for name, source in datasets.items()
        },
        "metrics": {name: {"description": METRICS[name].description, "unit": METRICS[name].unit} for name in METRICS},
        "presets": {preset.name: {"description": preset.description} for preset in presets},
    }
    devices = available_devices()
    table = Table("", "name", "description", box=None)
    for kind, entries in groups.items():
        for place, (name, entry) in enumerate(entries.items()):
            missing = "" if entry.get("available", True) else "; not on this machine yet"
            table.add_row("" if place else kind, name, f"{entry['description']}{missing}")
        table.add_section()
    terminal.say(table)
    terminal.say(f"Devices: {', '.join(devices)}. 'list MODEL' shows the settings of a model.")
    terminal.answer({**groups, "devices": list(devices)})
