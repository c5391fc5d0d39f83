"""Downloads and publications that are killed at random moments, twenty times each."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.huggingface.model_repositories import HuggingFaceHub
from coreml_stable_diffusion.adapters.huggingface.publisher import HuggingFacePublisher
from coreml_stable_diffusion.domain.hub.publication import Publication
from samples.hub.server import TOKEN, Hub, serving

KILLS = 20
NAME = "owner/model"
FILES = {f"a.mlpackage/part{number}.bin": os.urandom(50_000) for number in range(6)}


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(Hub()) as hub:
        yield hub


def killed(work: Callable[[], object], seconds: float) -> bool:
    """Do the work in a process of its own and kill it then; tells whether it was not done yet."""
    child = os.fork()
    if child == 0:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def whole_duration(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def test_no_killed_download_leaves_half_a_file_under_its_name(hub: Hub, tmp_path: Path) -> None:
    hub.repository(NAME).add(FILES)

    def download(cache: Path) -> Path:
        client = HuggingFaceHub(endpoint=hub.endpoint, cache=cache, quiet=True)
        listing = client.listing(NAME)
        return client.fetch(listing, listing.files)

    duration = whole_duration(lambda: download(tmp_path / "first"))
    cache, moments, early = tmp_path / "cache", np.random.default_rng(0), 0
    for _ in range(KILLS):
        early += killed(lambda: download(cache), moments.uniform(0, duration))
        for path in cache.rglob("snapshots/*/a.mlpackage/*"):
            assert path.read_bytes() == FILES[f"a.mlpackage/{path.name}"]

    assert early >= KILLS // 4
    folder = download(cache)
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES


def test_no_killed_publication_shows_half_of_itself(hub: Hub, tmp_path: Path) -> None:
    paths = {}
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
        paths[name] = tmp_path / name

    def publish(repository: str) -> str:
        publication = Publication(
            repository=repository, files=paths, metadata={"license": "mit"}, text="# A model\n"
        )
        publisher = HuggingFacePublisher(endpoint=hub.endpoint, token=TOKEN)
        return publisher.publish(publication)

    duration = whole_duration(lambda: publish("owner/first"))
    moments, early = np.random.default_rng(0), 0
    for _ in range(KILLS):
        early += killed(lambda: publish(NAME), moments.uniform(0, duration))
        if NAME in hub.repositories:
            _, files = hub.repository(NAME).at("main")
            assert files.keys() in (set(), {*FILES, "README.md"})

    assert early >= KILLS // 4
    publish(NAME)
    _, files = hub.repository(NAME).at("main")
    assert {name: files[name].content for name in FILES} == FILES
