"""Packages that are programs in memory, held to the promises of domain/ports/packages.py."""

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import attrs
from coreml_stable_diffusion.domain.errors import BrokenPackage, InvalidRequest
from coreml_stable_diffusion.domain.mil.pipeline import Model, ProgramPipeline
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.stored_weights import with_weights
from coreml_stable_diffusion.domain.mil.value import StoredWeight, WeightStorage
from coreml_stable_diffusion.domain.ports.packages import (
    ModelDecoder,
    PackageReader,
    PackageWriter,
)


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

    def is_compiled(self, package: Path) -> bool:
        return package.suffix == ".mlmodelc"


@attrs.frozen
class FakePackageWriter(PackageWriter):
    """Writes what a program says about itself, and remembers models by their file names.

    A package in `stops`, which has file names too, is half-written when its exception comes.
    """

    programs: MutableMapping[str, Any] = attrs.field(factory=dict)
    stops: MutableMapping[str, BaseException] = attrs.field(factory=dict)

    def write(self, model: Model, package: Path) -> None:
        package.mkdir(parents=True)
        (package / "Manifest.json").write_text("{}")
        if package.name in self.stops:
            raise self.stops[package.name]
        (package / "program.txt").write_text(_told(model))
        self.programs[package.name] = model


def _told(model: Model) -> str:
    programs = model.programs if isinstance(model, ProgramPipeline) else (model,)
    return "\n".join(str(each.description.metadata) for each in programs)


@attrs.frozen
class FakeModelDecoder(ModelDecoder):
    """Knows the programs of some model files by their content."""

    models: Mapping[bytes, Program]

    def decode(self, model: bytes, weights: WeightStorage) -> Program:
        if model not in self.models:
            raise ValueError("model.mlmodel is not a Core ML model")

        def stored(weight: StoredWeight) -> StoredWeight:
            return attrs.evolve(weight, storage=weights)

        return with_weights(self.models[model], stored)
