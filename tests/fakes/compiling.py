"""A compiler that writes two lines, held to the promises of domain/ports/compiling.py."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.errors import BrokenPackage
from coreml_stable_diffusion.domain.ports.compiling import BundleCompiler


@attrs.frozen
class FakeBundleCompiler(BundleCompiler):
    """Takes every folder for a package."""

    def compile(self, package: Path, bundle: Path) -> None:
        if not package.is_dir():
            raise BrokenPackage(package, "there is no such folder")
        bundle.mkdir(parents=True)
        (bundle / "model.mil").write_text(_text(package))

    def is_current(self, package: Path, bundle: Path) -> bool:
        made = bundle / "model.mil"
        return made.is_file() and made.read_text() == _text(package)


def _text(package: Path) -> str:
    files = " ".join(sorted(path.name for path in package.iterdir()))
    return f"compiled from {package.name}\nwhich has {files}"
