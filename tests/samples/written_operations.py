"""A package of many operations, each by itself, written by coremltools."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import coremltools as ct
import numpy as np
from coremltools.converters.mil import Builder
from coremltools.converters.mil.mil import Function, Program, types
from coremltools.converters.mil.mil.ops.registry import SSAOpRegistry
from numpy.typing import NDArray
from samples.cases.case import Case

_AT_THE_EDGE = ("float32", "float16", "int32")
#: What coremltools raises where it does not write an operation for a target.
_REFUSALS = (
    AssertionError,
    AttributeError,
    IndexError,
    NotImplementedError,
    TypeError,
    ValueError,
)


@attrs.frozen
class Written:
    """What a package takes, and how many outputs each of its operations gives, in order."""

    inputs: Mapping[str, NDArray[Any]]
    outputs: Mapping[str, int]


def save_operations(cases: Mapping[str, Case], package: Path, target: Any) -> Written:
    """Write those of the operations that coremltools writes for the target, each on its inputs.

    Their results are cast to what may cross a network's edge.
    """
    written = {name: case for name, case in cases.items() if _is_written(name, case, target)}
    inputs = {key: each for name, case in written.items() for key, each in _inputs(name, case)}
    results: dict[str, list[Any]] = {}
    with Function(_placeholders(inputs), opset_version=target) as function:
        for name, case in written.items():
            results[name] = list(_results(name, case, function.inputs))
        function.set_outputs([each for several in results.values() for each in several])
    program = Program()
    program.add_function("main", function)
    ct.convert(
        program,
        convert_to="mlprogram",
        compute_precision=ct.precision.FLOAT32,
        minimum_deployment_target=target,
        skip_model_load=True,
        pass_pipeline=ct.PassPipeline.EMPTY,
    ).save(str(package))
    return Written(inputs, {name: len(several) for name, several in results.items()})


def _is_written(name: str, case: Case, target: Any) -> bool:
    # In a function of its own, since what is refused stays in its function half made.
    inputs = dict(_inputs(name, case))
    with Function(_placeholders(inputs), opset_version=target) as function:
        try:
            list(_results(name, case, function.inputs))
        except _REFUSALS:
            return False
    return True


def _placeholders(inputs: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    return {
        name: Builder.placeholder(each.shape, types.numpy_type_to_builtin_type(each.dtype))
        for name, each in inputs.items()
    }


def _inputs(name: str, case: Case) -> Iterator[tuple[str, NDArray[Any]]]:
    versions = SSAOpRegistry.core_ops[name].values()
    for argument, value in case.arguments.items():
        specs = [each.input_spec.input_types.get(argument) for each in versions]
        # Convolutions take weights that are computed only without dilations.
        if argument == "weight" or any(each is None or each.const for each in specs):
            continue
        parts = value if isinstance(value, tuple) else (value,)
        for index, part in enumerate(parts):
            if isinstance(part, np.ndarray) and part.ndim and part.dtype.name in _AT_THE_EDGE:
                place = str(index) if isinstance(value, tuple) else ""
                yield f"{name}_{argument}{place}", part


def _results(name: str, case: Case, inputs: Mapping[str, Any]) -> Iterator[Any]:
    bound: dict[str, Any] = {}
    for argument, value in case.arguments.items():
        key = f"{name}_{argument}"
        if isinstance(value, tuple):
            parts = enumerate(value)
            bound[argument] = tuple(inputs.get(f"{key}{index}", each) for index, each in parts)
        else:
            bound[argument] = inputs.get(key, value)
    results = getattr(Builder, name)(**bound)
    for each in results if isinstance(results, (list, tuple)) else [results]:
        kind = np.dtype(types.nptype_from_builtin(each.dtype)).name
        yield each if kind in _AT_THE_EDGE else Builder.cast(x=each, dtype="int32")
