"""What is written is what coremltools wrote, byte for byte where it matters."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import coremltools as ct
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.adapters.packages.schema import parse_model
from coreml_stable_diffusion.adapters.packages.weight_file_writer import write_weights
from coreml_stable_diffusion.domain.errors import BrokenPackage
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.stored_weights import (
    stored_weights,
    with_weights,
)
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from coremltools.converters.mil import Builder
from samples.packages import WEIGHT, save_program

MODEL = Path("Data/com.apple.CoreML/model.mlmodel")
WEIGHTS = Path("Data/com.apple.CoreML/weights/weight.bin")


class Elsewhere:
    """A storage that is not a file of the package, as that of weights that were computed."""

    def __init__(self, origin: StoredWeight) -> None:
        self._origin = origin

    def read(self, weight: StoredWeight) -> Any:
        del weight
        return self._origin.array()


def written(package: Path, destination: Path) -> Path:
    MlPackageWriter().write(MlPackageReader().read(package), destination)
    return destination


def test_an_unchanged_package_keeps_message_and_weights(package: Path, tmp_path: Path) -> None:
    copy = written(package, tmp_path / "copy.mlpackage")

    assert parse_model((copy / MODEL).read_bytes()) == parse_model((package / MODEL).read_bytes())
    assert (copy / WEIGHTS).read_bytes() == (package / WEIGHTS).read_bytes()


def test_the_same_program_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    first, second = (written(package, tmp_path / name) for name in ("1.mlpackage", "2.mlpackage"))

    for file in (MODEL, Path("Manifest.json")):
        assert (first / file).read_bytes() == (second / file).read_bytes()


def test_coremltools_loads_what_is_written(package: Path, tmp_path: Path) -> None:
    copy = written(package, tmp_path / "copy.mlpackage")

    loaded = ct.models.MLModel(str(copy), skip_model_load=True)

    assert loaded.get_spec() == ct.models.MLModel(str(package), skip_model_load=True).get_spec()
    assert Path(loaded.weights_dir, "weight.bin").exists()


def test_weights_from_elsewhere_make_the_file_that_coremltools_makes(
    package: Path, tmp_path: Path
) -> None:
    program = with_weights(
        MlPackageReader().read(package),
        lambda weight: attrs.evolve(weight, storage=Elsewhere(weight), offset=7),
    )

    MlPackageWriter().write(program, tmp_path / "copy.mlpackage")

    assert (tmp_path / "copy.mlpackage" / WEIGHTS).read_bytes() == (package / WEIGHTS).read_bytes()
    assert MlPackageReader().read(tmp_path / "copy.mlpackage") == MlPackageReader().read(package)


def test_weights_that_nothing_uses_any_more_are_left_out(tmp_path: Path) -> None:
    def two_products(x: Any) -> Any:
        first = Builder.linear(x=x, weight=WEIGHT)
        return first, Builder.linear(x=x, weight=WEIGHT + 1)

    package = tmp_path / "two.mlpackage"
    save_program(two_products, [(1, 8)], package)
    program = MlPackageReader().read(package)
    first_twice = with_weights(program, lambda weight: attrs.evolve(weight, offset=64))

    MlPackageWriter().write(first_twice, tmp_path / "one.mlpackage")

    weight, same = stored_weights(MlPackageReader().read(tmp_path / "one.mlpackage"))
    assert weight == same
    assert np.array_equal(weight.array(), WEIGHT)
    assert (tmp_path / "one.mlpackage" / WEIGHTS).stat().st_size == 128 + WEIGHT.nbytes


def test_weights_that_are_gone_are_told_in_one_line(package: Path, tmp_path: Path) -> None:
    program = MlPackageReader().read(package)
    changed = with_weights(program, lambda weight: attrs.evolve(weight, storage=Elsewhere(weight)))
    (package / WEIGHTS).unlink()

    with pytest.raises(BrokenPackage, match=r"weight\.bin is missing"):
        MlPackageWriter().write(changed, tmp_path / "copy.mlpackage")


BLOBS: dict[DataType, Callable[[Any], Callable[[Any], int]]] = {
    DataType.INT4: lambda file: file.write_int4_data,
    DataType.UINT1: lambda file: file.write_uint1_data,
    DataType.UINT3: lambda file: file.write_uint3_data,
    DataType.UINT6: lambda file: file.write_uint6_data,
    DataType.UINT8: lambda file: file.write_uint8_data,
    DataType.INT16: lambda file: file.write_int16_data,
    DataType.FP32: lambda file: file.write_float_data,
}


def test_every_width_is_stored_as_coremltools_stores_it(tmp_path: Path) -> None:
    storage = pytest.importorskip("coremltools.libmilstoragepython")
    theirs = storage._BlobStorageWriter(str(tmp_path / "theirs.bin"))
    weights = []
    for data_type, writer in BLOBS.items():
        elements = (np.arange(13) % 2).astype(data_type.numpy)
        writer(theirs)(elements)
        weights.append(in_memory(elements, data_type))
    del theirs

    write_weights(tmp_path / "ours.bin", weights)

    assert (tmp_path / "ours.bin").read_bytes() == (tmp_path / "theirs.bin").read_bytes()


def in_memory(elements: Any, data_type: DataType) -> StoredWeight:
    class Memory:
        def read(self, weight: StoredWeight) -> Any:
            del weight
            return elements

    return StoredWeight(TensorType(data_type, elements.shape), "@model_path/w.bin", 0, Memory())
