"""What chunks were cut from, told in them, so that old ones are never taken for new."""

import hashlib
import json
from pathlib import Path

import attrs

from ..domain.chunk_names import chunk_paths
from ..domain.mil.program import Program
from ..domain.ports.packages import PackageReader
from ..domain.ports.workspace import Workspace

_MARK = "user:coreml-stable-diffusion.chunk-of"


def identity(package: Path, workspace: Workspace) -> str:
    """The SHA-256 over all that is in the package."""
    digests = json.dumps(sorted(workspace.digests(package).items()))
    return hashlib.sha256(digests.encode()).hexdigest()


def marked(chunk: Program, whole: str) -> Program:
    """The chunk with the identity of what it was cut from."""
    metadata = {**chunk.description.metadata, _MARK: whole}
    return attrs.evolve(chunk, description=attrs.evolve(chunk.description, metadata=metadata))


def has_its_chunks(package: Path, reader: PackageReader, workspace: Workspace) -> bool:
    """Whether both chunks are there and were cut from the package as it is now, if it still is.

    Chunks that other tools made say nothing about it and are believed. Raises BrokenPackage.
    """
    chunks = chunk_paths(package)
    if not all(each.is_dir() for each in chunks):
        return False
    marks = {reader.read(each).description.metadata.get(_MARK) for each in chunks} - {None}
    return not marks or not package.is_dir() or marks == {identity(package, workspace)}
