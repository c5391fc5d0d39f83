"""A program as two that run one after another, as coremltools' `bisect_model` makes them.

What crosses is an output of the first and an input of the second under the name that it has in the
whole. Float16 crosses as float32, which holds it exactly; the cast back therefore loses nothing.
"""

from collections.abc import Container, Mapping, Sequence

import attrs
import numpy as np

from ..mil.data_type import DataType
from ..mil.liveness import live, names_within
from ..mil.operation import Block, Operation
from ..mil.program import Function, Program
from ..mil.renaming import renamed
from ..mil.value import TensorValue
from ..mil.value_type import NamedType, TensorType
from ..tensor import TensorSpec
from .cut import Cut, is_constant

_HANDED_OVER = "What the first chunk hands to the second"


def chunks(program: Program, cut: Cut) -> tuple[Program, Program]:
    """Cut the program; constants go to whichever needs them, and what nobody needs is left out."""
    halves = [each for each in cut.crossing if _type(each).data_type is DataType.FP16]
    taken = _names(program.main_function)
    within = {each.name: _free(f"{each.name}_in_fp16", taken) for each in halves}
    widened = {each.name: _as_float32(each) for each in cut.crossing}
    operations = [renamed(each, within) for each in program.main_function.body.operations]
    first = [*operations[: cut.place], *_casts(halves, within, taken, widen=True)]
    second = [
        *_casts(halves, within, taken, widen=False),
        *(each for each in operations[: cut.place] if is_constant(each)),
        *operations[cut.place :],
    ]
    outputs = program.main_function.body.outputs
    return (
        _chunk(program, first, tuple(widened), outputs=[*map(_spec, widened.values())]),
        _chunk(program, second, outputs, handed_over=[*widened.values()]),
    )


def _type(named: NamedType) -> TensorType:
    if not isinstance(named.type, TensorType):
        raise TypeError(f"{named.name} is no tensor and cannot cross")
    return named.type


def _names(function: Function) -> set[str]:
    taken = {each.name for each in function.inputs}
    for operation in function.body.operations:
        taken |= names_within(operation) | {each.name for each in operation.outputs}
    return taken


def _free(name: str, taken: Container[str]) -> str:
    """The name, made longer until nothing has it."""
    while name in taken:
        name += "_"
    return name


def _as_float32(named: NamedType) -> NamedType:
    kind = _type(named)
    if kind.data_type is not DataType.FP16:
        return named
    return attrs.evolve(named, type=attrs.evolve(kind, data_type=DataType.FP32))


def _casts(
    halves: Sequence[NamedType], within: Mapping[str, str], taken: Container[str], *, widen: bool
) -> list[Operation]:
    """The casts between the values in float16 and those at the edge, each with its constant.

    At the edge values have their own names, `within` their chunks new ones.
    """
    steps = []
    for each in halves:
        inside = attrs.evolve(each, name=within[each.name])
        source, result = (inside, _as_float32(each)) if widen else (_as_float32(each), inside)
        dtype = _free(f"{result.name}_dtype", taken)
        steps += [
            _labelled("const", NamedType(dtype, _STRING), val=_text(_type(result).data_type.value)),
            attrs.evolve(
                _labelled("cast", result), inputs={"x": (source.name,), "dtype": (dtype,)}
            ),
        ]
    return steps


_STRING = TensorType(DataType.STRING)


def _labelled(kind: str, output: NamedType, **attributes: TensorValue) -> Operation:
    label = _text(f"{output.name}_{kind}")
    return Operation(
        type=kind, inputs={}, outputs=(output,), attributes={"name": label, **attributes}
    )


def _text(text: str) -> TensorValue:
    return TensorValue(_STRING, np.array(text))


def _spec(named: NamedType) -> TensorSpec:
    kind = _type(named)
    return TensorSpec(
        name=named.name,
        shape=kind.shape or (),
        dtype=kind.data_type.numpy,
        description=_HANDED_OVER,
    )


def _chunk(
    program: Program,
    operations: Sequence[Operation],
    results: tuple[str, ...],
    *,
    handed_over: Sequence[NamedType] = (),
    outputs: Sequence[TensorSpec] | None = None,
) -> Program:
    """The part of the program that gives these results, with those of its inputs that it uses."""
    function, description = program.main_function, program.description
    kept = live(operations, results)
    used = {name for each in kept for name in names_within(each)}
    inputs = tuple(each for each in function.inputs if each.name in used)
    names = {each.name for each in inputs}
    body = Block(operations=kept, outputs=results, attributes=function.body.attributes)
    return attrs.evolve(
        program,
        functions={
            program.main: attrs.evolve(
                function,
                inputs=(*inputs, *handed_over),
                specializations={function.opset: body},
            )
        },
        description=attrs.evolve(
            description,
            inputs=(
                *(each for each in description.inputs if each.name in names),
                *map(_spec, handed_over),
            ),
            outputs=description.outputs if outputs is None else tuple(outputs),
        ),
    )
