"""Every command of the window as one table."""

from explorer.views.command import Command

COMMANDS = (
    Command("open_file", "Open checkpoint…", "File", "Ctrl+O", "open", "Open a checkpoint file", on_toolbar=True),
    Command("open_run", "Open run folder…", "File", "Ctrl+Shift+O", "run", "Open the newest checkpoint of a run"),
    Command(
        "open_picture", "Open picture…", "File", "Ctrl+Alt+V", "image", "Give a picture of yours a code and edit it"
    ),
    Command("open_session", "Open session…", "File", "Ctrl+Alt+O", "file", "Go on where a saved session was left"),
    Command("save_session", "Save session…", "File", "Ctrl+S", "save", "Save model, point, map and choices"),
    Command("export_decoded", "Decoded picture…", "File/Export", "Ctrl+E", "export", "Write the picture at the ring"),
    Command(
        "export_edited", "Edited picture…", "File/Export", "Ctrl+Alt+B", "export", "Write your picture and its edit"
    ),
    Command("export_map", "Tiles of the map…", "File/Export", "Ctrl+Shift+E", "export", "Write the tiles in view"),
    Command("export_map_view", "Map as shown…", "File/Export", "", "export", "Write the map with points and ring"),
    Command("export_samples", "Samples…", "File/Export", "Ctrl+Alt+E", "export", "Write the samples as one sheet"),
    Command(
        "export_table", "Selection as CSV…", "File/Export", "Ctrl+Alt+T", "file", "Write the selected items as CSV"
    ),
    Command(
        "export_items",
        "Selection as pictures…",
        "File/Export",
        "Ctrl+Alt+P",
        "export",
        "Write a PNG of each selected item",
    ),
    Command("export_path", "Path…", "File/Export", "Ctrl+Alt+F", "export", "Write the path as a strip or a film"),
    Command("quit", "Quit", "File", "Ctrl+Q", "quit", "Close the window; a run is stopped and can be resumed"),
    Command("undo", "Undo", "Edit", "Ctrl+Z", "undo", "Take back the last step", on_toolbar=True),
    Command("redo", "Redo", "Edit", "Ctrl+Shift+Z; Ctrl+Y", "redo", "Do again what was taken back", on_toolbar=True),
    Command("paste_picture", "Paste picture", "Edit", "Ctrl+V", "paste", "Give the copied picture a code and edit it"),
    Command(
        "own_code", "Back to your picture's code", "Edit", "Ctrl+B", "reset", "Put the ring at your picture's code"
    ),
    Command("search_code", "Search for your picture's code", "Edit", "Ctrl+R", "find", "Find a code by optimisation"),
    Command("end_picture", "Take your picture away", "Edit", "Ctrl+Shift+B", "close", "Show the decoded picture alone"),
    Command("copy_decoded", "Copy decoded picture", "Edit", "Ctrl+Shift+C", "copy", "Copy the decoded picture"),
    Command("copy_map", "Copy map", "Edit", "Ctrl+Alt+M", "copy", "Copy the visible map"),
    Command("copy_samples", "Copy samples", "Edit", "Ctrl+Alt+S", "copy", "Copy the samples as one picture"),
    Command("copy_path", "Copy path", "Edit", "Ctrl+Alt+J", "copy", "Copy the pictures of the path"),
    Command("copy_command", "Copy as command", "Edit", "Ctrl+Alt+C", "copy", "Copy what makes the decoded picture"),
    Command("copy_python", "Copy as Python", "Edit", "Ctrl+Alt+Y", "copy", "Copy a script of the decoded picture"),
    Command("find_item", "Find an item", "Edit", "Ctrl+F", "find", "Go to an item of the map by its index or class"),
    Command("select_nothing", "Select nothing", "Edit", "Ctrl+Shift+A", "close", "Let no points be selected"),
    Command("name_selection", "Name the selection", "Edit", "Ctrl+G", "", "Keep the selected points as a named group"),
    Command("nearest_items", "Nearest items", "Edit", "Ctrl+K", "", "Show the items nearest to the current point"),
    Command("path_add", "Add the ring's place", "Edit/Path", "Ctrl+Alt+K", "add", "Let the path go on to the ring"),
    Command("path_play", "Walk along or pause", "Edit/Path", "Ctrl+Alt+W", "play", "Let the ring walk along the path"),
    Command("path_clear", "Remove all key points", "Edit/Path", "Ctrl+Alt+X", "remove", "Take the path away"),
    Command("home_view", "Whole map", "View", "Ctrl+0", "home", "Show the whole map", on_toolbar=True),
    Command("show_tiles", "Tiles", "View", "Ctrl+T", "tiles", "Show decoded tiles on the map", checkable=True),
    Command("show_points", "Points", "View", "Ctrl+P", "points", "Show the encoded data on the map", checkable=True),
    Command("show_contours", "Contours", "View", "Ctrl+U", "contours", "Show contours of prior and points", True),
    Command("show_path", "Path on the map", "View", "Ctrl+Alt+H", "path", "Draw the path on the map", checkable=True),
    Command("go_to_map", "Go to the map", "View/Map", "Ctrl+J", "", "Put the keyboard into the map"),
    Command("choose_plane", "Plane…", "View/Map", "Ctrl+L", "", "Choose which plane the map shows"),
    Command("choose_colour", "Colour of the points…", "View/Map", "Ctrl+Shift+L", "", "Choose what the colours mean"),
    Command("go_to_legend", "Legend", "View/Map", "Ctrl+Alt+L", "", "Put the keyboard into the legend"),
    Command("look_closely", "Look at the nearest point", "View/Map", "Ctrl+I", "", "The card of the point at the ring"),
    Command("zoom_in", "Zoom in", "View/Map", "Ctrl++; Ctrl+=", "", "Show less of the map, larger"),
    Command("zoom_out", "Zoom out", "View/Map", "Ctrl+-", "", "Show more of the map, smaller"),
    Command("smooth_pictures", "Smooth pictures", "View", "Ctrl+M", "smooth", "Interpolate enlarged pictures", True),
    Command("traversals", "Traversal sheet…", "View/Sliders", "Ctrl+Shift+V", "traversal", "What every dimension does"),
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
