"""Tell what is in a package or bundle without running it."""

from pathlib import Path

from ..domain.inspection import Inspection, inspect_program
from ..domain.ports.packages import PackageReader


class Inspect:
    """Reads a program and looks at it."""

    def __init__(self, reader: PackageReader) -> None:
        self._reader = reader

    def __call__(self, package: Path) -> Inspection:
        """Inspect a package or bundle; no weight is loaded. Raises BrokenPackage."""
        return inspect_program(self._reader.read(package))
