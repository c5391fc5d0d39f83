"""A Hugging Face Hub on this machine with one repository: a folder of files at one commit."""

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import attrs

REPOSITORY = "owner/model"
GATED = "owner/gated"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@attrs.define
class LocalHub:
    """`endpoint` is where it answers; `served` are the files that were handed out."""

    folder: Path
    endpoint: str = ""
    served: list[str] = attrs.field(factory=list)


@contextlib.contextmanager
def local_hub(folder: Path) -> Iterator[LocalHub]:
    """Serve the folder's files as the repository's until the block ends."""
    hub = LocalHub(folder)
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    hub.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """The four answers of the Hub that its client needs for a snapshot."""

    hub: LocalHub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path.startswith(f"/api/models/{GATED}"):
            self._refuse(403, "GatedRepo")
        elif path in (f"/api/models/{REPOSITORY}", f"/api/models/{REPOSITORY}/revision/main"):
            self._answer({"id": REPOSITORY, "sha": COMMIT, "siblings": []})
        elif path.startswith(f"/api/models/{REPOSITORY}/revision/"):
            self._refuse(404, "RevisionNotFound")
        elif path.startswith(f"/api/models/{REPOSITORY}/tree/{COMMIT}"):
            self._answer([self._entry(file) for file in sorted(self._files())])
        elif path.startswith(f"/{REPOSITORY}/resolve/{COMMIT}/"):
            self._file(path.removeprefix(f"/{REPOSITORY}/resolve/{COMMIT}/"))
        else:
            self._refuse(404, "RepoNotFound")

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_words: object) -> None:
        """Say nothing on the console."""

    def _files(self) -> Iterator[Path]:
        return (path for path in self.hub.folder.rglob("*") if path.is_file())

    def _entry(self, file: Path) -> dict[str, object]:
        name = file.relative_to(self.hub.folder).as_posix()
        content = file.read_bytes()
        return {"type": "file", "path": name, "size": len(content), "oid": _digest(content)}

    def _file(self, name: str) -> None:
        content = (self.hub.folder / name).read_bytes()
        if self.command == "GET":
            self.hub.served.append(name)
        self.send_response(200)
        self.send_header("ETag", f'"{_digest(content)}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self._send(content)

    def _answer(self, document: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self._send(json.dumps(document).encode())

    def _refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", code)
        self._send(b"")

    def _send(self, content: bytes) -> None:
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)


def _digest(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
