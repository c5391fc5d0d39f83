"""Models that others have converted, by name: the program, the Hub's client and a Hub."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.files.zip_archives import ZipArchiver
from coreml_stable_diffusion.entrypoints.cli.main import app
from numpy.typing import NDArray
from PIL import Image
from samples.hub.repositories import Repository
from samples.hub.server import TOKEN, Hub, serving
from typer.testing import CliRunner

NAME = "owner/converted"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(Hub()) as hub:
        yield hub


@pytest.fixture
def repository(hub: Hub) -> Repository:
    return hub.repository(NAME)


@pytest.fixture(scope="module")
def resources(tiny_packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small checkpoint's networks as Apple's Swift package loads them."""
    folder = tmp_path_factory.mktemp("bundled") / "Resources"
    result = CliRunner().invoke(app, ["bundle", str(tiny_packages), "-o", str(folder), "-q"])
    assert result.exit_code == 0, result.output
    return folder


def run(
    hub: Hub, folder: Path, *words: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    variables = {
        **os.environ,
        "HF_ENDPOINT": hub.endpoint,
        "HF_HUB_CACHE": str(folder / "hub"),
        "HF_HUB_DISABLE_XET": "1",
        "COREML_SD_CACHE": str(folder / "cache"),
        **environment,
    }
    command = [sys.executable, "-m", "coreml_stable_diffusion", *words]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def drawn(hub: Hub, folder: Path, model: str, *more: str, **environment: str) -> NDArray[np.uint8]:
    picture = folder / "picture.png"
    words = ("generate", "a red circle", "-m", model, "--steps", "2", "--seed", "1", "-q", *more)
    result = run(hub, folder, *words, "-o", str(picture), **environment)
    assert result.returncode == 0, result.stderr
    return np.asarray(Image.open(picture))


def test_packages_are_drawn_with_by_name_and_offline_from_then_on(
    hub: Hub, repository: Repository, tiny_packages: Path, tmp_path: Path
) -> None:
    repository.add_folder(tiny_packages)
    repository.add({"pictures/circle.png": b"not fetched"})
    wanted = drawn(hub, tmp_path, str(tiny_packages))

    assert np.array_equal(drawn(hub, tmp_path, NAME), wanted)
    asked = len(hub.requests)
    assert np.array_equal(drawn(hub, tmp_path, NAME, HF_HUB_OFFLINE="1"), wanted)
    assert len(hub.requests) == asked


def test_offline_without_a_cache_is_told_in_a_line(hub: Hub, tmp_path: Path) -> None:
    words = ("generate", "a red circle", "-m", NAME, "-q", "-o", str(tmp_path / "picture.png"))
    result = run(hub, tmp_path, *words, HF_HUB_OFFLINE="1")

    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "cannot be reached, and the cache on this machine does not hold it" in result.stderr
    assert hub.requests == []


def test_apples_layout_is_drawn_with_and_only_one_variant_fetched(
    hub: Hub, repository: Repository, tiny_packages: Path, resources: Path, tmp_path: Path
) -> None:
    compiled = LocalWorkspace().digests(resources)
    repository.add(
        {
            f"{attention}/compiled/{name}": (resources / name).read_bytes()
            for attention in ("original", "split_einsum")
            for name in compiled
        }
    )

    picture = drawn(hub, tmp_path, NAME)

    assert np.array_equal(picture, drawn(hub, tmp_path, str(tiny_packages)))
    assert not [each for each in hub.requests if "resolve" in each and "split_einsum" in each]


def test_packages_without_a_tokenizer_take_it_from_the_checkpoint_whose_weights_nobody_fetches(
    hub: Hub, repository: Repository, tiny_packages: Path, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    names = [name for name in LocalWorkspace().digests(tiny_packages) if ".mlpackage/" in name]
    repository.add(
        {f"original/packages/{each}": (tiny_packages / each).read_bytes() for each in names}
    )
    hub.repository("owner/checkpoint").add_folder(tiny_checkpoint)

    words = ("generate", "a red circle", "-m", NAME, "-q", "-o", str(tmp_path / "picture.png"))
    refused = run(hub, tmp_path, *words)
    picture = drawn(hub, tmp_path, NAME, "--model-version", "owner/checkpoint")

    assert refused.returncode == 2
    [line] = refused.stderr.splitlines()
    assert line.endswith("--model-version MODEL")
    assert np.array_equal(picture, drawn(hub, tmp_path, str(tiny_packages)))
    fetched = [each for each in hub.requests if "owner/checkpoint/resolve" in each]
    assert fetched
    assert not [each for each in fetched if "safetensors" in each]


def test_the_zip_of_the_swift_app_is_drawn_with(
    hub: Hub, repository: Repository, tiny_packages: Path, resources: Path, tmp_path: Path
) -> None:
    zip_file = tmp_path / "converted_original_compiled.zip"
    ZipArchiver().archive(resources, zip_file.stem, zip_file)
    repository.add({zip_file.name: zip_file.read_bytes()})

    picture = drawn(hub, tmp_path, NAME)

    assert np.array_equal(picture, drawn(hub, tmp_path, str(tiny_packages)))


def test_a_private_repository_needs_the_token_which_nobody_sees(
    hub: Hub, tiny_packages: Path, tmp_path: Path
) -> None:
    hub.repository("owner/private", private=True).add_folder(tiny_packages)

    refused = run(hub, tmp_path, "download", "owner/private")
    loud = {"HF_TOKEN": TOKEN, "HF_DEBUG": "1", "HF_HUB_VERBOSITY": "debug"}
    listed = run(hub, tmp_path, "download", "owner/private", "--list", **loud)

    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "hf auth login" in refused.stderr
    assert listed.returncode == 0, listed.stderr
    assert "packages" in listed.stdout
    assert "64 x 64" in listed.stdout
    assert "macOS13" in listed.stdout
    assert TOKEN not in refused.stdout + refused.stderr + listed.stdout + listed.stderr


def test_what_is_published_draws_the_same_picture_for_others(hub: Hub, tmp_path: Path) -> None:
    mine, others = tmp_path / "mine", tmp_path / "others"
    mine.mkdir()
    others.mkdir()
    converted = run(hub, mine, "convert", "pocket", "-o", str(mine / "packages"), "-q")
    assert converted.returncode == 0, converted.stderr
    wanted = drawn(hub, mine, str(mine / "packages"))

    published = run(
        hub,
        mine,
        *("publish", str(mine / "packages"), "--repo", "owner/shared", "--allow-unverified"),
        *("--picture", str(mine / "picture.png")),
        HF_TOKEN=TOKEN,
    )

    assert published.returncode == 0, published.stderr
    assert published.stdout.strip() == f"{hub.endpoint}/owner/shared"
    assert TOKEN not in published.stderr
    _, files = hub.repositories["owner/shared"].at("main")
    assert "pictures/picture.png" in files
    assert b"a red circle, seed 1" in files["README.md"].content
    assert len(hub.repositories["owner/shared"].commits) == 2
    assert np.array_equal(drawn(hub, others, "owner/shared"), wanted)
