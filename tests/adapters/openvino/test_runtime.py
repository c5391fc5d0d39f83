"""Networks of Stable Diffusion on OpenVINO, beside the reference runtime that fuses nothing."""

import sys
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.openvino.runtime import OpenVinoRuntime
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import AttentionImplementation, ConversionPlan
from coreml_stable_diffusion.domain.errors import (
    BrokenPackage,
    PredictionError,
    RuntimeUnavailable,
    UnsupportedOperations,
)
from coreml_stable_diffusion.domain.fidelity import tensor_psnr_db
from coreml_stable_diffusion.domain.ports.networks import Network
from coreml_stable_diffusion.domain.tensor import Tensors
from coremltools.converters.mil import Builder
from fakes.packages import FakePackageReader
from numpy.typing import NDArray
from samples.conversions import convert_component
from samples.packages import save_program, save_sum_package
from samples.programs import operation, program

LEAST_DB = 60
COMPONENTS = (
    Component.TEXT_ENCODER,
    Component.UNET,
    Component.VAE_DECODER,
    Component.VAE_ENCODER,
    Component.SAFETY_CHECKER,
)


@pytest.fixture
def runtime() -> OpenVinoRuntime:
    pytest.importorskip("openvino", reason="the extra openvino is not installed")
    return OpenVinoRuntime(MlPackageReader(), threads=1)


def noise(network: Network) -> Tensors:
    rng = np.random.default_rng(5)
    drawn: dict[str, NDArray[np.generic]] = {
        each.name: rng.standard_normal(each.shape).astype(each.dtype) for each in network.inputs
    }
    if "input_ids" in drawn:
        ids = np.full(drawn["input_ids"].shape, 520)
        ids[:, :9] = rng.integers(0, 500, 9)
        drawn["input_ids"] = ids.astype(np.float32)
    return drawn


def assert_near(package: Path, runtime: OpenVinoRuntime) -> None:
    network = runtime.load(package)
    exact = ReferenceRuntime(MlPackageReader(), threads=1, mode=Mode.EXACT).load(package)
    inputs = noise(network)
    found, wanted = network.predict(inputs), exact.predict(inputs)

    assert network.inputs == exact.inputs
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        assert found[name].dtype == array.dtype
        assert (
            tensor_psnr_db(*(np.asarray(each, np.float64) for each in (found[name], array)))
            >= LEAST_DB
        )


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each.value)
def test_every_network_computes_what_the_reference_runtime_does(
    component: Component, runtime: OpenVinoRuntime, tiny_packages: Path
) -> None:
    (package,) = tiny_packages.glob(f"*_{component.value}.mlpackage")
    assert_near(package, runtime)


@pytest.mark.parametrize("attention", ["ORIGINAL", "SPLIT_EINSUM"])
def test_attention_may_be_written_in_any_way(
    attention: str,
    runtime: OpenVinoRuntime,
    tiny_checkpoint: Path,
    tmp_path: Path,
) -> None:
    checkpoint = DiffusersFolder().open(str(tiny_checkpoint))
    plan = ConversionPlan(attention=AttentionImplementation[attention])
    convert_component(checkpoint, Component.UNET, plan, tmp_path / "unet.mlpackage")

    assert_near(tmp_path / "unet.mlpackage", runtime)


def test_all_that_is_not_known_is_named_at_once(runtime: OpenVinoRuntime, tmp_path: Path) -> None:
    def build(x: object) -> object:
        return Builder.cumsum(x=Builder.reverse(x=x, axes=[0]), axis=1, name="y")

    save_program(build, [(2, 3)], tmp_path / "odd.mlpackage")

    with pytest.raises(UnsupportedOperations, match=r"openvino runtime .*: cumsum, reverse; run"):
        runtime.load(tmp_path / "odd.mlpackage")


def test_nothing_in_between_is_rounded(runtime: OpenVinoRuntime, tmp_path: Path) -> None:
    save_sum_package(tmp_path / "sum.mlpackage")
    half = np.full((2, 3), 60000, np.float16)

    total = runtime.load(tmp_path / "sum.mlpackage").predict({"x": half, "y": half})["sum"]

    np.testing.assert_array_equal(total, 2 * half.astype(np.float32))


def test_inputs_that_do_not_fit_are_refused(runtime: OpenVinoRuntime, tmp_path: Path) -> None:
    save_sum_package(tmp_path / "sum.mlpackage")

    with pytest.raises(PredictionError, match="input x is missing"):
        runtime.load(tmp_path / "sum.mlpackage").predict({})


def test_shapes_that_do_not_fit_are_told_in_words_not_in_checks() -> None:
    pytest.importorskip("openvino", reason="the extra openvino is not installed")
    x = np.ones((2, 3), np.float32)
    product = program([operation("matmul", ["y"], x="x", y="x")], {"x": x}, {"y": x})
    unfit = OpenVinoRuntime(FakePackageReader({"some.mlpackage": product}))

    with pytest.raises(BrokenPackage, match=r"matmul \(y\): Incompatible MatMul matrix dimension"):
        unfit.load(Path("some.mlpackage"))


def test_where_openvino_is_not_installed_it_says_how_to_mend_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_sum_package(tmp_path / "sum.mlpackage")
    monkeypatch.setitem(sys.modules, "openvino", None)

    with pytest.raises(RuntimeUnavailable, match=r"pip install .*\[openvino\]"):
        OpenVinoRuntime(MlPackageReader()).load(tmp_path / "sum.mlpackage")
