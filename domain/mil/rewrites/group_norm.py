"""Group normalisation: coremltools spells it out in eight operations and a batch norm.

reshape to (batch, groups, channels / groups, ...), subtract the mean, divide by sqrt(variance +
epsilon), reshape back; then scale and shift the channels in `batch_norm`, or by `mul` and `add`.
"""

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from ..dataflow import Dataflow
from ..operation import Binding, Operation
from ..program import Function
from .fused import GROUP_NORM
from .rewriting import number, replacement, with_matches


def with_group_norms(function: Function) -> Function:
    """Replace every group norm by one operation."""
    return with_matches(function, _match)


@attrs.frozen(kw_only=True)
class _GroupNorm:
    """What a group norm computes before scale and shift, in the shape of its result."""

    x: Binding
    shape: tuple[int, ...]
    groups: int
    epsilon: float


def _match(operation: Operation, flow: Dataflow) -> Operation | None:
    match operation.type:
        case "reshape":
            return _fused(operation, _group_norm(operation, flow), 1.0, 0.0)
        case "batch_norm":
            norm = _group_norm(flow.producer(operation, "x", "reshape"), flow)
            return _fused(operation, norm, *_scale_and_shift(operation, flow)) if norm else None
        case "add":
            scaled = flow.producer(operation, "x", "mul")
            norm = _group_norm(flow.producer(scaled, "x", "reshape"), flow)
            affine = (flow.constant(each, "y") for each in (scaled, operation))
            return _fused(operation, norm, *affine) if norm else None
        case _:
            return None


def _fused(
    operation: Operation, norm: _GroupNorm | None, gamma: Any, beta: Any
) -> Operation | None:
    if norm is None:
        return None
    scale, shift = _by_channel(gamma, norm.shape), _by_channel(beta, norm.shape)
    if scale is None or shift is None:
        return None
    return replacement(
        operation,
        GROUP_NORM,
        x=norm.x,
        shape=number(norm.shape),
        groups=number(norm.groups),
        epsilon=number(norm.epsilon),
        gamma=number(scale),
        beta=number(shift),
    )


def _by_channel(array: Any, shape: tuple[int, ...]) -> NDArray[np.float32] | None:
    """The array as one number for each channel, or None where it is none or not the same in one."""
    if array is None or np.ndim(array) > len(shape):
        return None
    across = (1, shape[1], *(1,) * (len(shape) - 2))
    sizes = (1,) * (len(shape) - np.ndim(array)) + np.shape(array)
    if any(size not in (1, fit) for size, fit in zip(sizes, across, strict=True)):
        return None
    return np.broadcast_to(np.reshape(array, sizes), across).reshape(-1).astype(np.float32)


def _scale_and_shift(norm: Operation, flow: Dataflow) -> tuple[Any, Any]:
    """What a batch norm multiplies with and adds, for each of its channels."""
    mean, variance = flow.constant(norm, "mean"), flow.constant(norm, "variance")
    if mean is None or variance is None:
        return None, None
    gamma, beta = flow.constant(norm, "gamma"), flow.constant(norm, "beta")
    epsilon = flow.scalar(norm, "epsilon")
    deviation = np.sqrt(variance.astype(np.float64) + (1e-5 if epsilon is None else epsilon))
    scale = (1.0 if gamma is None else gamma) / deviation
    shift = (0.0 if beta is None else beta) - mean * scale
    spread = (-1, *(1,) * (len(flow.shape(norm.outputs[0].name)) - 2))
    return scale.reshape(spread), shift.reshape(spread)


def _group_norm(last: Operation | None, flow: Dataflow) -> _GroupNorm | None:
    """Look back from the reshape after the division."""
    divided = flow.producer(last, "x", "real_div")
    centred = flow.producer(divided, "x", "sub")
    mean = flow.producer(centred, "y", "reduce_mean")
    first = flow.producer(mean, "x", "reshape")
    raised = flow.producer(flow.producer(divided, "y", "sqrt"), "x", "add")
    variance = flow.producer(raised, "x", "reduce_mean")
    squared = flow.producer(variance, "x", "square")
    epsilon = flow.scalar(raised, "y")
    if not (last and divided and centred and mean and first and variance and squared):
        return None
    same = centred.inputs["x"] == mean.inputs["x"] and squared.inputs["x"] == divided.inputs["x"]
    shape, groups = _grouping(first, last, flow)
    rank = len(shape) + 1
    over_groups = all(_is_over_groups(each, rank, flow) for each in (mean, variance))
    if epsilon is None or not (same and groups and over_groups):
        return None
    return _GroupNorm(x=first.inputs["x"][0], shape=shape, groups=groups, epsilon=epsilon)


def _grouping(first: Operation, last: Operation, flow: Dataflow) -> tuple[tuple[int, ...], int]:
    """The shape of the result and the number of groups, none where channels are not grouped."""
    before, inside, after = (
        flow.shape(each)
        for each in (first.inputs["x"][0], first.outputs[0].name, last.outputs[0].name)
    )
    grouped = len(after) > 2 and len(inside) == len(after) + 1 and before[:2] == after[:2]
    if not grouped or (inside[0], inside[1] * inside[2]) != after[:2]:
        return after, 0
    return after, inside[1]


def _is_over_groups(mean: Operation, rank: int, flow: Dataflow) -> bool:
    """Whether a mean is over all axes but the batch and the groups."""
    axes = flow.constant(mean, "axes")
    return (
        axes is not None
        and bool(flow.scalar(mean, "keep_dims"))
        and {int(each) % rank for each in axes.flat} == set(range(2, rank))
    )
