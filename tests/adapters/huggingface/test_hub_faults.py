"""What goes wrong between the Hub and its client, which is the real one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.huggingface.model_repositories import HuggingFaceHub
from coreml_stable_diffusion.domain.errors import (
    BrokenDownload,
    HostileRepository,
    UnreachableRepository,
    UnwritableOutput,
)
from huggingface_hub import constants
from samples.hub.faults import Fault
from samples.hub.server import Hub, serving

NAME = "owner/model"
WEIGHTS = "a.mlpackage/weight.bin"
#: More than what the client writes at once, so that there is something to resume.
CONTENT = os.urandom(2 * constants.DOWNLOAD_CHUNK_SIZE + 1000)


@pytest.fixture(scope="module")
def served() -> Iterator[Hub]:
    with serving(Hub()) as hub:
        hub.repository(NAME).add({WEIGHTS: CONTENT, "vocab.json": b"{}"})
        yield hub


@pytest.fixture
def hub(served: Hub) -> Hub:
    served.faults.clear()
    served.requests.clear()
    return served


@pytest.fixture
def client(hub: Hub, tmp_path: Path) -> HuggingFaceHub:
    return HuggingFaceHub(endpoint=hub.endpoint, cache=tmp_path, quiet=True)


def fetch(client: HuggingFaceHub) -> Path:
    listing = client.listing(NAME)
    return client.fetch(listing, listing.files) / WEIGHTS


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_hub_that_is_busy_for_a_moment_is_asked_again(
    client: HuggingFaceHub, hub: Hub, status: int
) -> None:
    hub.faults.append(Fault(f"HEAD /{NAME}/resolve", status=status, headers={"Retry-After": "0"}))

    assert fetch(client).read_bytes() == CONTENT


def test_a_connection_that_breaks_goes_on_where_it_was(client: HuggingFaceHub, hub: Hub) -> None:
    hub.faults.append(Fault(f"GET .*{WEIGHTS}", cut_after=len(CONTENT) - 10))

    assert fetch(client).read_bytes() == CONTENT
    (resumed,) = (each for each in hub.requests if "bytes=" in each)
    assert int(resumed.split("bytes=")[1].rstrip("-")) >= constants.DOWNLOAD_CHUNK_SIZE


def test_another_attempt_leaves_the_files_that_are_there(client: HuggingFaceHub, hub: Hub) -> None:
    hub.faults.append(Fault(f"GET .*{WEIGHTS}", times=100, status=404))
    listing = client.listing(NAME)
    with pytest.raises(UnreachableRepository):
        client.fetch(listing, listing.files)
    client.fetch(listing, listing.files[1:])
    hub.faults.clear()
    hub.requests.clear()

    assert fetch(client).read_bytes() == CONTENT
    assert [each for each in hub.requests if each.startswith(f"GET /{NAME}/resolve")] == [
        f"GET /{NAME}/resolve/{listing.commit}/{WEIGHTS}"
    ]


def test_a_file_with_another_content_is_removed_and_named(
    client: HuggingFaceHub, hub: Hub, tmp_path: Path
) -> None:
    def spoiled(content: bytes) -> bytes:
        return content[:-1] + bytes([content[-1] ^ 1])

    hub.faults.append(Fault(f"GET .*{WEIGHTS}", times=100, body=spoiled))

    with pytest.raises(BrokenDownload, match="checksum; it was removed"):
        fetch(client)
    assert CONTENT[:100] not in b"".join(
        path.read_bytes()[:100] for path in tmp_path.rglob("*") if path.is_file()
    )
    hub.faults.clear()
    assert fetch(client).read_bytes() == CONTENT


def test_a_file_of_another_length_is_refused(client: HuggingFaceHub, hub: Hub) -> None:
    hub.faults.append(Fault(f"GET .*{WEIGHTS}", times=100, body=lambda content: content[:-1]))

    with pytest.raises((BrokenDownload, UnreachableRepository)) as refusal:
        fetch(client)
    assert "\n" not in str(refusal.value)


def test_a_circle_of_redirects_ends(client: HuggingFaceHub, hub: Hub) -> None:
    circle = {"Location": f"/{NAME}/resolve/main/{WEIGHTS}"}
    hub.faults.append(Fault("/resolve/", times=10**6, status=302, headers=circle))

    with pytest.raises(UnreachableRepository) as refusal:
        fetch(client)
    assert "\n" not in str(refusal.value)


def test_a_gate_is_told_with_the_way_through(client: HuggingFaceHub, hub: Hub) -> None:
    hub.repository("owner/gated", gated=True).add({"a.mlpackage/Manifest.json": b"{}"})
    listing = client.listing("owner/gated")

    with pytest.raises(UnreachableRepository, match=r"gated; accept its terms at .*owner/gated"):
        client.fetch(listing, listing.files)


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/evil", "a/../../evil", "C:\\evil", "a\\b", "nul", "a/com1.bin", "a\x1b[2J"],
)
def test_names_that_mean_harm_are_refused_before_anything_is_fetched(
    client: HuggingFaceHub, hub: Hub, name: str
) -> None:
    hub.repositories.pop("owner/hostile", None)
    hub.repository("owner/hostile").add({name: b"", "a.mlpackage/Manifest.json": b"{}"})

    with pytest.raises(HostileRepository) as refusal:
        client.listing("owner/hostile")
    assert not [each for each in hub.requests if "resolve" in each]
    assert "\x1b" not in str(refusal.value)


def test_a_disk_without_room_is_told_before_anything_is_fetched(
    client: HuggingFaceHub, hub: Hub
) -> None:
    def immense(content: bytes) -> bytes:
        return content.replace(b'"size": 2', b'"size": 9999999999999992')

    hub.faults.append(Fault("/tree/", body=immense))
    listing = client.listing(NAME)

    with pytest.raises(UnwritableOutput, match="GB are needed"):
        client.fetch(listing, listing.files)
    assert not [each for each in hub.requests if "resolve" in each]
