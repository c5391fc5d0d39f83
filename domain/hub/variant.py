"""The forms in which a repository holds one model, in Apple's layout and others.

Apple publishes `original/packages`, `original/compiled`, `split_einsum/...` and zips of these under
the names that the Hugging Face Swift app downloads: `NAME_split_einsum_compiled.zip`.
"""

import enum
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import attrs

from .listing import Listing, RepositoryFile

ATTENTIONS = ("original", "split_einsum", "split_einsum_v2")

_ZIP = re.compile(r".+_(?P<attention>original|split_einsum(_v2)?)_(?P<kind>packages|compiled)\.zip")
# Folders of Apple's layout that stand inside a variant.
_INNER = ("controlnet",)
# Vocabularies, merges, pipeline.json and licences.
_BESIDE = (".json", ".txt", ".md")


class Kind(enum.Enum):
    """Whether a model's networks are packages or bundles, under Apple's names."""

    PACKAGES = "packages"
    COMPILED = "compiled"


#: What the folders of networks end with.
ENDINGS = {".mlpackage": Kind.PACKAGES, ".mlmodelc": Kind.COMPILED}


@attrs.frozen(kw_only=True)
class Variant:
    """One form of a model: the folder that has it, or the zip.

    `attention` is one of ATTENTIONS, None where no name tells. `files` are all there is to fetch.
    """

    attention: str | None
    kind: Kind
    folder: PurePosixPath
    is_zip: bool = False
    files: tuple[RepositoryFile, ...]

    @property
    def name(self) -> str:
        """What the user calls it.

        >>> Variant(attention="original", kind=Kind.COMPILED, folder=PurePosixPath("x"),
        ...         files=()).name
        'original/compiled'
        """
        words = filter(None, (self.attention, self.kind.value, "zip" if self.is_zip else None))
        return "/".join(words)

    @property
    def size_bytes(self) -> int:
        """How much there is to fetch."""
        return sum(file.size_bytes for file in self.files)

    @property
    def has_tokenizer(self) -> bool:
        """Whether prompts can be read with what it has; archives of the Swift app always can."""
        return self.is_zip or any(file.path.endswith("vocab.json") for file in self.files)

    @property
    def networks(self) -> tuple[str, ...]:
        """The names of its packages or bundles without endings; nothing is known of a zip's."""
        paths = (PurePosixPath(file.path).relative_to(self.folder) for file in self.files)
        names = (_network(path) for path in paths if not self.is_zip)
        return tuple(dict.fromkeys(name.stem for name in names if name is not None))


def variants(listing: Listing) -> tuple[Variant, ...]:
    """Every form of the model in a repository, folders first."""
    return (*_folders(listing), *_zips(listing))


def _folders(listing: Listing) -> Iterator[Variant]:
    places = sorted({place for file in listing.files if (place := _place(file.path))}, key=str)
    for folder, kind in places:
        yield Variant(
            attention=_attention(folder.parts),
            kind=kind,
            folder=folder,
            files=tuple(
                file
                for file in listing.files
                if _place(file.path) == (folder, kind) or _stands_beside(file.path, folder)
            ),
        )


def _place(path: str) -> tuple[PurePosixPath, Kind] | None:
    """The folder of the variant that a file inside a package or bundle belongs to."""
    network = _network(PurePosixPath(path))
    if network is None:
        return None
    folder = network.parent
    outer = folder.parent if folder.name in _INNER else folder
    return outer, ENDINGS[network.suffix]


def _network(path: PurePosixPath) -> PurePosixPath | None:
    """The package or bundle that a path leads into."""
    within = itertools.accumulate(path.parts, lambda folder, part: f"{folder}/{part}")
    paths = (PurePosixPath(each) for each in within)
    return next((each for each in paths if each.suffix in ENDINGS and each != path), None)


def _stands_beside(path: str, folder: PurePosixPath) -> bool:
    """Whether a file is none of a network's, but of what all networks of a folder need."""
    whole = PurePosixPath(path)
    return whole.parent == folder and whole.suffix in _BESIDE


def _attention(parts: Iterable[str]) -> str | None:
    return next((part for part in parts if part in ATTENTIONS), None)


def _zips(listing: Listing) -> Iterator[Variant]:
    for file in listing.files:
        if found := _ZIP.fullmatch(PurePosixPath(file.path).name):
            yield Variant(
                attention=found["attention"],
                kind=Kind(found["kind"]),
                folder=PurePosixPath(file.path).parent,
                is_zip=True,
                files=(file,),
            )
