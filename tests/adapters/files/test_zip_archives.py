"""Zip files that mean harm."""

import contextlib
import stat
import zipfile
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.zip_archives import ZipArchiver
from coreml_stable_diffusion.domain.errors import HostileArchive


def refused(archive: Path, problem: str) -> None:
    with pytest.raises(HostileArchive, match=problem):
        ZipArchiver().unpack(archive, archive.parent / "unpacked")
    assert not [each for each in archive.parent.rglob("*") if each.is_file() and each != archive]


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "C:\\evil", "a/../../evil", "a\\..\\b", "model/nul", "line\nbreak"]
)
def test_names_that_are_not_safe_are_refused(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        entry = zipfile.ZipInfo("x")
        entry.filename = name
        made.writestr(entry, b"")

    refused(tmp_path / "a.zip", "is not safe")


def test_links_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, b"/etc/passwd")

    refused(tmp_path / "a.zip", "no plain file")


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("zeros", bytes(2**27))

    assert (tmp_path / "a.zip").stat().st_size < 2**18
    refused(tmp_path / "a.zip", "would become 134217728")


def test_files_that_some_systems_take_for_one_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("Vocab.json", b"1")
        made.writestr("vocab.json", b"2")

    refused(tmp_path / "a.zip", "several files of one name")


def test_content_that_grows_beyond_what_is_declared_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("zeros", bytes(2**20))
    # The size stands in the entry and in the directory; both are made smaller.
    archive.write_bytes(
        archive.read_bytes().replace((2**20).to_bytes(4, "little"), (2**10).to_bytes(4, "little"))
    )

    with pytest.raises(HostileArchive, match="CRC"):
        ZipArchiver().unpack(archive, tmp_path / "unpacked")
    assert (tmp_path / "unpacked" / "zeros").stat().st_size <= 2**10


def test_a_file_and_a_folder_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("Unet.mlmodelc/model.mil", b"")
        made.writestr("Unet.mlmodelc", b"")

    with pytest.raises(HostileArchive, match=r"Unet\.mlmodelc"):
        ZipArchiver().unpack(tmp_path / "a.zip", tmp_path / "unpacked")


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_broken_bytes_of_every_kind_are_told(compression: int, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", compression) as made:
        made.writestr("caf\xe9", bytes(range(256)))
    whole = archive.read_bytes()

    for position in range(len(whole)):
        archive.write_bytes(whole[:position] + b"\xff" + whole[position + 1 :])
        with contextlib.suppress(HostileArchive):
            ZipArchiver().unpack(archive, tmp_path / f"unpacked-{position}")
