"""The promises of domain/ports/hub.py, kept by the fake and by the Hub's real client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.huggingface.model_repositories import HuggingFaceHub
from coreml_stable_diffusion.domain.errors import (
    BrokenDownload,
    HostileRepository,
    UnreachableRepository,
)
from coreml_stable_diffusion.domain.ports.hub import Hub
from fakes.hub import FakeHub
from samples.hub import server

REPOSITORY = "owner/converted"
HOSTILE = "owner/hostile"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    for name, content in {
        "README.md": b"# A model",
        "facts.json": b'{"bits": 6}',
        "original/packages/a[1]_unet.mlpackage/weights.bin": bytes(5000),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(params=["fake", "client"])
def hub(request: pytest.FixtureRequest, repository: Path, tmp_path: Path) -> Iterator[Hub]:
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    (hostile / "nul.txt").write_text("a device on Windows")
    folders = {REPOSITORY: repository, HOSTILE: hostile}
    if request.param == "fake":
        yield FakeHub(folders, tmp_path / "cache")
        return
    with server.serving(server.Hub()) as local:
        for name, folder in folders.items():
            local.repository(name).add_folder(folder)
        yield HuggingFaceHub(endpoint=local.endpoint, cache=tmp_path / "cache", quiet=True)


def test_a_listing_has_every_file_and_its_size(hub: Hub) -> None:
    listing = hub.listing(REPOSITORY)

    assert listing.repository == REPOSITORY
    assert [(file.path, file.size_bytes) for file in listing.files] == [
        ("README.md", 9),
        ("facts.json", 11),
        ("original/packages/a[1]_unet.mlpackage/weights.bin", 5000),
    ]


def test_what_is_fetched_stands_under_its_path_and_nothing_else(hub: Hub) -> None:
    listing = hub.listing(REPOSITORY)

    folder = hub.fetch(listing, listing.files[2:])

    assert (folder / listing.files[2].path).read_bytes() == bytes(5000)
    assert not (folder / "README.md").exists()


def test_what_is_here_stays(hub: Hub) -> None:
    listing = hub.listing(REPOSITORY)

    assert hub.fetch(listing, listing.files[:1]) == hub.fetch(listing, listing.files)


def test_small_documents_are_read(hub: Hub) -> None:
    assert hub.document(hub.listing(REPOSITORY), "facts.json") == {"bits": 6}


def test_what_is_no_document_is_refused(hub: Hub) -> None:
    with pytest.raises(BrokenDownload, match=r"README\.md of owner/converted is no JSON"):
        hub.document(hub.listing(REPOSITORY), "README.md")


def test_a_repository_that_is_not_there_is_named(hub: Hub) -> None:
    with pytest.raises(UnreachableRepository, match="owner/missing"):
        hub.listing("owner/missing")


def test_a_revision_that_is_not_there_is_named(hub: Hub) -> None:
    with pytest.raises(UnreachableRepository, match="no revision other"):
        hub.listing(REPOSITORY, "other")


def test_names_that_are_not_safe_are_refused(hub: Hub) -> None:
    with pytest.raises(HostileRepository, match=r"nul\.txt"):
        hub.listing(HOSTILE)


def test_there_is_some_room(hub: Hub) -> None:
    assert hub.room_bytes() > 0
