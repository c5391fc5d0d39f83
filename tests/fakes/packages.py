"""Packages that are programs in memory, held to the promises of domain/ports/packages.py."""

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import attrs
from coreml_stable_diffusion.domain.errors import BrokenPackage, InvalidRequest
from coreml_stable_diffusion.domain.mil.pipeline import Model, ProgramPipeline
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.ports.packages import PackageReader, PackageWriter


@attrs.frozen
class FakePackageReader(PackageReader):
    """Has one program for each package's file name, in whatever folder that is said to be."""

    programs: Mapping[str, Model]

    def read(self, package: Path) -> Program:
        model = self.read_model(package)
        if isinstance(model, ProgramPipeline):
            raise InvalidRequest("package", f"{package} is a pipeline")
        return model

    def read_model(self, package: Path) -> Model:
        if package.name not in self.programs:
            raise BrokenPackage(package, "there is no such folder")
        return self.programs[package.name]


@attrs.frozen
class FakePackageWriter(PackageWriter):
    """Makes empty folders and remembers what is in them by their file names."""

    programs: MutableMapping[str, Any] = attrs.field(factory=dict)

    def write(self, model: Model, package: Path) -> None:
        package.mkdir(parents=True)
        self.programs[package.name] = model
