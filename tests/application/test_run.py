"""One prediction, from a file into a file."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.application.run import Run
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.errors import (
    InvalidRequest,
    PredictionError,
    UnreadableTensors,
    UnwritableOutput,
)
from fakes.networks import FakeNetwork, FakeNetworkRuntime, spec
from fakes.tensor_files import FakeTensorFiles

PACKAGE, INPUTS, OUTPUTS = Path("double.mlpackage"), Path("in.npz"), Path("out.npz")


@pytest.fixture
def runtime() -> FakeNetworkRuntime:
    network = FakeNetwork(
        inputs=(spec("x", (2,)),),
        outputs=(spec("y", (2,)),),
        script=lambda inputs: {"y": 2 * inputs["x"].astype(np.float32)},
    )
    return FakeNetworkRuntime({PACKAGE.name: network})


def test_outputs_are_those_of_the_inputs(runtime: FakeNetworkRuntime) -> None:
    files = FakeTensorFiles({INPUTS: {"x": np.array([1, 2], np.float16)}})

    Run(runtime, files)(PACKAGE, INPUTS, OUTPUTS, ComputeUnit.CPU_ONLY)

    assert files.files[OUTPUTS]["y"].tolist() == [2, 4]
    assert runtime.loaded == [(PACKAGE.name, ComputeUnit.CPU_ONLY)]


def test_inputs_that_are_not_there_are_told_before_anything_is_loaded(
    runtime: FakeNetworkRuntime,
) -> None:
    with pytest.raises(UnreadableTensors):
        Run(runtime, FakeTensorFiles())(PACKAGE, INPUTS, OUTPUTS)

    assert runtime.loaded == []


def test_outputs_do_not_replace_the_inputs(runtime: FakeNetworkRuntime) -> None:
    files = FakeTensorFiles({INPUTS: {"x": np.array([1, 2], np.float16)}})

    with pytest.raises(InvalidRequest, match=r"--outputs: .*in.npz holds the inputs; name another"):
        Run(runtime, files)(PACKAGE, INPUTS, Path("new/../in.npz"))

    assert files.files[INPUTS].keys() == {"x"}
    assert runtime.loaded == []


def test_inputs_that_do_not_fit_leave_no_outputs(runtime: FakeNetworkRuntime) -> None:
    files = FakeTensorFiles({INPUTS: {"z": np.zeros(2, np.float16)}})

    with pytest.raises(PredictionError):
        Run(runtime, files)(PACKAGE, INPUTS, OUTPUTS)

    assert OUTPUTS not in files.files


def test_a_place_that_takes_no_outputs_is_told_before_anything_is_loaded(
    runtime: FakeNetworkRuntime,
) -> None:
    files = FakeTensorFiles({INPUTS: {"x": np.array([1, 2], np.float16)}})

    with pytest.raises(UnwritableOutput):
        Run(runtime, files)(PACKAGE, INPUTS, INPUTS / "out.npz")

    assert runtime.loaded == []
