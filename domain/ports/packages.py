"""How packages and bundles are read, and packages written."""

from pathlib import Path
from typing import Protocol

from ..mil.pipeline import Model
from ..mil.program import Program
from ..mil.value import WeightStorage


class PackageReader(Protocol):
    """Reads ML Programs from packages and bundles."""

    def read(self, package: Path) -> Program:
        """Read the program; its weights stay where they are until each is asked for.

        Every weight is checked to be there, of its type and whole, and every name to be given once
        and before it is used. Raises BrokenPackage where there is no package or something in it is
        missing, cut short or inconsistent, and InvalidRequest where it holds a pipeline of several
        programs.
        """
        ...

    def read_model(self, package: Path) -> Model:
        """Read the program, or the pipeline of programs, as `read` does. Raises BrokenPackage."""
        ...

    def is_compiled(self, package: Path) -> bool:
        """Whether a folder is a bundle, by its name or by what is in it, be it broken or none."""
        ...


class PackageWriter(Protocol):
    """Writes ML Programs, and pipelines of them, as packages."""

    def write(self, model: Model, package: Path) -> None:
        """Write the package, a folder that does not exist yet, one weight in memory at a time.

        Reading it gives an equal model. A program that was read and not changed keeps its weight
        files byte for byte. Raises BrokenPackage where weights are not there any more and OSError
        where the disk refuses, which `Workspace.replacing` translates.
        """
        ...


class ModelDecoder(Protocol):
    """Reads ML Programs that are no package yet."""

    def decode(self, model: bytes, weights: WeightStorage) -> Program:
        """Read the program of a model file's content.

        `weights` has its weights, at the offsets that the model gives for them. Raises ValueError
        where the content is none of a model file.
        """
        ...
