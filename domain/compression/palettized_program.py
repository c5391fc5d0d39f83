"""A program whose weights are palettes and indices: each `const` decompresses itself instead."""

import functools
from collections.abc import Callable, Mapping

import attrs

from ..errors import InvalidRequest
from ..mil.operation import Block, Operation
from ..mil.program import Function, Program
from .palettization import Palettization
from .palettized_weight import PalettizedWeight, Spelling
from .selection import Place

_Spelled = Callable[[PalettizedWeight, bool], Spelling]

_FLAT = ("CoreML6", "CoreML7")
_SHAPED = ("CoreML8", "CoreML9")


def require_palettizable(program: Program, palettization: Palettization) -> None:
    """Raise InvalidRequest where the program's operation sets cannot say what is asked for."""
    opsets = {opset for each in program.functions.values() for opset in each.specializations}
    if unknown := sorted(opsets - {*_FLAT, *_SHAPED}):
        problem = f"its operation set {unknown[0]} has no palettes; convert for macOS13 or newer"
        raise InvalidRequest("PACKAGE", problem)
    if not opsets <= set(_SHAPED):
        palettization.require_old_systems()


def palettized(program: Program, weights: Mapping[Place, PalettizedWeight]) -> Program:
    """The program with these weights in place of the constants there; no name changes.

    A weight that stands in several places is stored once.
    """
    spelled: _Spelled = functools.cache(_spelled)
    functions = {
        name: _function(name, each, weights, spelled) for name, each in program.functions.items()
    }
    return attrs.evolve(program, functions=functions)


def _spelled(weight: PalettizedWeight, is_flat: bool) -> Spelling:
    return weight.flat() if is_flat else weight.shaped()


def _function(
    name: str,
    function: Function,
    weights: Mapping[Place, PalettizedWeight],
    spelled: _Spelled,
) -> Function:
    specializations = {}
    for opset, block in function.specializations.items():
        here = {
            place.name: spelled(weight, opset in _FLAT)
            for place, weight in weights.items()
            if (place.function, place.opset) == (name, opset)
        }
        specializations[opset] = _block(block, here)
    return attrs.evolve(function, specializations=specializations)


def _block(block: Block, spellings: Mapping[str, Spelling]) -> Block:
    operations = tuple(_operation(each, spellings) for each in block.operations)
    return attrs.evolve(block, operations=operations)


def _operation(operation: Operation, spellings: Mapping[str, Spelling]) -> Operation:
    blocks = tuple(_block(each, spellings) for each in operation.blocks)
    spelling = spellings.get(operation.outputs[0].name) if operation.outputs else None
    if spelling is None:
        return attrs.evolve(operation, blocks=blocks)
    kept = {key: value for key, value in operation.attributes.items() if key != "val"}
    return attrs.evolve(
        operation,
        type="constexpr_lut_to_dense",
        inputs=spelling.inputs,
        attributes={**kept, **spelling.attributes},
    )
