"""GEGLU: half of a linear layer's result times gelu of the other half (arXiv:2002.05202).

Computed as one, the halves are never in memory together.
"""

import attrs

from ..dataflow import Dataflow
from ..operation import Operation
from ..program import Function
from .fused import GATED_LINEAR
from .rewriting import with_matches


def with_gated_linears(function: Function) -> Function:
    """Replace every linear layer of whose halves nothing but the gated product is used."""
    return with_matches(function, _match)


def _match(operation: Operation, flow: Dataflow) -> Operation | None:
    if operation.type != "mul":
        return None
    for states, gated in (("x", "y"), ("y", "x")):
        gate = flow.sole_producer(operation, gated, "gelu")
        halves = flow.producer(gate, "x", "split")
        layer = flow.sole_producer(halves, "x", "linear")
        if gate and halves and layer and _is_gate(operation.inputs[states], gate, halves, flow):
            mode = {"mode": gate.inputs["mode"]} if "mode" in gate.inputs else {}
            return attrs.evolve(
                layer,
                type=GATED_LINEAR,
                inputs={**layer.inputs, **mode},
                outputs=operation.outputs,
            )
    return None


def _is_gate(states: object, gate: Operation, halves: Operation, flow: Dataflow) -> bool:
    """Whether the layer's result is cut in two along its last axis, each half used just once."""
    first, *others = (each.name for each in halves.outputs)
    shapes = [flow.shape(each.name) for each in halves.outputs]
    axis = flow.scalar(halves, "axis")
    return (
        len(others) == 1
        and states == (first,)
        and gate.inputs["x"] == (others[0],)
        and flow.uses[first] == flow.uses[others[0]] == 1
        and shapes[0] == shapes[1] != ()
        and axis in (-1, len(shapes[0]) - 1)
    )
