"""Tell where two packages or bundles differ."""

from collections.abc import Iterator
from pathlib import Path

from ..domain.mil.difference import Difference, differences
from ..domain.ports.packages import PackageReader


class Compare:
    """Reads two programs and compares them."""

    def __init__(self, reader: PackageReader) -> None:
        self._reader = reader

    def __call__(self, first: Path, second: Path) -> Iterator[Difference]:
        """Each difference as it is found; nothing where both say the same.

        Weights are read one pair after another. Raises BrokenPackage.
        """
        return differences(self._reader.read(first), self._reader.read(second))
