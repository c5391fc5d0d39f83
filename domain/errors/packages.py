"""What can be wrong with packages and bundles."""

from collections.abc import Sequence
from pathlib import Path

from .root import CoremlStableDiffusionError


class PackageError(CoremlStableDiffusionError):
    """A package cannot be used."""


class BrokenPackage(PackageError):
    """The package cannot be read."""

    def __init__(self, package: Path, problem: str) -> None:
        super().__init__(f"{package} cannot be read: {problem}; convert or download it again")
        self.package = package
        self.problem = problem


class UnsupportedOperations(PackageError):
    """The program has operations that a runtime does not know, all of them named."""

    def __init__(
        self, package: Path, operations: Sequence[str], runtime: str = "reference"
    ) -> None:
        listed = ", ".join(operations)
        other = "coreml on a Mac" if runtime == "reference" else "reference"
        super().__init__(
            f"{package} has operations that the {runtime} runtime does not know: {listed};"
            f" run it with --runtime {other}"
        )
        self.package = package
        self.runtime = runtime
        self.operations = tuple(operations)


class UnsupportedProgram(PackageError):
    """The package is whole, but nobody knows how a bundle spells something in it."""

    def __init__(self, package: Path, problem: str) -> None:
        super().__init__(
            f"{package} cannot be compiled: {problem};"
            " compile it on a Mac with --with-apple-compiler"
        )
        self.package = package
        self.problem = problem


class ChunksDiffer(PackageError):
    """The chunks of a package were run beside it and gave something else; none was kept."""

    def __init__(self, package: Path, output: str, psnr_db: float) -> None:
        super().__init__(
            f"the chunks of {package} give another {output}, {psnr_db:.1f} dB of it;"
            " keep the package whole, and report this"
        )
        self.package = package
        self.output = output
        self.psnr_db = psnr_db
