"""Whatever is wrong with the weights of a package is said in one line, with its path."""

import struct
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import BrokenPackage
from coreml_stable_diffusion.domain.mil.stored_weights import stored_weights
from samples.bundles import WEIGHTS, Model, change_model, weight_value


def _refusal(package: Path) -> str:
    with pytest.raises(BrokenPackage) as caught:
        MlPackageReader().read(package)
    assert str(caught.value).startswith(str(package))
    return caught.value.problem


def test_weights_that_are_not_there(package: Path) -> None:
    (package / WEIGHTS).unlink()

    assert "weight.bin is missing" in _refusal(package)


@pytest.mark.parametrize(("length", "reason"), [(0, "no weight can be there"), (300, "ends at")])
def test_truncated_weights(package: Path, length: int, reason: str) -> None:
    whole = (package / WEIGHTS).read_bytes()
    assert len(whole) > length
    (package / WEIGHTS).write_bytes(whole[:length])

    assert reason in _refusal(package)


@pytest.mark.parametrize(
    ("place", "number", "reason"),
    [
        ("version", struct.pack("<I", 1), "no weight begins here"),
        ("sentinel", struct.pack("<I", 0xDEADBEEE), "no weight begins here"),
        ("type", struct.pack("<I", 1), "holds fp16 where tensor<fp32, [6, 8]> is declared"),
        ("type", struct.pack("<I", 99), "holds type code 99"),
        ("size", struct.pack("<Q", 191), "holds 191 bytes, which is not a tensor<fp32, [6, 8]>"),
        ("start", struct.pack("<Q", 2**63), "ends at"),
    ],
)
def test_a_weight_whose_record_is_wrong(
    package: Path, place: str, number: bytes, reason: str
) -> None:
    offset = {"version": 4, "sentinel": 64, "type": 68, "size": 72, "start": 80}[place]
    content = bytearray((package / WEIGHTS).read_bytes())
    content[offset : offset + len(number)] = number
    (package / WEIGHTS).write_bytes(content)

    assert reason in _refusal(package)


@pytest.mark.parametrize("offset", [0, 63, 2**40, 2**64 - 1])
def test_a_weight_outside_the_file(package: Path, offset: int) -> None:
    def move(model: Model) -> None:
        weight_value(model).blobFileValue.offset = offset

    change_model(package, move)

    assert "no weight can be there" in _refusal(package)


@pytest.mark.parametrize("name", ["@model_path/../../secret", "/etc/passwd", "weights/weight.bin"])
def test_weights_outside_the_package(package: Path, name: str) -> None:
    def move(model: Model) -> None:
        weight_value(model).blobFileValue.fileName = name

    change_model(package, move)

    assert "package" in _refusal(package)


@pytest.mark.parametrize("prefix", ["@model_path/", ""])
def test_an_absurd_path_of_weights_is_refused_in_a_short_line(package: Path, prefix: str) -> None:
    def move(model: Model) -> None:
        weight_value(model).blobFileValue.fileName = prefix + "a" * 5000

    change_model(package, move)

    assert len(_refusal(package)) < 200


def test_weights_that_are_cut_off_after_reading(package: Path) -> None:
    program = MlPackageReader().read(package)
    (package / WEIGHTS).write_bytes((package / WEIGHTS).read_bytes()[:200])
    (weight,) = stored_weights(program)

    with pytest.raises(BrokenPackage, match="ends at"):
        weight.array()


def test_a_weight_of_no_elements_and_absurd_sizes(package: Path) -> None:
    def declare_more(model: Model) -> None:
        declared = weight_value(model).type.tensorType
        declared.rank = 3
        del declared.dimensions[:]
        for size in (0, 2**62, 2**62):
            declared.dimensions.add().constant.size = size

    change_model(package, declare_more)
    content = bytearray((package / WEIGHTS).read_bytes())
    content[72:80] = bytes(8)
    (package / WEIGHTS).write_bytes(content)

    (weight,) = stored_weights(MlPackageReader().read(package))
    with pytest.raises(BrokenPackage):
        weight.array()
