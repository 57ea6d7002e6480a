"""How long work says how far it is, and learns that it should stop."""

from collections.abc import Callable

# report(share done from 0 to 1, what is being done)
Report = Callable[[float, str], None]
StopRequested = Callable[[], bool]


def part_of(report: Report, part: int, parts: int) -> Report:
    """A report for one of several equal parts of some work, counted from 0."""

    def report_part(share: float, what: str) -> None:
        report((part + share) / parts, what)

    return report_part


def no_report(_share: float, _what: str) -> None:
    """Report to nobody."""


def never() -> bool:
    """Never ask to stop."""
    return False
