"""Packages that are programs in memory, held to the promises of domain/ports/packages.py."""

from collections.abc import Mapping, MutableMapping
from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.errors import BrokenPackage
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.ports.packages import PackageReader, PackageWriter


@attrs.frozen
class FakePackageReader(PackageReader):
    """Has one program for each package's file name, in whatever folder that is said to be."""

    programs: Mapping[str, Program]

    def read(self, package: Path) -> Program:
        if package.name not in self.programs:
            raise BrokenPackage(package, "there is no such folder")
        return self.programs[package.name]


@attrs.frozen
class FakePackageWriter(PackageWriter):
    """Makes empty folders and remembers their programs by their file names."""

    programs: MutableMapping[str, Program] = attrs.field(factory=dict)

    def write(self, program: Program, package: Path) -> None:
        package.mkdir(parents=True)
        self.programs[package.name] = program
