"""Packages are read as coremltools wrote them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import coremltools as ct
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.value import StoredWeight, TensorValue
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from coremltools.converters.mil import Builder
from numpy.typing import NDArray
from samples.packages import WEIGHT, save_program


def test_large_weights_stay_in_their_file_until_asked_for(linear_package: Path) -> None:
    program = MlPackageReader().read(linear_package)
    (weight,) = (
        value
        for operation in program.main_function.body.operations
        for value in operation.attributes.values()
        if isinstance(value, StoredWeight)
    )

    assert weight.type == TensorType(DataType.FP32, WEIGHT.shape)
    assert weight.file == "@model_path/weights/weight.bin"
    assert np.array_equal(weight.array(), WEIGHT)
    assert not weight.array().flags.writeable


def test_arguments_and_attributes_come_by_name(tmp_path: Path) -> None:
    def padded(x: Any) -> Any:
        return Builder.conv(x=x, weight=np.ones((4, 2, 3), np.float32), strides=[2], name="y")

    save_program(padded, [(1, 2, 9)], tmp_path / "conv.mlpackage")
    body = MlPackageReader().read(tmp_path / "conv.mlpackage").main_function.body

    held = [names for each in body.operations for names in (each.inputs, each.attributes)]
    assert max(map(len, held)) > 5
    assert [list(names) for names in held] == [sorted(names) for names in held]


def test_the_description_is_the_one_of_the_model(linear_package: Path, tmp_path: Path) -> None:
    model = ct.models.MLModel(str(linear_package), skip_model_load=True)
    model.author, model.license, model.version = "somebody", "MIT", "7"
    model.short_description = "Multiplies"
    model.user_defined_metadata["note"] = "a text"
    model.input_description["x"] = "what is multiplied"
    model.save(str(tmp_path / "described.mlpackage"))

    description = MlPackageReader().read(tmp_path / "described.mlpackage").description

    assert description.specification_version == 7
    assert description.inputs[0].description == "what is multiplied"
    texts = {"author": "somebody", "license": "MIT", "version": "7", "user:note": "a text"}
    assert description.metadata.items() >= texts.items()
    assert description.metadata["short_description"] == "Multiplies"


@pytest.mark.parametrize(
    "value",
    [
        np.array(0.1, np.float32),
        np.array([[0.1, 65504], [-0.0, 6e-8]], np.float16),
        np.array([-5, 2**31 - 1], np.int32),
    ],
)
def test_a_constant_that_is_spelled_out_is_read_exactly(
    value: NDArray[np.generic], tmp_path: Path
) -> None:
    package = tmp_path / "constant.mlpackage"
    save_program(lambda x: (Builder.relu(x=x), Builder.const(val=value, name="spelled")), [(1,)],
                 package)  # fmt: skip
    program = MlPackageReader().read(package)
    (found,) = (
        each.attributes["val"]
        for each in program.main_function.body.operations
        if each.outputs[0].name == "spelled"
    )

    assert isinstance(found, TensorValue)
    assert found.content.dtype == value.dtype
    assert np.array_equal(found.content, value)


def test_reading_needs_neither_coremltools_nor_torch(linear_package: Path) -> None:
    statements = (
        "import sys; from pathlib import Path",
        "from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader",
        f"MlPackageReader().read(Path({str(linear_package)!r}))",
        "print('coremltools' in sys.modules, 'torch' in sys.modules)",
        "import coremltools.proto.Model_pb2 as real",  # the same messages a second time
        "print(real.Model().ByteSize())",
    )
    command = [sys.executable, "-c", "\n".join(statements)]

    finished = subprocess.run(command, capture_output=True, text=True, check=True)

    assert finished.stdout.split() == ["False", "False", "0"]
