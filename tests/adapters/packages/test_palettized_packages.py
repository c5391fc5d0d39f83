"""Our palettes beside those of coremltools, and what small packages compute."""

from pathlib import Path
from typing import Any

import attrs
import coremltools as ct
import coremltools.optimize.coreml as cto
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.application.compress import Compress
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.value import StoredWeight, TensorValue
from fakes.observing import FakeObserver
from numpy.typing import NDArray
from samples.packages import convert_module
from torch import nn

X = np.random.default_rng(5).standard_normal((1, 16, 8, 8)).astype(np.float32)
WEIGHTS = "Data/com.apple.CoreML/weights/weight.bin"
TARGETS = {"iOS16": ct.target.iOS16, "iOS18": ct.target.iOS18}
CASES = [
    *(("iOS16", Palettization(bits=bits)) for bits in (1, 2, 4, 6, 8)),
    *(("iOS18", Palettization(bits=bits)) for bits in (3, 6)),
    ("iOS18", Palettization(bits=4, group_size=80)),
]


class Layers(nn.Module):
    """Three weights of more than 10,000 elements and one that is too small to count."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = nn.Conv2d(16, 160, 3)
        self.back = nn.ConvTranspose2d(160, 160, 1)
        self.line = nn.Linear(160, 160)
        self.last = nn.Linear(160, 2)

    def forward(self, x: torch.Tensor) -> Any:
        return self.last(self.line(self.back(self.wide(x)).mean((2, 3))))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same layers for both generations of palettes; nobody may change them."""
    torch.manual_seed(0)
    layers, folder = Layers(), tmp_path_factory.mktemp("dense")
    paths = {name: folder / f"{name}.mlpackage" for name in TARGETS}
    for name, path in paths.items():
        convert_module(layers, {"x": X}, ["y"], path, target=TARGETS[name])
    return paths


def compressed(package: Path, palettization: Palettization, folder: Path) -> Path:
    compress = Compress(
        reader=MlPackageReader(),
        writer=MlPackageWriter(),
        workspace=LocalWorkspace(),
        observer=FakeObserver(),
    )
    return compress(package, palettization, folder / "ours.mlpackage")


def by_coremltools(package: Path, palettization: Palettization, folder: Path) -> Path:
    options: dict[str, Any] = {"mode": "kmeans", "nbits": palettization.bits}
    if palettization.group_size:
        options["granularity"] = "per_grouped_channel"
        options["group_size"] = palettization.group_size
    config = cto.OptimizationConfig(cto.OpPalettizerConfig(**options))
    model = ct.models.MLModel(str(package), skip_model_load=True)
    path = folder / "theirs.mlpackage"
    cto.palettize_weights(model, config).save(str(path))
    return path


def decompressed(package: Path, folder: Path) -> Path:
    path = folder / f"{package.stem}-whole.mlpackage"
    model = ct.models.MLModel(str(package), skip_model_load=True)
    cto.decompress_weights(model).save(str(path))
    return path


def palettes(package: Path) -> list[Operation]:
    operations = MlPackageReader().read(package).main_function.body.operations
    return [each for each in operations if each.type == "constexpr_lut_to_dense"]


def array(operation: Operation, name: str) -> NDArray[Any]:
    value = operation.attributes.get(name) or operation.inputs[name][0]
    assert isinstance(value, StoredWeight | TensorValue)
    return value.array()


def matrices(package: Path) -> list[NDArray[np.float64]]:
    operations = MlPackageReader().read(package).main_function.body.operations
    values = [each.attributes.get("val") for each in operations]
    arrays = [each.array() for each in values if isinstance(each, StoredWeight)]
    return [each.astype(np.float64) for each in arrays if each.ndim > 1 and each.size > 2048]


def ulps(left: NDArray[np.float16], right: NDArray[np.float16]) -> int:
    """How many numbers of float16 lie between two tables at most; their signs agree."""
    assert np.array_equal(np.signbit(left), np.signbit(right))
    distances = left.view(np.int16).astype(int) - right.view(np.int16).astype(int)
    return int(np.abs(distances).max())


@pytest.mark.parametrize(("target", "palettization"), CASES)
def test_palettes_are_those_of_coremltools(
    target: str, palettization: Palettization, packages: dict[str, Path], tmp_path: Path
) -> None:
    ours = compressed(packages[target], palettization, tmp_path)
    theirs = by_coremltools(packages[target], palettization, tmp_path)

    assert len(palettes(ours)) == 3
    for our, their in zip(palettes(ours), palettes(theirs), strict=True):
        assert attrs.evolve(our.outputs[0], name="") == attrs.evolve(their.outputs[0], name="")
        assert set(our.attributes) == set(their.attributes)
        assert set(our.inputs) == set(their.inputs)
        assert np.array_equal(array(our, "indices"), array(their, "indices"))
        assert array(our, "lut").shape == array(their, "lut").shape
        assert ulps(array(our, "lut"), array(their, "lut")) <= 1
    assert (ours / WEIGHTS).stat().st_size == (theirs / WEIGHTS).stat().st_size


@pytest.mark.parametrize(("target", "palettization"), CASES)
def test_no_tensor_has_more_error_than_coremltools_leaves(
    target: str, palettization: Palettization, packages: dict[str, Path], tmp_path: Path
) -> None:
    original = matrices(packages[target])
    ours, theirs = (
        matrices(decompressed(make(packages[target], palettization, tmp_path), tmp_path))
        for make in (compressed, by_coremltools)
    )

    for whole, our, their in zip(original, ours, theirs, strict=True):
        assert ((our - whole) ** 2).sum() <= ((their - whole) ** 2).sum() * (1 + 1e-12)


@pytest.mark.parametrize(("target", "palettization"), CASES)
def test_small_packages_compute_what_their_decompressed_weights_do(
    target: str, palettization: Palettization, packages: dict[str, Path], tmp_path: Path
) -> None:
    ours = compressed(packages[target], palettization, tmp_path)
    runtime = ReferenceRuntime(MlPackageReader())

    small, whole = (
        runtime.load(each).predict({"x": X})["y"] for each in (ours, decompressed(ours, tmp_path))
    )

    assert np.array_equal(small, whole)


def test_indices_stand_before_their_table_in_the_weight_file(
    packages: dict[str, Path], tmp_path: Path
) -> None:
    ours = compressed(packages["iOS16"], Palettization(bits=6), tmp_path)

    for each in palettes(ours):
        indices, table = each.attributes["indices"], each.attributes["lut"]
        assert isinstance(indices, StoredWeight)
        assert isinstance(table, StoredWeight)
        assert table.offset > indices.offset


def test_what_is_said_about_the_model_stays(packages: dict[str, Path], tmp_path: Path) -> None:
    ours = compressed(packages["iOS16"], Palettization(bits=6), tmp_path)

    small, whole = (MlPackageReader().read(each) for each in (ours, packages["iOS16"]))

    assert small.description == whole.description
    assert small.main_function.inputs == whole.main_function.inputs
