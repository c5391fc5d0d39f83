"""GEGLU: half of a linear layer's result times gelu of the other half (arXiv:2002.05202).

Computed as one, the halves are never in memory together.
"""

from ..dataflow import Dataflow
from ..operation import Operation
from ..program import Function
from .fused import GATED_LINEAR, GATED_POINTWISE
from .rewriting import replacement, with_matches


def with_gated_linears(function: Function) -> Function:
    """Replace every layer of whose halves nothing but the gated product is used.

    Layers are linear ones and convolutions of 1 x 1.
    """
    return with_matches(function, _match)


def _match(operation: Operation, flow: Dataflow) -> Operation | None:
    if operation.type != "mul":
        return None
    for states, gated in (("x", "y"), ("y", "x")):
        gate = flow.sole_producer(operation, gated, "gelu")
        halves = flow.producer(gate, "x", "split")
        layer = flow.sole_producer(halves, "x", "linear", "conv")
        if gate and halves and layer and _is_gate(operation.inputs[states], gate, halves, flow):
            return _gated(operation, gate, halves, layer, flow)
    return None


def _gated(
    operation: Operation, gate: Operation, halves: Operation, layer: Operation, flow: Dataflow
) -> Operation | None:
    rank = len(flow.shape(halves.outputs[0].name))
    axis = int(flow.scalar(halves, "axis") or 0) % rank
    if layer.type == "linear" and axis == rank - 1:
        kind = GATED_LINEAR
    elif layer.type == "conv" and axis == 1 and _is_pointwise(layer, flow):
        kind = GATED_POINTWISE
    else:
        return None
    mode, bias = gate.inputs.get("mode", (None,)), layer.inputs.get("bias", (None,))
    return replacement(
        operation,
        kind,
        x=layer.inputs["x"][0],
        weight=layer.inputs["weight"][0],
        bias=bias[0],
        mode=mode[0],
    )


def _is_pointwise(convolution: Operation, flow: Dataflow) -> bool:
    """Whether every place of the result comes of that place alone, and of all channels there."""
    _, _, *kernel = flow.shape(convolution.inputs["weight"][0]) or (0, 0, 0)
    strides, pad = flow.constant(convolution, "strides"), flow.constant(convolution, "pad")
    return (
        {*kernel, *(() if strides is None else strides.flat)} == {1}
        and (pad is None or not pad.any())
        and flow.scalar(convolution, "groups") in (None, 1)
    )


def _is_gate(states: object, gate: Operation, halves: Operation, flow: Dataflow) -> bool:
    """Whether the layer's result is cut in two, each half used just once."""
    first, *others = (each.name for each in halves.outputs)
    shapes = [flow.shape(each.name) for each in halves.outputs]
    return (
        len(others) == 1
        and states == (first,)
        and gate.inputs["x"] == (others[0],)
        and flow.uses[first] == flow.uses[others[0]] == 1
        and shapes[0] == shapes[1] != ()
    )
