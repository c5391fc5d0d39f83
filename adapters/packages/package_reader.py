"""Reads packages and bundles."""

from pathlib import Path

from ...domain.errors import BrokenPackage
from ...domain.mil.program import Program
from ...domain.ports.packages import PackageReader
from .bundle_reader import is_bundle, read_bundle
from .description_messages import main_function, model_description
from .manifest import model_file
from .program_messages import program
from .schema import parse_model
from .weight_files import WeightFiles


class MlPackageReader(PackageReader):
    """Reads the program, as a message or as text, and checks, but does not load, the weights."""

    def read(self, package: Path) -> Program:
        """Read a package or a bundle; see the port."""
        if not package.is_dir():
            raise BrokenPackage(package, "there is no such folder")
        try:
            return read_bundle(package) if is_bundle(package) else _read(package)
        except OSError as error:
            raise BrokenPackage(package, f"{error.filename}: {error.strerror}") from error
        except ValueError as error:
            raise BrokenPackage(package, str(error)) from error


def _read(package: Path) -> Program:
    path = model_file(package)
    model = parse_model(path.read_bytes())
    kind = model.WhichOneof("Type")
    if kind != "mlProgram":
        raise ValueError(f"its model is of kind {kind or 'none'}, not an ML Program")
    weights = WeightFiles(package, path.parent)
    return program(model.mlProgram, model_description(model), main_function(model), weights)
