"""Compile packages into bundles, which Core ML loads without compiling them first."""

from pathlib import Path

from ..domain.ports.compiling import BundleCompiler
from ..domain.ports.workspace import Workspace


class Compile:
    """Turns a package into a bundle of the same name."""

    def __init__(self, compiler: BundleCompiler, workspace: Workspace) -> None:
        self._compiler = compiler
        self._workspace = workspace

    def __call__(self, package: Path, folder: Path | None = None) -> Path:
        """Write the bundle into the folder, or beside the package, and give its path.

        A bundle that is there already is replaced. Raises BrokenPackage, UnsupportedProgram,
        InvalidRequest where the package is a bundle, CompilerUnavailable and UnwritableOutput.
        """
        bundle = (folder or package.parent) / f"{package.stem}.mlmodelc"
        with self._workspace.replacing(bundle) as partial:
            self._compiler.compile(package, partial)
        return bundle
