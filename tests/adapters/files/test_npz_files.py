"""What an `.npz` file may not be."""

import math
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.files.tensor_files import NpzFiles
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.errors import UnreadableTensors, UnwritableOutput


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableTensors) as caught:
        NpzFiles(LocalWorkspace()).read(path)
    assert str(caught.value).startswith(f"{path} ")
    return caught.value.problem


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(3))

    assert "no .npz file" in refusal(tmp_path / "a.npy")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=np.zeros(100))
    path.write_bytes(path.read_bytes()[:200])

    refusal(path)


def test_a_file_of_objects_is_not_unpickled(tmp_path: Path) -> None:
    objects: Any = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "a.npz", x=objects)

    assert "it has Python's objects" in refusal(tmp_path / "a.npz")


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3)])
def test_what_numpy_compressed_comes_back_to_be_changed(
    shape: tuple[int, ...], order: Literal["C", "F"], tmp_path: Path
) -> None:
    array = np.asarray(np.arange(math.prod(shape), dtype=">f4").reshape(shape), order=order)
    np.savez_compressed(tmp_path / "a.npz", x=array)

    found = NpzFiles(LocalWorkspace()).read(tmp_path / "a.npz")["x"]

    assert found.dtype == array.dtype
    assert np.array_equal(found, array)
    assert found.flags.writeable


def header(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


def floats(shape: str) -> bytes:
    return header(f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}")


BROKEN_MEMBERS = {
    "nothing": b"",
    "text": b"hello",
    "fewer bytes than declared": floats("(5,)"),
    "more bytes than declared": floats("(5,)") + bytes(24),
    "a negative size": floats("(-5,)"),
    "terabytes": floats(f"({10**12},)"),
    "more than 64 bits": floats(f"({10**21},)"),
    "more than 64 bits of nothing": floats(f"(0, {10**21})"),
    "a newer format": floats("()").replace(b"NUMPY\x01", b"NUMPY\x03"),
    "half a header of Python 2": floats("(5L,)")[:-3],
    "a type without a name": header("{'descr': (), 'fortran_order': False, 'shape': (), }"),
    "brackets": header("   (((("),
    "what no parser bears": header("-" * 9000 + "1"),
}


@pytest.mark.parametrize("content", BROKEN_MEMBERS.values(), ids=BROKEN_MEMBERS.keys())
def test_a_member_that_is_no_array_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", content)

    assert refusal(path).startswith("x.npy is no array")


def test_a_declared_size_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    member = floats(f"({2**28},)")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", member)
    content = bytearray(path.read_bytes())
    entry = content.find(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (len(member) + 2**30).to_bytes(4, "little")
    path.write_bytes(content)

    tracemalloc.start()
    refusal(path)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 2**24


@pytest.mark.parametrize(
    ("method", "place", "byte"),
    [
        pytest.param(zipfile.ZIP_STORED, 8, 1, id="encrypted"),
        pytest.param(zipfile.ZIP_STORED, 10, 99, id="a method that nobody knows"),
        pytest.param(zipfile.ZIP_DEFLATED, -400, 255, id="damaged deflate"),
        pytest.param(zipfile.ZIP_BZIP2, -400, 255, id="damaged bzip2"),
        pytest.param(zipfile.ZIP_LZMA, -400, 255, id="damaged LZMA"),
    ],
)
def test_a_member_that_cannot_be_unpacked_is_named(
    method: int, place: int, byte: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    noise = np.random.default_rng(0).bytes(1000)
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("x.npy", floats("(250,)") + noise)
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\x01\x02") + place] ^= byte
    path.write_bytes(content)

    assert refusal(path).startswith("x.npy is no array")


@pytest.mark.parametrize(("name", "problem"), [("gone.npz", "No such file"), ("", "a directory")])
def test_what_is_no_file_is_told(name: str, problem: str, tmp_path: Path) -> None:
    assert problem in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["kept", ""])
def test_a_folder_is_refused_before_anything_is_recorded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").mkdir()

    with (
        pytest.raises(UnwritableOutput, match="it is a folder; name a file"),
        NpzFiles(LocalWorkspace()).recording(Path(name)),
    ):
        pytest.fail("the block must not be entered")
