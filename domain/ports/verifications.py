"""Where it is kept what verifying a folder of packages has shown."""

from pathlib import Path
from typing import Protocol

from ..verification.report import Verification


class Verifications(Protocol):
    """Reads and writes `verify.json` beside the packages."""

    def read(self, folder: Path) -> Verification | None:
        """Read what was found last; None where the folder was never verified.

        Raises NotAModelFolder where the file is there and cannot be read.
        """
        ...

    def write(self, folder: Path, verification: Verification) -> None:
        """Write what was found, whole or not at all. Raises UnwritableOutput."""
        ...
