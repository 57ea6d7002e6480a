"""What leaves the program: pictures and films as files that say where they come from."""
