"""How packages are read."""

from pathlib import Path
from typing import Protocol

from ..mil.program import Program


class PackageReader(Protocol):
    """Reads ML Program packages."""

    def read(self, package: Path) -> Program:
        """Read the program; its weights stay in the package until each is asked for.

        Every weight is checked to be there, of its type and whole. Raises BrokenPackage where there
        is no package or something in it is missing, cut short or inconsistent.
        """
        ...
