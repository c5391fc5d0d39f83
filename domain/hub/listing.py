"""What a repository holds, before anything of it was fetched."""

import re

import attrs

_NAME = re.compile(r"\w[\w.-]*/\w[\w.-]*")


@attrs.frozen(kw_only=True)
class RepositoryFile:
    """A file of a repository: its path, and what tells its content from all others.

    `sha256` is known of large files, `git_oid` (Git's name of the content) of all.
    """

    path: str
    size_bytes: int
    git_oid: str
    sha256: str | None = None


@attrs.frozen(kw_only=True)
class Listing:
    """The files of a repository at one commit, in the order of their paths.

    `revision` is the branch, tag or commit by which it was asked for.
    """

    repository: str
    revision: str = "main"
    commit: str
    files: tuple[RepositoryFile, ...]


def is_repository_name(text: str) -> bool:
    """Whether a text has the form of a repository's name.

    >>> is_repository_name("apple/coreml-stable-diffusion-2-1-base")
    True
    """
    return _NAME.fullmatch(text) is not None
