"""Bundles are read as the packages that they were made of."""

import shutil
import struct
from pathlib import Path
from typing import Any

import coremltools as ct
import coremltools.optimize.coreml as cto
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.domain.errors import BrokenPackage
from coreml_stable_diffusion.domain.mil.stored_weights import stored_weights
from coreml_stable_diffusion.domain.mil.value_type import StateType
from coremltools.converters.mil import Builder
from samples.bundles import WEIGHTS, Model, change_model, compiled, read_model
from samples.packages import convert_module, save_program, trace
from torch import nn

X = np.random.default_rng(5).standard_normal((1, 16)).astype(np.float32)


class Accumulator(nn.Module):
    """Adds up what it is given in a state."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("total", torch.zeros(1, 16, dtype=torch.float16))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total: torch.Tensor = self.total  # type: ignore[assignment] # buffers are typed as modules
        total.add_(x.half())
        return total * 2


def returned(package: Path) -> None:
    """Hold a package to its way through a bundle and back."""
    reader = MlPackageReader()
    bundle = compiled(package, package.with_suffix(".mlmodelc"))
    back = package.with_name("back.mlpackage")
    MlPackageWriter().write(reader.read(bundle), back)

    assert reader.read(bundle) == reader.read(back) == reader.read(package)
    if (package / WEIGHTS).exists():
        assert (back / WEIGHTS).read_bytes() == (package / WEIGHTS).read_bytes()
    assert read_model(back).description == read_model(package).description


def test_a_package_comes_back_from_its_bundle(package: Path) -> None:
    returned(package)


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("dense")
    found = {}
    for name, target in {"iOS16": ct.target.iOS16, "iOS18": ct.target.iOS18}.items():
        path = folder / f"{name}.mlpackage"
        convert_module(nn.Linear(16, 24), {"x": X}, ["y"], path, target=target)
        found[name] = ct.models.MLModel(str(path), skip_model_load=True)
    return found


def palettized(model: Any, bits: int, **options: Any) -> Any:
    config = cto.OpPalettizerConfig(mode="uniform", nbits=bits, weight_threshold=1, **options)
    return cto.palettize_weights(model, cto.OptimizationConfig(config))


def quantized(model: Any, **options: Any) -> Any:
    config = cto.OpLinearQuantizerConfig(weight_threshold=1, **options)
    return cto.linear_quantize_weights(model, cto.OptimizationConfig(config))


def pruned(model: Any) -> Any:
    config = cto.OpMagnitudePrunerConfig(target_sparsity=0.6, weight_threshold=1)
    return cto.prune_weights(model, cto.OptimizationConfig(config))


GROUPS: dict[str, Any] = {"granularity": "per_grouped_channel", "group_size": 8}
BLOCKS: dict[str, Any] = {"granularity": "per_block", "block_size": 4}


@pytest.mark.parametrize(
    ("target", "compress"),
    [
        ("iOS16", lambda model: palettized(model, 6)),
        ("iOS16", lambda model: quantized(model, mode="linear")),
        ("iOS16", pruned),
        ("iOS18", lambda model: palettized(model, 3)),
        ("iOS18", lambda model: palettized(model, 4, **GROUPS)),
        ("iOS18", lambda model: quantized(model, dtype="int4", **BLOCKS)),
        ("iOS18", pruned),
    ],
)
def test_compressed_weights_come_back(
    target: str, compress: Any, dense: dict[str, Any], tmp_path: Path
) -> None:
    compress(dense[target]).save(str(tmp_path / "small.mlpackage"))
    assert list(stored_weights(MlPackageReader().read(tmp_path / "small.mlpackage")))

    returned(tmp_path / "small.mlpackage")


def test_constants_of_every_kind_come_back(tmp_path: Path) -> None:
    values = [
        np.array([[0.1, -0.0], [65504, 6e-8]], np.float16),
        np.array(1e-42, np.float32),
        np.array([-5, 2**31 - 1], np.int32),
        np.array([True, False]),
    ]

    def constants(x: Any) -> Any:
        return (
            Builder.relu(x=x),
            *(Builder.const(val=value, name=f"c{n}") for n, value in enumerate(values)),
        )

    save_program(constants, [(1,)], tmp_path / "constants.mlpackage")

    returned(tmp_path / "constants.mlpackage")


def test_inputs_come_back_in_the_author_s_order(tmp_path: Path) -> None:
    package = tmp_path / "order.mlpackage"

    class Difference(nn.Module):
        def forward(self, z: torch.Tensor, a: torch.Tensor) -> torch.Tensor:
            return z - a

    convert_module(Difference(), {"z": X, "a": X}, ["y"], package)
    text = (compiled(package, tmp_path / "look.mlmodelc") / "model.mil").read_text("utf-8")

    assert text.index(" a, ") < text.index(" z)")
    assert [each.name for each in MlPackageReader().read(package).main_function.inputs] == [
        "z",
        "a",
    ]
    returned(package)


def test_states_come_back(tmp_path: Path) -> None:
    package = tmp_path / "state.mlpackage"
    shape = (1, 16)
    ct.convert(
        trace(Accumulator().eval(), [torch.zeros(shape)]),
        inputs=[ct.TensorType("x", shape)],
        outputs=[ct.TensorType("y")],
        states=[ct.StateType(ct.TensorType(shape=shape, dtype=np.float16), name="total")],
        minimum_deployment_target=ct.target.iOS18,
        skip_model_load=True,
    ).save(str(package))
    kinds = [each.type for each in MlPackageReader().read(package).main_function.inputs]
    assert any(isinstance(kind, StateType) for kind in kinds)

    returned(package)


def test_ranges_of_shapes_come_back(package: Path) -> None:
    def flexible(model: Model) -> None:
        array = model.description.input[0].type.multiArrayType
        array.shapeRange.sizeRanges.add(lowerBound=1, upperBound=4)

    change_model(package, flexible)

    returned(package)


def test_metadata_that_was_not_there_does_not_come_back(package: Path) -> None:
    change_model(package, lambda model: model.description.ClearField("metadata"))

    returned(package)


# What is broken


@pytest.fixture
def bundle(package: Path) -> Path:
    found = compiled(package, package.with_suffix(".mlmodelc"))
    weights = found / "weights" / "weight.bin"
    shutil.copyfile(weights, found / "copy")  # linked to the package's, which must stay as it is
    (found / "copy").replace(weights)
    return found


def refusal(bundle: Path) -> str:
    with pytest.raises(BrokenPackage) as caught:
        MlPackageReader().read(bundle)
    assert str(caught.value).startswith(str(bundle))
    assert "\n" not in str(caught.value)
    return caught.value.problem


@pytest.mark.parametrize("name", ["coremldata.bin", "model.mil"])
def test_a_file_that_is_not_there(bundle: Path, name: str) -> None:
    (bundle / name).unlink()

    assert f"{name} is missing" in refusal(bundle)


def test_truncated_data_at_any_place(bundle: Path) -> None:
    data = (bundle / "coremldata.bin").read_bytes()

    for length in range(len(data) - 16):
        (bundle / "coremldata.bin").write_bytes(data[:length])
        assert "coremldata.bin" in refusal(bundle)


def test_a_description_of_an_absurd_size(bundle: Path) -> None:
    data = bytearray((bundle / "coremldata.bin").read_bytes())
    data[0x4B:0x53] = struct.pack("<Q", 2**63)
    (bundle / "coremldata.bin").write_bytes(data)

    assert "cut short" in refusal(bundle)


def test_a_pipeline_is_told_so(bundle: Path) -> None:
    data = (bundle / "coremldata.bin").read_bytes()
    (bundle / "coremldata.bin").write_bytes(struct.pack("<I", 202) + data[4:])

    assert "a pipeline of models, whose bundles nobody has described" in refusal(bundle)


def test_a_text_of_an_absurd_size_is_not_read(bundle: Path) -> None:
    with (bundle / "model.mil").open("r+b") as file:
        file.truncate(2**40)  # a hole, which takes no room

    assert "model.mil has more than" in refusal(bundle)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"program(1.0)\n{\n    func main<ios16>("])
def test_a_text_that_is_none(bundle: Path, content: bytes) -> None:
    (bundle / "model.mil").write_bytes(content)

    assert "model.mil, " in refusal(bundle)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("@model_path/weights", "@model_path/../weights", "leaves the package"),
        ("weight.bin", "other.bin", "other.bin is missing"),
        ("(64)", "(128)", "no weight begins here"),
        ("(64)", f"({10**30})", "uint64 cannot hold"),
        ("fp32, [6, 8]", "fp16, [6, 8]", "holds fp32 where"),
        ("<ios16>(tensor<fp32, [1, 8]> x)", "<ios16>()", "inputs of its description"),
        ("(x = product)", "(x = y)", "function main, operation relu (y): nothing"),
        ("[1, 8]> x)", "[1, 8]> x, string x)", "model.mil, function main: there are 2 inputs 'x'"),
    ],
)
def test_a_text_that_does_not_fit_the_rest(
    bundle: Path, before: str, after: str, problem: str
) -> None:
    text = (bundle / "model.mil").read_text(encoding="utf-8")
    assert before in text
    (bundle / "model.mil").write_text(text.replace(before, after), encoding="utf-8")

    assert problem in refusal(bundle)


def test_truncated_weights(bundle: Path) -> None:
    with (bundle / "weights" / "weight.bin").open("r+b") as file:
        file.truncate(200)

    assert "weight.bin, offset 64" in refusal(bundle)
