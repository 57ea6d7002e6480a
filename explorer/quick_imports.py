"""Lets the many imports of a start run without the garbage collector; imported before all of them.

Modules are kept for ever, and the collector would look through all of torch again and again while they load, which
takes a fifth of the start.
"""

import gc

gc.disable()


def imports_done() -> None:
    """Collect again, but never look through what is loaded so far: a full collection takes 0.1 s otherwise."""
    gc.freeze()
    gc.enable()
