"""The endpoints of the Hub that its client uses to read and to write, on loopback."""

import contextlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import attrs

from .faults import Fault
from .repositories import LARGE_BYTES, MAIN, File, Repository

TOKEN = "hf_thisIsTheSecretOfTheTests"  # noqa: S105 - of no server but this
USER = "owner"


@attrs.define
class Hub:
    """Repositories by name, behind `endpoint`; only the token may write or see what is private.

    `requests` are those that came, such as "GET /api/models/owner/name"; ranges stand behind.
    """

    repositories: dict[str, Repository] = attrs.field(factory=dict)
    faults: list[Fault] = attrs.field(factory=list)
    endpoint: str = ""
    requests: list[str] = attrs.field(factory=list)
    large: dict[str, bytes] = attrs.field(factory=dict, repr=False)

    def repository(
        self, name: str, *, private: bool = False, gated: bool = False, locked: bool = False
    ) -> Repository:
        """The repository of the name, made where there is none yet."""
        made = Repository(name, private=private, gated=gated, locked=locked)
        return self.repositories.setdefault(name, made)


@contextlib.contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Answer at `hub.endpoint` until the block ends."""
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _RefusedError(Exception):
    def __init__(self, status: int, code: str = "") -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_PUT(self) -> None:
        self._respond()

    def log_message(self, *_words: object) -> None:
        """Say nothing on the console."""

    def _respond(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length) if length else b""
        path = unquote(urlsplit(self.path).path)
        request = f"{self.command} {path}"
        span = self.headers.get("Range")
        self.hub.requests.append(f"{request} {span}" if span else request)
        self.fault = next((each for each in self.hub.faults if each.befalls(request)), None)
        if self.fault is not None and self.fault.status is not None:
            self._send(self.fault.status, b"", self.fault.headers)
            return
        try:
            self._route(path)
        except _RefusedError as refusal:
            headers = {"X-Error-Code": refusal.code, "X-Error-Message": refusal.code}
            self._send(refusal.status, b"", headers if refusal.code else {})

    def _route(self, path: str) -> None:
        for method, pattern, answer in _ROUTES:
            if method in (self.command, _READING.get(self.command)) and (
                found := re.fullmatch(pattern, path)
            ):
                answer(self, **found.groupdict())
                return
        raise _RefusedError(404)

    # Reading

    def who(self) -> None:
        self._require_token()
        self._answer({"type": "user", "name": USER, "orgs": [], "auth": {"type": "access_token"}})

    def info(self, name: str, revision: str | None = None) -> None:
        repository = self._repository(name)
        commit, files = self._at(repository, revision or MAIN)
        self._answer(
            {
                "id": name,
                "sha": commit,
                "private": repository.private,
                "gated": "manual" if repository.gated else False,
                "siblings": [{"rfilename": path} for path in sorted(files)],
            }
        )

    def tree(self, name: str, revision: str) -> None:
        _, files = self._at(self._repository(name), revision)
        self._answer([file.entry(path) for path, file in sorted(files.items())])

    def resolve(self, name: str, revision: str, path: str) -> None:
        repository = self._repository(name)
        if repository.gated and not self._has_token():
            raise _RefusedError(403, "GatedRepo")
        commit, files = self._at(repository, revision)
        if path not in files:
            raise _RefusedError(404, "EntryNotFound")
        file = files[path]
        headers = {"ETag": f'"{file.etag}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
        if file.is_large:
            headers |= {
                "X-Linked-ETag": f'"{file.sha256}"',
                "X-Linked-Size": str(len(file.content)),
            }
        self._send_range(file.content, headers)

    # Writing

    def validate(self) -> None:
        self._answer({"warnings": [], "errors": []})

    def create(self) -> None:
        self._require_token()
        wanted = json.loads(self.body)
        owner = wanted.get("organization") or USER
        name = f"{owner}/{wanted['name']}"
        if name in self.hub.repositories:
            self._send(409, json.dumps({"url": f"{self.hub.endpoint}/{name}"}).encode(), {})
            return
        self.hub.repository(name, private=bool(wanted.get("private")))
        self._answer({"url": f"{self.hub.endpoint}/{name}"})

    def preupload(self, name: str, revision: str) -> None:
        self._require_token()
        _, files = self._at(self._repository(name), revision)
        self._answer(
            {
                "files": [
                    {
                        "path": each["path"],
                        "uploadMode": "lfs" if each["size"] >= LARGE_BYTES else "regular",
                        "shouldIgnore": False,
                        "oid": files[each["path"]].etag if each["path"] in files else None,
                    }
                    for each in json.loads(self.body)["files"]
                ]
            }
        )

    def batch(self, name: str) -> None:
        self._require_token()
        self._repository(name)
        objects = [self._large(each) for each in json.loads(self.body)["objects"]]
        self._answer({"transfer": "basic", "objects": objects})

    def _large(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        known = {"oid": wanted["oid"], "size": wanted["size"]}
        if wanted["oid"] in self.hub.large:
            return known
        href = f"{self.hub.endpoint}/large/{wanted['oid']}"
        return {**known, "actions": {"upload": {"href": href}, "verify": {"href": href}}}

    def put(self, oid: str) -> None:
        file = File(self.body, is_large=True)
        if file.sha256 != oid:
            raise _RefusedError(400)
        self.hub.large[oid] = file.content
        self._send(200, b"", {})

    def verify(self, oid: str) -> None:
        if len(self.hub.large.get(oid, b"")) != json.loads(self.body)["size"]:
            raise _RefusedError(400)
        self._answer({})

    def commit(self, name: str, revision: str) -> None:
        self._require_token()
        if self._repository(name).locked:
            raise _RefusedError(403)
        lines = [json.loads(line) for line in self.body.splitlines()]
        query = parse_qs(urlsplit(self.path).query)
        repository = self._repository(name)
        create_pr = "create_pr" in query
        try:
            commit, branch = repository.commit(
                lines, self.hub.large, revision=revision, create_pr=create_pr
            )
        except KeyError as error:
            raise _RefusedError(400) from error
        url = f"{self.hub.endpoint}/{name}"
        answer = {"commitUrl": f"{url}/commit/{commit}", "commitOid": commit, "success": True}
        if create_pr:
            answer["pullRequestUrl"] = f"{url}/discussions/{branch.rpartition('/')[2]}"
        self._answer(answer)

    # Sending

    def _repository(self, name: str) -> Repository:
        found = self.hub.repositories.get(name)
        if found is None or (found.private and not self._has_token()):
            raise _RefusedError(404 if self._has_token() else 401, "RepoNotFound")
        return found

    def _at(self, repository: Repository, revision: str) -> tuple[str, Mapping[str, File]]:
        try:
            return repository.at(revision)
        except KeyError as error:
            raise _RefusedError(404, "RevisionNotFound") from error

    def _has_token(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def _require_token(self) -> None:
        if not self._has_token():
            raise _RefusedError(401)

    def _send_range(self, content: bytes, headers: Mapping[str, str]) -> None:
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if span is None:
            self._send(200, content, headers)
            return
        first, last = int(span[1]), int(span[2] or len(content) - 1)
        if first >= len(content):
            self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
            return
        place = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
        self._send(206, content[first : last + 1], {**headers, **place})

    def _answer(self, document: object) -> None:
        self._send(200, json.dumps(document).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        fault = self.fault if self.command == "GET" else None
        if fault is not None and fault.body is not None:
            content = fault.body(content)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is not None and fault.cut_after is not None:
            self.wfile.write(content[: fault.cut_after])
            self.close_connection = True
            return
        self.wfile.write(content)


_NAME, _REVISION = r"(?P<name>[^/]+/[^/]+)", r"(?P<revision>refs/pr/\d+|[^/]+)"
_READING = {"HEAD": "GET"}
_ROUTES = (
    ("GET", r"/api/whoami-v2", _Handler.who),
    ("GET", rf"/api/models/{_NAME}", _Handler.info),
    ("GET", rf"/api/models/{_NAME}/revision/{_REVISION}", _Handler.info),
    ("GET", rf"/api/models/{_NAME}/tree/{_REVISION}", _Handler.tree),
    ("GET", rf"/{_NAME}/resolve/{_REVISION}/(?P<path>.+)", _Handler.resolve),
    ("POST", r"/api/validate-yaml", _Handler.validate),
    ("POST", r"/api/repos/create", _Handler.create),
    ("POST", rf"/api/models/{_NAME}/preupload/{_REVISION}", _Handler.preupload),
    ("POST", r"/(?P<name>[^/]+/[^/]+)\.git/info/lfs/objects/batch", _Handler.batch),
    ("PUT", r"/large/(?P<oid>[0-9a-f]{64})", _Handler.put),
    ("POST", r"/large/(?P<oid>[0-9a-f]{64})", _Handler.verify),
    ("POST", rf"/api/models/{_NAME}/commit/{_REVISION}", _Handler.commit),
)
