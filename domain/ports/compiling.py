"""How packages become bundles."""

from pathlib import Path
from typing import Protocol


class BundleCompiler(Protocol):
    """Compiles packages into what Core ML loads."""

    def compile(self, package: Path, bundle: Path) -> None:
        """Write the bundle, a folder that does not exist yet; the package stays as it is.

        Raises BrokenPackage where the package cannot be read, UnsupportedProgram where this
        compiler does not know how to write it, CompilerUnavailable where the compiler is not on
        this machine, and OSError where the disk refuses, which `Workspace.replacing` translates.
        """
        ...

    def is_current(self, package: Path, bundle: Path) -> bool:
        """Whether the bundle is there and what this compiler would make of the package now.

        False where it is not easily told.
        """
        ...
