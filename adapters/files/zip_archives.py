"""Folders as zip files, the same bytes for the same files."""

import shutil
import zipfile
from pathlib import Path
from typing import final

from ...domain.ports.archiving import Archiver

# The earliest that the format can say; when a file was written is nobody's concern.
_TIME = (1980, 1, 1, 0, 0, 0)
_RIGHTS = 0o100644 << 16


@final
class ZipArchiver(Archiver):
    """Stores files as they are: weights hardly shrink, and how they do depends on the zlib."""

    def archive(self, folder: Path, title: str, archive: Path) -> None:
        """Write a zip file; see the port."""
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as made:
            for path in _files(folder):
                entry = zipfile.ZipInfo(f"{title}/{path.relative_to(folder).as_posix()}", _TIME)
                entry.external_attr = _RIGHTS
                entry.file_size = path.stat().st_size  # tells whether 64-bit sizes are needed
                with path.open("rb") as source, made.open(entry, "w") as target:
                    shutil.copyfileobj(source, target, 2**20)


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
