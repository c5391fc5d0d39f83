"""A Hub whose repositories are folders."""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
from coreml_stable_diffusion.domain.errors import (
    BrokenDownload,
    HostileRepository,
    UnreachableRepository,
)
from coreml_stable_diffusion.domain.hub.listing import Listing, RepositoryFile
from coreml_stable_diffusion.domain.hub.safe_names import unsafe_because
from coreml_stable_diffusion.domain.ports.hub import Hub

COMMIT = "c0ffee"


@attrs.define
class FakeHub(Hub):
    """Copies what is fetched into `cache`; `fetched` are the paths, in order."""

    repositories: Mapping[str, Path]
    cache: Path
    room: int = 10**12
    fetched: list[str] = attrs.field(factory=list)

    def listing(self, repository: str, revision: str | None = None) -> Listing:
        if repository not in self.repositories:
            raise UnreachableRepository(repository, "there is no such repository")
        if revision not in (None, "main", COMMIT):
            raise UnreachableRepository(repository, f"it has no revision {revision}")
        folder = self.repositories[repository]
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        names = [path.relative_to(folder).as_posix() for path in paths]
        for name in names:
            if problem := unsafe_because(name):
                raise HostileRepository(repository, name, problem)
        files = (
            RepositoryFile(path=name, size_bytes=path.stat().st_size, git_oid="")
            for name, path in zip(names, paths, strict=True)
        )
        return Listing(repository=repository, commit=COMMIT, files=tuple(files))

    def fetch(self, listing: Listing, files: Iterable[RepositoryFile]) -> Path:
        folder = self.cache / listing.repository / listing.commit
        for file in files:
            target = folder / file.path
            if not target.exists():
                self.fetched.append(file.path)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.repositories[listing.repository] / file.path, target)
        return folder

    def document(self, listing: Listing, path: str) -> Any:
        (file,) = (each for each in listing.files if each.path == path)
        try:
            return json.loads((self.fetch(listing, [file]) / path).read_text())
        except ValueError as error:
            raise BrokenDownload(listing.repository, path, "is no JSON") from error

    def room_bytes(self) -> int:
        return self.room
