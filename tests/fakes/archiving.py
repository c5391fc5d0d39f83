"""Archives that are lists of texts, held to the promises of ports/archiving.py."""

import json
from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.errors import HostileArchive
from coreml_stable_diffusion.domain.hub.safe_names import unsafe_because
from coreml_stable_diffusion.domain.ports.archiving import Archiver


@attrs.frozen
class FakeArchiver(Archiver):
    """Writes the content of every file, in hexadecimal digits, by its name."""

    def archive(self, folder: Path, title: str, archive: Path) -> None:
        files = {each.relative_to(folder): each for each in folder.rglob("*") if each.is_file()}
        shown = {
            f"{title}/{name.as_posix()}": path.read_bytes().hex()
            for name, path in sorted(files.items())
            if not any(part.startswith(".") for part in name.parts)
        }
        archive.write_text(json.dumps(shown))

    def unpack(self, archive: Path, folder: Path) -> None:
        try:
            files = json.loads(archive.read_text())
        except ValueError as error:
            raise HostileArchive(archive, "it is broken") from error
        for name, content in files.items():
            if problem := unsafe_because(name):
                raise HostileArchive(archive, f"{name!r} {problem}")
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(bytes.fromhex(content))
