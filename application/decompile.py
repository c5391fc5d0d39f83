"""Turn bundles back into packages, which tools can change and every system can compile."""

from pathlib import Path

from ..domain.errors import InvalidRequest
from ..domain.ports.packages import PackageReader, PackageWriter
from ..domain.ports.workspace import Workspace


class Decompile:
    """Turns a bundle into a package of the same name."""

    def __init__(self, reader: PackageReader, writer: PackageWriter, workspace: Workspace) -> None:
        self._reader = reader
        self._writer = writer
        self._workspace = workspace

    def __call__(self, bundle: Path, folder: Path | None = None) -> Path:
        """Write the package into the folder, or beside the bundle, and give its path.

        A package that is there is never replaced: it may be what the bundle was made of. Raises
        InvalidRequest, BrokenPackage and UnwritableOutput.
        """
        if not self._reader.is_compiled(bundle):
            raise InvalidRequest("BUNDLE", f"{bundle} is not compiled; name a .mlmodelc bundle")
        package = (folder or bundle.parent) / f"{bundle.stem}.mlpackage"
        if package.exists():
            problem = f"{package} is there already; name another folder, or move it away"
            raise InvalidRequest("--output", problem)
        program = self._reader.read(bundle)
        with self._workspace.replacing(package) as partial:
            self._writer.write(program, partial)
        return package
