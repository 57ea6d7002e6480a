"""What became of the files of an image folder or zip."""

from pydantic import Field

from trainers.config import Config


class FileProblem(Config):
    """One file that could not be used, or was used in part."""

    path: str = Field(description="path inside the folder or zip")
    sentence: str = Field(description="what is wrong with it")
    kept: bool = Field(default=False, description="whether the file is used all the same")


class ImportReport(Config):
    """How many files became images, and what was wrong with the others."""

    kept: int = Field(default=0, ge=0, description="files that became images")
    problems: tuple[FileProblem, ...] = Field(default=(), description="in the order of their paths")
