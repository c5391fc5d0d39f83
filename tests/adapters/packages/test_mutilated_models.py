"""Whatever has become of a file, its model is read or refused in one line, and nothing else.

COREML_SD_FUZZ=100000 tries so many files instead of a few hundred.
"""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import BrokenPackage
from samples.bundles import MODEL, WEIGHTS, compiled

TRIALS = int(os.environ.get("COREML_SD_FUZZ", "1200"))
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


@pytest.mark.parametrize(
    ("bundled", "name"),
    [
        (False, "Manifest.json"),
        (False, str(MODEL)),
        (False, str(WEIGHTS)),
        (True, "coremldata.bin"),
        (True, "model.mil"),
        (True, "weights/weight.bin"),
    ],
)
def test_a_mutilated_file_is_read_or_refused(bundled: bool, name: str, package: Path) -> None:
    rng = random.Random(name)  # noqa: S311 - the same mutilations every time
    folder = compiled(package, package.with_suffix(".mlmodelc")) if bundled else package
    original = (folder / name).read_bytes()
    if bundled:
        (folder / name).unlink()  # it may be linked to the package's
    read = refused = 0
    for _ in range(TRIALS // 6):
        data = original
        for mutilate in rng.choices(MUTILATIONS, k=rng.randint(1, 4)):
            data = mutilate(data, rng) or original
        (folder / name).write_bytes(data)
        try:
            MlPackageReader().read(folder)
        except BrokenPackage as error:
            refused += len(str(error).splitlines()) == 1
        else:
            read += 1
    assert read + refused == TRIALS // 6
    assert refused > TRIALS // 60


def test_an_empty_file_is_refused(package: Path) -> None:
    for name in ("Manifest.json", str(MODEL), str(WEIGHTS)):
        copy = Path(shutil.copytree(package, package.with_name("empty.mlpackage")))
        (copy / name).write_bytes(b"")
        with pytest.raises(BrokenPackage):
            MlPackageReader().read(copy)
        shutil.rmtree(copy)
