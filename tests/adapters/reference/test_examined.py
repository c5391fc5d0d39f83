"""Every operation by itself, rounded or not, and who is named for what overflows."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.reference.examined import (
    ExaminedNetwork,
    build_examined_network,
)
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.errors import InvalidRequest, PredictionError
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from fakes.packages import FakePackageReader
from numpy.typing import NDArray
from samples.programs import constant, operation, program, shaped

SHAPE = (1, 2, 4, 3)
X = np.random.default_rng(0).standard_normal(SHAPE).astype(np.float16)


def _half(kind: str, output: str, shape: tuple[int, ...] = SHAPE, **inputs: Any) -> Operation:
    bound = {
        name: each if isinstance(each, str) else constant(each) for name, each in inputs.items()
    }
    return shaped(operation(kind, [output], **bound), shape, DataType.FP16)


def _network(*steps: Operation, mode: Mode = Mode.FAITHFUL) -> ExaminedNetwork:
    described = program(steps, {"x": X}, {"y": X.astype(np.float32)})
    return build_examined_network(Path("some.mlpackage"), described, mode)


def test_every_result_is_rounded_to_float16() -> None:
    network = _network(_half("mul", "a", x="x", y=1.1), _half("exp", "b", x="a"),
                       _half("sub", "y", x="b", y=0.3))  # fmt: skip
    x = torch.from_numpy(X).float()
    scaled = (x * torch.tensor(1.1)).half().float()
    expected = (scaled.exp().half().float() - torch.tensor(0.3)).half().float()

    assert np.array_equal(network.predict({"x": X})["y"], expected.numpy())


def test_results_declared_as_float32_are_not_rounded() -> None:
    network = _network(shaped(operation("exp", ["y"], x="x"), SHAPE))

    expected = torch.from_numpy(X).float().exp().numpy()
    assert np.array_equal(network.predict({"x": X})["y"], expected)


def test_finite_results_are_no_faults() -> None:
    assert _network(_half("exp", "y", x="x")).examine({"x": X}).faults == ()


def test_a_group_norm_that_overflows_is_named_though_its_result_is_finite() -> None:
    """The trap of large activations: infinite variances divide to zero, not to a NaN."""
    mean = {"axes": [2, 3], "keep_dims": True}
    network = _network(
        _half("square", "squared", x="x"),
        _half("reduce_mean", "variance", (1, 2, 1, 1), x="squared", **mean),
        _half("sqrt", "deviation", (1, 2, 1, 1), x="variance"),
        _half("real_div", "y", x="x", y="deviation"),
    )
    examination = network.examine({"x": np.full(SHAPE, 1000, np.float16)})

    assert np.array_equal(examination.outputs["y"], np.zeros(SHAPE))
    assert [each.operation for each in examination.faults] == ["square", "reduce_mean", "sqrt"]
    (origin,) = (each for each in examination.faults if not each.inherited)
    assert (origin.output, origin.infinite, origin.not_numbers) == ("squared", X.size, 0)


def test_what_is_no_number_is_counted_apart() -> None:
    network = _network(_half("log", "y", x="x", epsilon=0.0))
    (fault,) = network.examine({"x": np.full(SHAPE, -1, np.float16)}).faults

    assert (fault.infinite, fault.not_numbers, fault.inherited) == (0, X.size, False)


def test_an_infinite_constant_is_inherited_not_computed() -> None:
    mask = np.full(SHAPE, -np.inf, np.float32)
    (fault,) = _network(_half("add", "y", x="x", y=mask)).examine({"x": X}).faults

    assert fault.inherited


def test_every_result_is_recorded_in_order() -> None:
    recorded: dict[str, list[float]] = {}

    def record(name: str, array: NDArray[np.generic]) -> None:
        recorded[name] = array.ravel()[:1].tolist()

    network = _network(_half("square", "a", x="x"), _half("sub", "y", x="a", y=0.5))
    network.examine({"x": np.full(SHAPE, 3, np.float16)}, record)

    assert list(recorded.items()) == [("a", [9.0]), ("y", [8.5])]


def test_exact_networks_are_examined_without_rounding() -> None:
    network = _network(_half("mul", "a", x="x", y=300.0), _half("mul", "y", x="a", y=300.0),
                       mode=Mode.EXACT)  # fmt: skip
    recorded: dict[str, NDArray[np.generic]] = {}
    examination = network.examine({"x": np.ones(SHAPE, np.float16)}, recorded.__setitem__)

    assert examination.faults == ()
    assert np.array_equal(recorded["y"], np.full(SHAPE, 90000, np.float32))


def test_a_network_of_fused_operations_cannot_be_looked_into() -> None:
    with pytest.raises(InvalidRequest, match="take exact or faithful"):
        ReferenceRuntime(FakePackageReader({})).load_to_examine(Path("some.mlpackage"))


def test_inputs_are_checked_as_in_every_mode() -> None:
    with pytest.raises(PredictionError, match="input x is missing"):
        _network(_half("exp", "y", x="x")).examine({})


def test_the_runtime_gives_networks_that_examine() -> None:
    name = "some.mlpackage"
    described = program([_half("exp", "y", x="x")], {"x": X}, {"y": X})
    runtime = ReferenceRuntime(FakePackageReader({name: described}), mode=Mode.FAITHFUL)
    network = runtime.load(Path(name))

    assert isinstance(network, ExaminedNetwork)
    assert [each.name for each in (*network.inputs, *network.outputs)] == ["x", "y"]


def test_fusing_would_have_hidden_the_overflow() -> None:
    assert _largest(Mode.FAST) == pytest.approx(_largest(Mode.EXACT))
    assert _largest(Mode.FAITHFUL) == 0


def _largest(mode: Mode) -> float:
    steps = [_half("square", "a", x="x"), _half("rsqrt", "y", x="a")]
    big: NDArray[np.float16] = np.full(SHAPE, 1000, np.float16)
    reader = FakePackageReader({"one": program(steps, {"x": X}, {"y": X})})
    network = ReferenceRuntime(reader, mode=mode).load(Path("one"))
    return float(np.abs(network.predict({"x": big})["y"]).max())
