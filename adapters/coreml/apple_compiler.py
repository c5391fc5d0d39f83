"""Apple's own compiler, which is part of Xcode."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import final

from ...domain.errors import BrokenPackage, CompilerUnavailable
from ...domain.ports.compiling import BundleCompiler


@final
class AppleCompiler(BundleCompiler):
    """Runs `xcrun coremlcompiler`."""

    def compile(self, package: Path, bundle: Path) -> None:
        """Let Apple's compiler write the bundle; see the port."""
        xcrun = shutil.which("xcrun")
        if xcrun is None:
            raise CompilerUnavailable
        if not package.is_dir():
            raise BrokenPackage(package, "there is no such folder")
        with tempfile.TemporaryDirectory(dir=bundle.parent, prefix=".coreml-sd-") as folder:
            command = [xcrun, "coremlcompiler", "compile", str(package.resolve()), folder]
            finished = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the package is an argument, never a command
            made = Path(folder) / f"{package.stem}.mlmodelc"
            if finished.returncode != 0 or not made.is_dir():
                said = (finished.stderr or finished.stdout).strip().splitlines()
                raise BrokenPackage(package, said[-1] if said else "Apple's compiler failed")
            made.rename(bundle)

    def is_current(self, package: Path, bundle: Path) -> bool:
        """Nobody can tell which of Apple's compilers made a bundle, so it is made anew."""
        del package, bundle
        return False
