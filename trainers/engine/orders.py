"""What the first process of a run decides for all of them between two steps."""

from typing import NamedTuple, Self, get_args

from trainers.engine.commands import Command

_COMMANDS: tuple[Command, ...] = get_args(Command)


class Orders(NamedTuple):
    """What depends on somebody's command or on the time.

    report: whether to tell the losses. save: whether to write the state to go on from.
    """

    command: Command | None = None
    report: bool = False
    save: bool = False

    def to_number(self) -> int:
        """The orders as one number, which is the smallest message."""
        command = 0 if self.command is None else 1 + _COMMANDS.index(self.command)
        return command << 2 | self.report << 1 | self.save

    @classmethod
    def from_number(cls, number: int) -> Self:
        """The orders that a number stands for."""
        command = number >> 2
        return cls(_COMMANDS[command - 1] if command else None, bool(number & 2), bool(number & 1))
