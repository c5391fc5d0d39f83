"""Repositories of converted models, brought into the cache of the Hub's client."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, final

from ...domain.errors import (
    BrokenDownload,
    HostileRepository,
    UnreachableRepository,
    UnwritableOutput,
)
from ...domain.hub.listing import Listing, RepositoryFile
from ...domain.hub.safe_names import unsafe_because
from ...domain.ports.hub import Hub
from .bars import silent_bars
from .failures import problem_of

# Characters that the client's patterns read as more than themselves.
_SPECIAL = re.compile(r"([*?[])")


@final
class HuggingFaceHub(Hub):
    """Cache, token, endpoint and offline mode are those of huggingface_hub."""

    def __init__(
        self, *, endpoint: str | None = None, cache: Path | None = None, quiet: bool = False
    ) -> None:
        """None stands for the client's own settings; `quiet` shows no bars."""
        self._endpoint = endpoint
        self._cache = cache
        self._quiet = quiet

    def listing(self, repository: str, revision: str | None = None) -> Listing:
        """What the repository holds; see the port."""
        from huggingface_hub import HfApi, errors  # noqa: PLC0415 - takes a third of a second

        api = HfApi(endpoint=self._endpoint)
        try:
            commit = str(api.model_info(repository, revision=revision).sha)
            tree = api.list_repo_tree(repository, revision=commit, recursive=True)
            files = tuple(_file(entry) for entry in tree if hasattr(entry, "blob_id"))
        except errors.HfHubHTTPError as error:
            raise self._unreachable(error, repository, revision) from error
        except Exception as error:  # noqa: BLE001 - offline, or what the HTTP library raises
            return self._cached(repository, revision, error)
        return _safe(
            Listing(repository=repository, revision=revision or "main", commit=commit, files=files)
        )

    def fetch(self, listing: Listing, files: Iterable[RepositoryFile]) -> Path:
        """Bring files into the cache; see the port."""
        wanted = list(files)
        lacking = [each for each in wanted if self._in_cache(listing, each) is None]
        if lacking:
            self._require_room(lacking)
        folder = self._snapshot(listing, [each.path for each in wanted])
        for each in lacking:
            _check(listing.repository, folder / each.path, each)
        return folder

    def document(self, listing: Listing, path: str) -> Any:
        """Fetch and read the file; see the port."""
        (file,) = (each for each in listing.files if each.path == path)
        try:
            return json.loads((self.fetch(listing, [file]) / path).read_text(encoding="utf-8"))
        except ValueError as error:
            raise BrokenDownload(listing.repository, path, "is no JSON") from error

    def room_bytes(self) -> int:
        """The free bytes of the disk that has the cache."""
        return shutil.disk_usage(_existing(self._cache_folder())).free

    def _cached(self, repository: str, revision: str | None, reason: Exception) -> Listing:
        """What was fetched of the repository before."""
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - see above

        try:
            folder = Path(
                snapshot_download(
                    repository,
                    revision=revision,
                    # One form of a model is never all that the client knows of the repository.
                    allow_patterns=[],
                    cache_dir=self._cache,
                    local_files_only=True,
                )
            )
        except Exception as error:
            # What kept the client from asking the Hub is what the user has to mend.
            error.__cause__ = reason
            raise self._unreachable(error, repository, revision) from error
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        files = (
            RepositoryFile(
                path=path.relative_to(folder).as_posix(), size_bytes=path.stat().st_size, git_oid=""
            )
            for path in paths
        )
        return _safe(
            Listing(
                repository=repository,
                revision=revision or "main",
                commit=folder.name,
                files=tuple(files),
            )
        )

    def _snapshot(self, listing: Listing, paths: Sequence[str]) -> Path:
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - see above

        try:
            fetched = snapshot_download(
                listing.repository,
                # The client remembers the commit of a name, and finds it offline from then on.
                revision=listing.revision,
                allow_patterns=[_SPECIAL.sub(r"[\1]", path) for path in paths],
                cache_dir=self._cache,
                endpoint=self._endpoint,
                tqdm_class=silent_bars() if self._quiet else None,
            )
        except OSError as error:
            if error.errno is not None:
                raise UnwritableOutput(self._cache_folder(), str(error.strerror)) from error
            raise self._unreachable(error, listing.repository, listing.commit) from error
        except Exception as error:
            raise self._unreachable(error, listing.repository, listing.commit) from error
        folder = Path(fetched)
        if folder.name != listing.commit:
            raise UnreachableRepository(listing.repository, "it has just changed; try again")
        return folder

    def _in_cache(self, listing: Listing, file: RepositoryFile) -> Path | None:
        from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - see above

        found = try_to_load_from_cache(
            listing.repository, file.path, cache_dir=self._cache, revision=listing.commit
        )
        return Path(found) if isinstance(found, str) else None

    def _require_room(self, files: Iterable[RepositoryFile]) -> None:
        needed, room = sum(each.size_bytes for each in files), self.room_bytes()
        if needed > room:
            problem = f"{needed / 1e9:.1f} GB are needed and {room / 1e9:.1f} GB are free"
            raise UnwritableOutput(self._cache_folder(), problem)

    def _cache_folder(self) -> Path:
        from huggingface_hub import constants  # noqa: PLC0415 - see above

        return self._cache or Path(constants.HF_HUB_CACHE)

    def _unreachable(
        self, error: Exception, repository: str, revision: str | None
    ) -> UnreachableRepository:
        problem = problem_of(error, repository, revision, self._endpoint)
        return UnreachableRepository(repository, problem)


def _file(entry: Any) -> RepositoryFile:
    return RepositoryFile(
        path=entry.path,
        size_bytes=entry.size,
        git_oid=entry.blob_id,
        sha256=entry.lfs.sha256 if entry.lfs else None,
    )


def _safe(listing: Listing) -> Listing:
    for file in listing.files:
        if problem := unsafe_because(file.path):
            raise HostileRepository(listing.repository, file.path, problem)
    return listing


def _check(repository: str, path: Path, file: RepositoryFile) -> None:
    """Remove what is not what the listing says. Raises BrokenDownload."""
    if problem := _difference(path, file):
        path.resolve().unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise BrokenDownload(repository, file.path, problem)


def _difference(path: Path, file: RepositoryFile) -> str | None:
    if (size := path.stat().st_size) != file.size_bytes:
        return f"has {size} bytes where {file.size_bytes} are right"
    if file.sha256 is not None:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        return None if digest == file.sha256 else "does not have the right checksum"
    if file.git_oid and _git_oid(path) != file.git_oid:
        return "does not have the right checksum"
    return None


def _git_oid(path: Path) -> str:
    content = path.read_bytes()
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.exists())
