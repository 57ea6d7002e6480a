"""Every command of the window as one table."""

from explorer.views.command import Command

COMMANDS = (
    Command("open_file", "Open checkpoint…", "File", "Ctrl+O", "open", "Open a checkpoint file", on_toolbar=True),
    Command("open_run", "Open run folder…", "File", "Ctrl+Shift+O", "run", "Open the newest checkpoint of a run"),
    Command("open_session", "Open session…", "File", "Ctrl+Alt+O", "file", "Go on where a saved session was left"),
    Command("save_session", "Save session…", "File", "Ctrl+S", "save", "Save model, point, map and choices"),
    Command("export_decoded", "Decoded picture…", "File/Export", "Ctrl+E", "export", "Write the picture as PNG"),
    Command("export_map", "Map…", "File/Export", "Ctrl+Shift+E", "export", "Write the visible map as PNG"),
    Command("export_samples", "Samples…", "File/Export", "Ctrl+Alt+E", "export", "Write the samples as one PNG"),
    Command("quit", "Quit", "File", "Ctrl+Q", "quit", "Close the window; a run is stopped and can be resumed"),
    Command("undo", "Undo", "Edit", "Ctrl+Z", "undo", "Take back the last step", on_toolbar=True),
    Command("redo", "Redo", "Edit", "Ctrl+Shift+Z; Ctrl+Y", "redo", "Do again what was taken back", on_toolbar=True),
    Command("copy_decoded", "Copy decoded picture", "Edit", "Ctrl+Shift+C", "copy", "Copy the decoded picture"),
    Command("copy_map", "Copy map", "Edit", "Ctrl+Alt+M", "copy", "Copy the visible map"),
    Command("copy_samples", "Copy samples", "Edit", "Ctrl+Alt+S", "copy", "Copy the samples as one picture"),
    Command("home_view", "Whole map", "View", "Ctrl+0", "home", "Show the whole map", on_toolbar=True),
    Command("show_tiles", "Tiles", "View", "Ctrl+T", "tiles", "Show decoded tiles on the map", checkable=True),
    Command("show_points", "Points", "View", "Ctrl+P", "points", "Show the encoded data on the map", checkable=True),
    Command("smooth_pictures", "Smooth pictures", "View", "Ctrl+M", "smooth", "Interpolate enlarged pictures", True),
    Command("theme_system", "Like the system", "View/Theme", "", "theme", "Light or dark as the system is", True),
    Command("theme_light", "Light", "View/Theme", "", "theme", "Light colours", True),
    Command("theme_dark", "Dark", "View/Theme", "", "theme", "Dark colours", True),
    Command("train_start", "Train", "Model", "Ctrl+Return", "play", "Train what the form says"),
    Command("train_pause", "Pause or go on", "Model", "Ctrl+Space", "pause", "Pause training, or let it go on"),
    Command("train_stop", "Stop", "Model", "Ctrl+.", "stop", "Save and stop; the run can be resumed"),
    Command(
        "keep_training",
        "Keep training after closing",
        "Model",
        tooltip="Let a run go on when the window is closed",
        checkable=True,
    ),
    Command("open_shipped", "Open the shipped model", "Model", "Ctrl+D", "shipped", "Open the model of digits"),
    Command("shortcuts", "Keyboard shortcuts", "Help", "F1", "help", "List every command with its shortcut"),
    Command("about", "About Latent Explorer", "Help", "", "info", "Version and licence"),
)
