"""The two ways in which a request can go wrong; the text is one sentence that says what to do."""


class TrainersError(Exception):
    """Something a person can understand and put right; `str(error)` is the sentence to show."""

    exit_code = 1


class UsageError(TrainersError):
    """The request itself is wrong: an unknown name, a setting out of range, a file of another kind."""

    exit_code = 2


class FailureError(TrainersError):
    """The request is right but could not be carried out: a full disk, no network, a diverging loss."""


class StoppedError(FailureError):
    """Long work ended early because it was asked to; there is no result."""

    def __init__(self) -> None:
        super().__init__("Stopped before the end, as asked.")
