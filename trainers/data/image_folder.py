"""A person's own images: a folder or a zip."""

from pathlib import Path

from trainers.data.dataset_source import Contents, DatasetSource
from trainers.data.file_listing import listed_files, listing_signature
from trainers.data.image_import import import_images
from trainers.reporting import Report


class ImageFolder(DatasetSource):
    """The images of a folder or zip, with the attributes in its `attributes.csv`; read only, and read in place.

    path: the folder or zip.
    size: (height, width) that all images get, or None for their common size.
    """

    def __init__(self, path: Path, size: tuple[int, int] | None = None) -> None:
        self.path = path.absolute()
        self.size = size
        self.name = str(self.path)
        self.title = self.path.name
        self.description = f"images in {self.path}"

    def signature(self) -> str:
        """Paths, sizes and times of the files."""
        return f"images 2 {self.size} {listing_signature(self.path)}"

    def location(self) -> str:
        """The folder that holds the folder or zip, with the size of the images where one is asked for."""
        return f"{self.path.parent} {self.size or ''}"

    def is_available(self) -> bool:
        """Whether the folder or zip is there."""
        return self.path.exists()

    def read(self, report: Report) -> Contents:
        """All usable images; raises `UsageError` if there are none."""
        with listed_files(self.path) as files:
            return import_images(self.name, files, self.size, report)
