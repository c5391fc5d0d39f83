"""The promises of domain/ports/archiving.py, kept by the fake and by zip files."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.zip_archives import ZipArchiver
from coreml_stable_diffusion.domain.errors import HostileArchive
from coreml_stable_diffusion.domain.ports.archiving import Archiver
from fakes.archiving import FakeArchiver


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Resources"
    (made / "Unet.mlmodelc" / "weights").mkdir(parents=True)
    (made / "Unet.mlmodelc" / "weights" / "weight.bin").write_bytes(b"weights" * 100)
    (made / "vocab.json").write_text("{}")
    (made / ".coreml-sd-partial-1-x").mkdir()
    (made / ".coreml-sd-partial-1-x" / "half").touch()
    return made


@pytest.fixture(params=[FakeArchiver, ZipArchiver])
def archiver(request: pytest.FixtureRequest) -> Archiver:
    made: Archiver = request.param()
    return made


def names(archive: Path) -> list[str]:
    if zipfile.is_zipfile(archive):
        return zipfile.ZipFile(archive).namelist()
    return list(json.loads(archive.read_text()))


def test_every_file_stands_under_the_title_but_hidden_ones(
    archiver: Archiver, folder: Path, tmp_path: Path
) -> None:
    archiver.archive(folder, "model_compiled", tmp_path / "a.zip")

    assert names(tmp_path / "a.zip") == [
        "model_compiled/Unet.mlmodelc/weights/weight.bin",
        "model_compiled/vocab.json",
    ]


def test_the_same_files_give_the_same_bytes(
    archiver: Archiver, folder: Path, tmp_path: Path
) -> None:
    archiver.archive(folder, "title", tmp_path / "a.zip")
    os.utime(folder / "vocab.json", (0, 0))
    (folder / "vocab.json").chmod(0o600)
    archiver.archive(folder, "title", tmp_path / "b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_is_unpacked_is_what_was_packed(
    archiver: Archiver, folder: Path, tmp_path: Path
) -> None:
    archiver.archive(folder, "title", tmp_path / "a.zip")
    archiver.unpack(tmp_path / "a.zip", tmp_path / "unpacked")

    weights = "Unet.mlmodelc/weights/weight.bin"
    unpacked = tmp_path / "unpacked" / "title" / weights
    assert unpacked.read_bytes() == (folder / weights).read_bytes()
    assert unpacked.stat().st_mode & 0o444 == 0o444


def test_what_is_no_archive_is_refused(archiver: Archiver, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")

    with pytest.raises(HostileArchive, match=r"a\.zip is not safe to unpack"):
        archiver.unpack(tmp_path / "a.zip", tmp_path / "unpacked")


def test_names_that_lead_elsewhere_are_refused(archiver: Archiver, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("title/../../evil", b"")
    if isinstance(archiver, FakeArchiver):
        (tmp_path / "a.zip").write_text('{"title/../../evil": ""}')

    with pytest.raises(HostileArchive, match="leads out of its folder"):
        archiver.unpack(tmp_path / "a.zip", tmp_path / "unpacked")
    assert not (tmp_path / "evil").exists()
