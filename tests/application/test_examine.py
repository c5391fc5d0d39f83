"""One prediction from a file into a file, with what happened inside."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.application.examine import Examine
from coreml_stable_diffusion.domain.errors import InvalidRequest, PredictionError, UnwritableOutput
from coreml_stable_diffusion.domain.examination import NumericFault
from fakes.networks import FakeExaminableNetwork, FakeExaminingRuntime, FakeNetwork, spec
from fakes.tensor_files import FakeTensorFiles

PACKAGE, INPUTS, OUTPUTS = Path("double.mlpackage"), Path("in.npz"), Path("out.npz")
TRACE = Path("all.npz")
FAULT = NumericFault(operation="mul", output="y", infinite=1, not_numbers=0, inherited=False)


@pytest.fixture
def runtime() -> FakeExaminingRuntime:
    network = FakeNetwork(
        inputs=(spec("x", (2,)),),
        outputs=(spec("y", (2,)),),
        script=lambda inputs: {"y": 2 * inputs["x"].astype(np.float32)},
    )
    return FakeExaminingRuntime({PACKAGE.name: FakeExaminableNetwork(network, (FAULT,))})


def test_outputs_are_written_and_faults_given(runtime: FakeExaminingRuntime) -> None:
    files = FakeTensorFiles({INPUTS: {"x": np.array([1, 2], np.float16)}})

    assert Examine(runtime, files)(PACKAGE, INPUTS, OUTPUTS).faults == (FAULT,)

    assert files.files.keys() == {INPUTS, OUTPUTS}
    assert files.files[OUTPUTS]["y"].tolist() == [2, 4]


def test_a_trace_has_what_the_network_records(runtime: FakeExaminingRuntime) -> None:
    files = FakeTensorFiles({INPUTS: {"x": np.array([1, 2], np.float16)}})

    Examine(runtime, files)(PACKAGE, INPUTS, OUTPUTS, TRACE)

    assert files.files[TRACE]["y"].tolist() == [2, 4]


def test_inputs_that_do_not_fit_leave_neither_outputs_nor_trace(
    runtime: FakeExaminingRuntime,
) -> None:
    files = FakeTensorFiles({INPUTS: {"z": np.zeros(2, np.float16)}})

    with pytest.raises(PredictionError):
        Examine(runtime, files)(PACKAGE, INPUTS, OUTPUTS, TRACE)

    assert files.files.keys() == {INPUTS}


def test_a_place_that_takes_no_outputs_is_told_before_the_network_runs(
    runtime: FakeExaminingRuntime,
) -> None:
    files = FakeTensorFiles({INPUTS: {"x": np.array([1, 2], np.float16)}})

    with pytest.raises(UnwritableOutput):
        Examine(runtime, files)(PACKAGE, INPUTS, INPUTS / "out.npz", TRACE)

    assert runtime.networks[PACKAGE.name].network.calls == []
    assert files.files.keys() == {INPUTS}


def test_one_file_for_outputs_and_trace_is_refused(runtime: FakeExaminingRuntime) -> None:
    files = FakeTensorFiles({INPUTS: {"x": np.array([1, 2], np.float16)}})

    with pytest.raises(InvalidRequest, match="is for the outputs; name another"):
        Examine(runtime, files)(PACKAGE, INPUTS, OUTPUTS, Path("new/../out.npz"))

    assert files.files.keys() == {INPUTS}


@pytest.mark.parametrize(
    ("option", "outputs", "trace"), [("--outputs", INPUTS, None), ("--trace", OUTPUTS, INPUTS)]
)
def test_the_inputs_are_replaced_by_nothing(
    runtime: FakeExaminingRuntime, option: str, outputs: Path, trace: Path | None
) -> None:
    files = FakeTensorFiles({INPUTS: {"x": np.array([1, 2], np.float16)}})

    with pytest.raises(InvalidRequest, match=f"{option}: in.npz holds the inputs; name another"):
        Examine(runtime, files)(PACKAGE, INPUTS, outputs, trace)

    assert files.files.keys() == {INPUTS}
