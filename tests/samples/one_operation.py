"""A program of one operation, run on PyTorch."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import build_network
from coreml_stable_diffusion.domain.mil.operation import Binding
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.tensor import Tensors
from numpy.typing import NDArray
from samples.programs import constant, operation, program
from torch import Tensor


def run_operation(
    kind: str,
    arguments: Mapping[str, Any],
    expected: Sequence[NDArray[Any]],
    *,
    settled: bool = False,
    mode: Mode = Mode.EXACT,
) -> list[NDArray[Any]]:
    """Run one operation on PyTorch; see `one_operation`."""
    described, inputs = one_operation(kind, arguments, expected, settled=settled)
    network = build_network(Path("one.mlpackage"), described, mode)
    return list(network.predict(inputs).values())


def one_operation(
    kind: str,
    arguments: Mapping[str, Any],
    expected: Sequence[NDArray[Any]],
    *,
    settled: bool = False,
    constants: Collection[str] = (),
) -> tuple[Program, Tensors]:
    """A program of one operation, its outputs of the expected types, and what goes in.

    Arrays with axes are the network's inputs, the rest is written in the program; where all is
    settled, arrays are too, otherwise only those that have to be constants.
    """
    inputs: dict[str, NDArray[np.generic]] = {}
    bound: dict[str, Binding | tuple[Binding, ...]] = {}
    for name, value in arguments.items():
        if isinstance(value, tuple):
            inputs |= {f"{name}{index}": each for index, each in enumerate(value)}
            bound[name] = tuple(f"{name}{index}" for index in range(len(value)))
        elif isinstance(value, np.ndarray) and value.ndim and not settled and name not in constants:
            inputs[name] = value
            bound[name] = name
        else:
            bound[name] = constant(value)
    outputs = {f"out{index}": each for index, each in enumerate(expected)}
    step = operation(kind, tuple(outputs), **bound)
    return program([step], inputs, outputs), inputs


def assert_agrees(kind: str, arguments: Mapping[str, Any], expected: Tensor) -> None:
    """Hold one operation next to what PyTorch computes."""
    given = {name: _array(each) for name, each in arguments.items()}
    (computed,) = run_operation(kind, given, [expected.numpy()])

    assert computed.shape == tuple(expected.shape)
    np.testing.assert_allclose(computed, expected.numpy(), rtol=1e-5, atol=2e-5)


def _array(argument: Any) -> Any:
    if isinstance(argument, tuple):
        return tuple(_array(each) for each in argument)
    if not isinstance(argument, Tensor):
        return argument
    array = argument.numpy()
    return array.astype(np.int32) if array.dtype == np.int64 else array
