"""Reads packages and bundles."""

from pathlib import Path
from typing import Any

from ...domain.errors import BrokenPackage, InvalidRequest
from ...domain.mil.described import check_description
from ...domain.mil.pipeline import Model, ProgramPipeline
from ...domain.mil.program import Program
from ...domain.mil.scope import check_names
from ...domain.ports.packages import PackageReader
from .bundle_reader import is_bundle, read_bundle
from .description_messages import choose_function, main_function, model_description
from .manifest import model_file
from .program_messages import program
from .regular_files import content
from .schema import parse_model
from .weight_files import WeightFiles

_LARGEST_BYTES = 2**31 - 1  # of a protobuf message


class MlPackageReader(PackageReader):
    """Reads the program, as a message or as text, and checks, but does not load, the weights.

    `function` chooses which function runs, by name; None leaves it to the model. Where a model has
    none of the name, reading raises InvalidRequest.
    """

    def __init__(self, function: str | None = None) -> None:
        self._function = function

    def read(self, package: Path) -> Program:
        """Read a package or a bundle; see the port."""
        model = self.read_model(package)
        if isinstance(model, ProgramPipeline):
            problem = (
                f"{package} is a pipeline of {len(model.programs)} programs, which can only run;"
                " take the packages that it was made of"
            )
            raise InvalidRequest("PACKAGE", problem)
        return model

    def read_model(self, package: Path) -> Model:
        """Read a package, whatever it holds, or a bundle; see the port."""
        try:
            if not package.is_dir():
                raise BrokenPackage(package, "there is no such folder")
            read = read_bundle if is_bundle(package) else _read
            return read(package, self._function)
        except OSError as error:
            raise BrokenPackage(package, f"{error.filename}: {error.strerror}") from error
        except ValueError as error:
            raise BrokenPackage(package, str(error)) from error

    def is_compiled(self, package: Path) -> bool:
        """Whether a folder says that it is a bundle; see the port."""
        return is_bundle(package)


def _read(package: Path, function: str | None) -> Model:
    path = model_file(package)
    model = parse_model(content(path, _LARGEST_BYTES))
    weights = WeightFiles(package, path.parent)
    if model.WhichOneof("Type") != "pipeline":
        return _program(model, function, weights)
    programs = (_program(each, function, weights) for each in model.pipeline.models)
    return ProgramPipeline(description=model_description(model), programs=tuple(programs))


def _program(model: Any, function: str | None, weights: WeightFiles) -> Program:
    kind = model.WhichOneof("Type")
    if kind != "mlProgram":
        raise ValueError(f"its model is of kind {kind or 'none'}, not an ML Program")
    if function is not None:
        choose_function(model, function)
    found = program(model.mlProgram, model_description(model), main_function(model), weights)
    check_names(found)
    check_description(found)
    return found
