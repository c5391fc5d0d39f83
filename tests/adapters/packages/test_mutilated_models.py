"""Whatever has become of a file, its model is read or refused in one line, and nothing else.

`pytest -m fuzz` tries over a hundred thousand files, otherwise they are a thousand.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import BrokenPackage
from coreml_stable_diffusion.domain.mil.stored_weights import all_operations, weights_of
from samples.bundles import MODEL, WEIGHTS, compiled

FILES = [
    (False, "Manifest.json"),
    (False, str(MODEL)),
    (False, str(WEIGHTS)),
    (True, "coremldata.bin"),
    (True, "model.mil"),
    (True, "weights/weight.bin"),
]
EACH = 17_000
WORDS = [
    *(b"tensor<", b"dict<", b"tuple<", b"fp16", b"uint4", b"string", b"BLOBFILE"),
    *(b"[", b"]", b"(", b"{", b"}", b'"', b"\\", b"?", b"...", b"\xff", b"\x00"),
    *(b"0x1p+99999", b"999999999999999999999"),
]
Mutilation = Callable[[bytes, random.Random], bytes]


def flip(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data)) + 1]


def insert(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + rng.choice(WORDS) + data[place:]


def repeat(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data)) for _ in range(2))
    return data[:start] + rng.choice((0, 2)) * data[start:end] + data[end:]


MUTILATIONS: list[Mutilation] = [flip, flip, insert, insert, cut, repeat]


def test_a_mutilated_file_is_read_or_refused(package: Path) -> None:
    for bundled, name in FILES:
        assert _refused(package, name, 200, bundled=bundled) > 20


@pytest.mark.fuzz
@pytest.mark.parametrize(("bundled", "name"), FILES)
def test_a_hundred_thousand_mutilated_files_are_read_or_refused(
    bundled: bool, name: str, package: Path, record_property: Callable[[str, object], None]
) -> None:
    assert _refused(package, name, EACH, bundled=bundled) > EACH // 10
    record_property("mutilated files", EACH)


def _refused(package: Path, name: str, trials: int, *, bundled: bool) -> int:
    """How many of so many mutilations of a file are refused; the others are read."""
    rng = random.Random(name)  # noqa: S311 - the same mutilations every time
    copy = package.with_name(f"{name.replace('/', '-')}.mlpackage")
    shutil.copytree(package, copy)
    folder = compiled(copy, copy.with_suffix(".mlmodelc")) if bundled else copy
    original = (folder / name).read_bytes()
    (folder / name).unlink()  # it may be linked to the package's
    refusals: list[str] = []
    for _ in range(trials):
        data = original
        for mutilate in rng.choices(MUTILATIONS, k=rng.randint(1, 4)):
            data = mutilate(data, rng) or original
        (folder / name).write_bytes(data)
        try:
            _read_all(folder)
        except BrokenPackage as error:
            refusals.append(str(error))
    assert all(len(each.splitlines()) == 1 for each in refusals)
    return len(refusals)


def _read_all(folder: Path) -> None:
    """The program and every weight of it."""
    program = MlPackageReader().read(folder)
    for operation in all_operations(program.main_function.body):
        for _, weight in weights_of(operation):
            weight.array()


def test_an_empty_file_is_refused(package: Path) -> None:
    for name in ("Manifest.json", str(MODEL), str(WEIGHTS)):
        copy = Path(shutil.copytree(package, package.with_name("empty.mlpackage")))
        (copy / name).write_bytes(b"")
        with pytest.raises(BrokenPackage):
            MlPackageReader().read(copy)
        shutil.rmtree(copy)
