"""Bring a converted model from the Hub to this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import final

import attrs

from ..domain.errors import HostileArchive, NoModelThere, UnreachableRepository
from ..domain.hub.choice import Machine, best, matching
from ..domain.hub.listing import Listing, is_repository_name
from ..domain.hub.sheet import Sheet, sheet, telling_file
from ..domain.hub.variant import ENDINGS, Kind, Variant, variants
from ..domain.ports.archiving import Archiver
from ..domain.ports.hub import Hub
from ..domain.ports.observing import Observer
from ..domain.ports.workspace import Workspace


@attrs.frozen(kw_only=True)
class Wish:
    """What the user wants of a repository; None leaves it to the machine.

    `variant` is an attention or a whole name, such as `original` or `original/packages`.
    """

    repository: str
    revision: str | None = None
    variant: str | None = None
    kind: Kind | None = None


@final
class Download:
    """Fetches one variant of a repository into the cache of the Hub's client.

    Zips are unpacked into `unpacked`, since that cache keeps them as they are.
    """

    def __init__(
        self,
        *,
        hub: Hub,
        archiver: Archiver,
        workspace: Workspace,
        observer: Observer,
        unpacked: Path,
    ) -> None:
        self._hub = hub
        self._archiver = archiver
        self._workspace = workspace
        self._observer = observer
        self._unpacked = unpacked

    def sheets(self, wish: Wish) -> Iterator[Sheet]:
        """Tell of every variant that the repository has, wanted or not; only small files come.

        Raises UnreachableRepository, HostileRepository, NoModelThere and BrokenDownload.
        """
        listing = self._hub.listing(wish.repository, wish.revision)
        for variant in _variants(listing):
            path = telling_file(variant)
            document = None if path is None else self._hub.document(listing, path)
            yield sheet(variant, path, document)

    def offers(self, wish: Wish) -> bool:
        """Whether the name is that of a repository, and it has converted networks.

        One that cannot be reached offers nothing. Raises HostileRepository.
        """
        if not is_repository_name(wish.repository):
            return False
        try:
            return bool(variants(self._hub.listing(wish.repository, wish.revision)))
        except UnreachableRepository:
            return False

    def __call__(self, wish: Wish, machine: Machine) -> Path:
        """Fetch the best variant that the wish allows, and give the folder of its networks.

        Raises what the Hub and the archiver raise, NoModelThere, and InvalidRequest where there is
        no such variant.
        """
        listing = self._hub.listing(wish.repository, wish.revision)
        variant = best(matching(_variants(listing), wish.variant, wish.kind), machine)
        needed, room = variant.size_bytes / 1e9, self._hub.room_bytes() / 1e9
        self._observer.note(
            f"{wish.repository}: {variant.name}, {needed:.2f} GB; {room:.0f} GB are free"
        )
        folder = self._hub.fetch(listing, variant.files)
        if not variant.is_zip:
            return folder / variant.folder
        (archive,) = variant.files
        return self._unpack(folder / archive.path, f"{listing.commit}-{variant.files[0].path}")

    def copy(self, folder: Path, destination: Path) -> None:
        """Copy a fetched folder to a place of the user's own, each file whole or not at all.

        Files that are there and the same stay. Raises UnwritableOutput.
        """
        wanted, there = self._workspace.digests(folder), self._workspace.digests(destination)
        with self._observer.task("Copying", steps=len(wanted)) as task:
            for name, digest in wanted.items():
                if there.get(name) != digest:
                    self._workspace.copy(folder / name, destination / name)
                task.advance()

    def _unpack(self, archive: Path, name: str) -> Path:
        place = self._unpacked / name.replace("/", "_").removesuffix(".zip")
        if not place.is_dir():
            with (
                self._observer.task(f"Unpacking {archive.name}"),
                self._workspace.replacing(place) as partial,
            ):
                self._archiver.unpack(archive, partial)
        return _networks_folder(place, archive)


def _variants(listing: Listing) -> tuple[Variant, ...]:
    found = variants(listing)
    if not found:
        raise NoModelThere(listing.repository)
    return found


def _networks_folder(place: Path, archive: Path) -> Path:
    """The folder in an archive that has the networks: the outermost, or the only one in it."""
    for folder in (place, *sorted(each for each in place.iterdir() if each.is_dir())):
        if any(each.suffix in ENDINGS for each in folder.iterdir()):
            return folder
    raise HostileArchive(archive, "it has no .mlmodelc and no .mlpackage")
