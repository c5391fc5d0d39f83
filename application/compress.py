"""Make a package small: its weights become palettes of a few values and indices into them."""

from pathlib import Path

from ..domain.compression.palettization import Palettization
from ..domain.errors import InvalidRequest
from ..domain.garbage_collection import collection_paused
from ..domain.ports.observing import Observer
from ..domain.ports.packages import PackageReader, PackageWriter
from ..domain.ports.workspace import Workspace
from .compiled import require_uncompiled
from .palettize import Palettize


class Compress:
    """Palettizes a package, one weight in memory at a time."""

    def __init__(
        self,
        *,
        reader: PackageReader,
        writer: PackageWriter,
        workspace: Workspace,
        observer: Observer,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._workspace = workspace
        self._palettize = Palettize(observer)

    @collection_paused()
    def __call__(
        self,
        package: Path,
        palettization: Palettization,
        destination: Path | None = None,
        *,
        in_place: bool = False,
    ) -> Path:
        """Write the small package to the destination, in place, or beside the old as NAME_Nbit.

        What is not palettized is noted, with the reason; where that is all of it, the package
        itself is given and nothing is written but to a destination that was named. A destination
        that exists is never replaced. Raises InvalidRequest, BrokenPackage and UnwritableOutput.
        """
        if in_place and destination is not None:
            raise InvalidRequest("--in-place", "it contradicts --output; leave one of them out")
        beside = package.with_name(f"{package.stem}_{palettization.bits}bit{package.suffix}")
        small = package if in_place else destination or beside
        if not in_place and small.exists():
            problem = f"{small} is there already; name another, or move it away"
            raise InvalidRequest("--output", problem)
        require_uncompiled(package, self._reader)
        program = self._reader.read(package)
        try:
            compressed = self._palettize(program, palettization, package.name)
        except ValueError as error:
            raise InvalidRequest("PACKAGE", f"{error}; convert it again") from error
        if compressed is program and destination is None:
            return package
        with self._workspace.replacing(small) as partial:
            self._writer.write(compressed, partial)
        return small
