"""The promises of domain/ports/networks.py, kept by the fake and by every runtime."""

import importlib.util
import platform
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.coreml.coreml_runtime import CoreMLRuntime
from coreml_stable_diffusion.adapters.openvino.runtime import OpenVinoRuntime
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.errors import BrokenPackage, PredictionError, RuntimeUnavailable
from coreml_stable_diffusion.domain.ports.networks import (
    ExaminingRuntime,
    Network,
    NetworkRuntime,
)
from fakes.networks import (
    FakeExaminableNetwork,
    FakeExaminingRuntime,
    FakeNetwork,
    FakeNetworkRuntime,
    spec,
)
from numpy.typing import NDArray
from samples.packages import save_sum_package

PACKAGE = Path("sum.mlpackage")
X = np.arange(6, dtype=np.float16).reshape(2, 3)
Y = np.ones((2, 3), np.float16)
SUM = (X + Y).astype(np.float32)


ON_A_MAC = [
    pytest.mark.mac,
    pytest.mark.skipif(platform.system() != "Darwin", reason="Core ML is part of macOS"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("networks")
    save_sum_package(folder / PACKAGE)
    return folder


WITH_OPENVINO = pytest.mark.skipif(
    importlib.util.find_spec("openvino") is None, reason="the extra openvino is not installed"
)


@pytest.fixture(
    params=[
        "fake",
        *Mode,
        pytest.param("coreml", marks=ON_A_MAC),
        pytest.param("openvino", marks=WITH_OPENVINO),
    ]
)
def runtime(
    request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> NetworkRuntime:
    monkeypatch.chdir(folder)
    if isinstance(request.param, Mode):
        return ReferenceRuntime(MlPackageReader(), mode=request.param)
    if request.param == "coreml":
        return CoreMLRuntime(MlPackageReader())
    if request.param == "openvino":
        return OpenVinoRuntime(MlPackageReader())
    return FakeNetworkRuntime({PACKAGE.name: _fake_sum()})


@pytest.fixture(params=["fake", Mode.EXACT, Mode.FAITHFUL])
def examining(
    request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> ExaminingRuntime:
    monkeypatch.chdir(folder)
    if isinstance(request.param, Mode):
        return ReferenceRuntime(MlPackageReader(), mode=request.param)
    return FakeExaminingRuntime({PACKAGE.name: FakeExaminableNetwork(_fake_sum())})


def _fake_sum() -> FakeNetwork:
    return FakeNetwork(
        inputs=(spec("x", (2, 3)), spec("y", (2, 3))),
        outputs=(spec("sum", (2, 3), "float32"),),
        script=lambda inputs: {"sum": inputs["x"].astype("f4") + inputs["y"].astype("f4")},
    )


@pytest.fixture
def network(runtime: NetworkRuntime) -> Network:
    return runtime.load(PACKAGE)


def test_a_network_says_what_it_takes_and_gives(network: Network) -> None:
    assert network.inputs == (spec("x", (2, 3)), spec("y", (2, 3)))
    assert network.outputs == (spec("sum", (2, 3), "float32"),)


def test_outputs_come_by_name_in_the_declared_type(network: Network) -> None:
    outputs = network.predict({"y": Y, "x": X})

    assert outputs.keys() == {"sum"}
    assert outputs["sum"].dtype == np.float32
    assert np.array_equal(outputs["sum"], SUM)


def test_a_network_predicts_as_often_as_wanted(network: Network) -> None:
    first = network.predict({"x": X, "y": Y})
    network.predict({"x": Y, "y": Y})

    assert np.array_equal(network.predict({"x": X, "y": Y})["sum"], first["sum"])


def test_inputs_are_left_as_they_are(network: Network) -> None:
    before = X.copy()
    network.predict({"x": X, "y": Y})

    assert np.array_equal(X, before)


def test_a_missing_input_is_refused(network: Network) -> None:
    with pytest.raises(PredictionError, match="input y is missing"):
        network.predict({"x": X})


def test_an_unknown_input_is_refused(network: Network) -> None:
    with pytest.raises(PredictionError, match="there is no input z"):
        network.predict({"x": X, "y": Y, "z": Y})


def test_another_shape_is_refused(network: Network) -> None:
    with pytest.raises(PredictionError, match="input x has shape"):
        network.predict({"x": X.T, "y": Y})


def test_another_element_type_is_refused(network: Network) -> None:
    with pytest.raises(PredictionError, match="input x has type float64"):
        network.predict({"x": X.astype(np.float64), "y": Y})


def test_what_is_no_package_is_refused(runtime: NetworkRuntime) -> None:
    with pytest.raises(BrokenPackage, match=r"other\.mlpackage"):
        runtime.load(Path("other.mlpackage"))


def test_an_examination_predicts_and_records_what_it_computes(examining: ExaminingRuntime) -> None:
    recorded: dict[str, NDArray[np.generic]] = {}

    def record(name: str, array: NDArray[np.generic]) -> None:
        recorded[name] = array.copy()

    examination = examining.load_to_examine(PACKAGE).examine({"x": X, "y": Y}, record)

    assert np.array_equal(examination.outputs["sum"], SUM)
    assert examination.faults == ()
    assert np.array_equal(recorded["sum"], SUM)


def test_a_program_is_examined_without_a_file(examining: ExaminingRuntime) -> None:
    network = examining.program_to_examine(MlPackageReader().read(PACKAGE), PACKAGE)

    assert np.array_equal(network.examine({"x": X, "y": Y}).outputs["sum"], SUM)


def test_an_examination_refuses_what_a_prediction_refuses(examining: ExaminingRuntime) -> None:
    with pytest.raises(PredictionError, match="input y is missing"):
        examining.load_to_examine(PACKAGE).examine({"x": X})


def test_what_is_no_package_cannot_be_examined(examining: ExaminingRuntime) -> None:
    with pytest.raises(BrokenPackage, match=r"other\.mlpackage"):
        examining.load_to_examine(Path("other.mlpackage"))


def test_what_loads_is_available(runtime: NetworkRuntime) -> None:
    runtime.require_available()


@pytest.mark.skipif(platform.system() == "Darwin", reason="Core ML is part of macOS")
def test_core_ml_is_refused_elsewhere() -> None:
    with pytest.raises(RuntimeUnavailable, match="Core ML is part of macOS"):
        CoreMLRuntime(MlPackageReader()).require_available()
