"""Compiled packages, where others are wanted."""

from pathlib import Path

from ..domain.errors import InvalidRequest
from ..domain.ports.packages import PackageReader


def require_uncompiled(package: Path, reader: PackageReader) -> None:
    """Refuse a bundle, which a package would take the place of. Raises InvalidRequest."""
    if reader.is_compiled(package):
        problem = f"{package} is compiled; turn it into a package with `coreml-sd decompile`"
        raise InvalidRequest("PACKAGE", problem)
