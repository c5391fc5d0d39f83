"""Repositories as the Hub keeps them: commits of files, branches and pull requests on them."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

MAIN = "main"
#: From this size on a file is kept by its SHA-256, as Git LFS does.
LARGE_BYTES = 1024


@attrs.frozen
class File:
    """The content of a file, and whether Git or Git LFS keeps it."""

    content: bytes = attrs.field(repr=False)
    is_large: bool

    @property
    def oid(self) -> str:
        """What Git calls the content."""
        header = f"blob {len(self.content)}\0".encode()
        return hashlib.sha1(header + self.content, usedforsecurity=False).hexdigest()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.is_large else self.oid

    def entry(self, path: str) -> dict[str, Any]:
        """The file as a listing of its repository tells of it."""
        size = len(self.content)
        large = {"lfs": {"oid": self.sha256, "size": size, "pointerSize": 134}}
        entry = {"type": "file", "path": path, "size": size, "oid": self.oid}
        return {**entry, **(large if self.is_large else {})}


@attrs.define
class Repository:
    """What is `locked` nobody may write.

    `branches` has the names of commits by branch; a pull request is a branch `refs/pr/N`.
    """

    name: str
    private: bool = False
    gated: bool = False
    locked: bool = False
    commits: dict[str, Mapping[str, File]] = attrs.field(factory=dict)
    branches: dict[str, str] = attrs.field(factory=dict)
    messages: list[str] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        if not self.branches:
            self._record(MAIN, {}, "initial commit")

    def at(self, revision: str) -> tuple[str, Mapping[str, File]]:
        """The commit's name and its files. Raises KeyError."""
        commit = self.branches.get(revision, revision)
        return commit, self.commits[commit]

    def add(self, files: Mapping[str, bytes], message: str = "add files") -> str:
        """Commit files to the main branch."""
        added = {
            path: File(content, is_large=len(content) >= LARGE_BYTES)
            for path, content in files.items()
        }
        return self._record(MAIN, {**self.at(MAIN)[1], **added}, message)

    def add_folder(self, folder: Path) -> str:
        """Commit all files of a folder."""
        files = (path for path in folder.rglob("*") if path.is_file())
        return self.add({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})

    def commit(
        self,
        lines: Iterable[Mapping[str, Any]],
        large: Mapping[str, bytes],
        *,
        revision: str,
        create_pr: bool,
    ) -> tuple[str, str]:
        """Apply a commit as the client sends it; give its name and its branch.

        Raises KeyError where a large file was never uploaded.
        """
        branch = self._new_pull_request() if create_pr else revision
        files = dict(self.at(MAIN if create_pr else revision)[1])
        message = ""
        for line in lines:
            value = line["value"]
            match line["key"]:
                case "header":
                    message = value["summary"]
                case "file":
                    files[value["path"]] = File(base64.b64decode(value["content"]), is_large=False)
                case "lfsFile":
                    files[value["path"]] = File(large[value["oid"]], is_large=True)
                case "deletedFile":
                    files.pop(value["path"], None)
        return self._record(branch, files, message), branch

    def _new_pull_request(self) -> str:
        return f"refs/pr/{1 + sum(name.startswith('refs/pr/') for name in self.branches)}"

    def _record(self, branch: str, files: Mapping[str, File], message: str) -> str:
        seed = f"{self.name} {branch} {len(self.commits)}".encode()
        commit = hashlib.sha1(seed, usedforsecurity=False).hexdigest()
        self.commits[commit] = files
        self.branches[branch] = commit
        self.messages.append(message)
        return commit
