"""Archives that list the files that are in them, held to the promises of ports/archiving.py."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.ports.archiving import Archiver


@attrs.frozen
class FakeArchiver(Archiver):
    """Writes a name a line."""

    def archive(self, folder: Path, title: str, archive: Path) -> None:
        names = (each.relative_to(folder) for each in folder.rglob("*") if each.is_file())
        shown = (each for each in names if not any(part.startswith(".") for part in each.parts))
        archive.write_text("\n".join(sorted(f"{title}/{each.as_posix()}" for each in shown)))
