"""The garbage collector rests only while the program is imported."""

import subprocess
import sys

_PROGRAM = """
import gc
pauses = []
gc.callbacks.append(lambda phase, told: pauses.append(phase) if told["generation"] == 2 else None)
import explorer.program
print(len(pauses), gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_nothing_is_looked_through_while_the_program_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["0", "True", "True"]
