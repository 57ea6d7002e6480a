"""Files that travel with the packages: presets, shipped checkpoints; read with importlib.resources."""
