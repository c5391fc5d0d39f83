"""Folders as zip files, the same bytes for the same files, and zip files of strangers."""

import shutil
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import final

from ...domain.errors import HostileArchive, first_line
from ...domain.hub.safe_names import unsafe_because
from ...domain.ports.archiving import Archiver
from .workspace import DISK_REFUSALS

# The earliest that the format can say; when a file was written is nobody's concern.
_TIME = (1980, 1, 1, 0, 0, 0)
_RIGHTS = 0o100644 << 16
# Weights grow to hardly more than their size; text does more, but there is little of it.
_MOST_GROWTH = 20
_SMALL_BYTES = 2**26


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

    def unpack(self, archive: Path, folder: Path) -> None:
        """Read a zip file; see the port."""
        try:
            with zipfile.ZipFile(archive) as opened:
                entries = [each for each in opened.infolist() if not each.is_dir()]
                _require_harmless(archive, entries)
                for entry in entries:
                    _unpack(opened, entry, folder / entry.filename)
        except HostileArchive:
            raise
        # Every unpacker has errors of its own.
        except Exception as error:
            if isinstance(error, OSError) and error.errno in DISK_REFUSALS:
                raise
            raise HostileArchive(archive, first_line(error)) from error


def _require_harmless(archive: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename
        # The reader cuts names at zeros and mends separators; what was written counts.
        if problem := unsafe_because(entry.orig_filename) or unsafe_because(name):
            raise HostileArchive(archive, f"{entry.orig_filename!r} {problem}")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise HostileArchive(archive, f"{name!r} is no plain file")
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise HostileArchive(archive, "it has several files of one name")
    total, packed = sum(entry.file_size for entry in entries), archive.stat().st_size
    if total > _MOST_GROWTH * packed + _SMALL_BYTES:
        raise HostileArchive(archive, f"its {packed} bytes would become {total}")


def _unpack(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    # The reader itself stops at the size that the entry declares, and checks what it read.
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, path.open("xb") as target:
        shutil.copyfileobj(source, target, 2**20)


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
