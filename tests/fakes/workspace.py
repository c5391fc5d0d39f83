"""A workspace that makes results far away and copies them when they are whole."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.errors import UnwritableOutput
from coreml_stable_diffusion.domain.ports.workspace import Workspace


@attrs.define
class FakeWorkspace(Workspace):
    """`replaced` are the destinations that took a new result, in order."""

    replaced: list[Path] = attrs.field(factory=list)

    @contextmanager
    def replacing(self, destination: Path) -> Iterator[Path]:
        if not destination.name:
            raise UnwritableOutput(destination, "it has no name")
        try:
            destination.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnwritableOutput(destination, str(error)) from error
        with tempfile.TemporaryDirectory() as elsewhere:
            made = Path(elsewhere) / destination.name
            yield made
            if destination.exists() and destination.is_dir() != made.is_dir():
                kind = "a folder" if destination.is_dir() else "no folder"
                raise UnwritableOutput(destination, f"it is {kind}")
            if destination.is_dir():
                there = {each.name for each in destination.iterdir()}
                if there and there.isdisjoint(each.name for each in made.iterdir()):
                    raise UnwritableOutput(destination, "it holds something else")
                shutil.rmtree(destination)
            shutil.move(made, destination)
        self.replaced.append(destination)

    def copy(self, source: Path, destination: Path) -> None:
        with self.replacing(destination) as made:
            made.write_bytes(source.read_bytes())

    def remove(self, path: Path) -> None:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def digests(self, folder: Path) -> Mapping[str, str]:
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }
