"""Which layers are packed, and how.

Before a kind of layer is packed, small ones are computed both ways, and where PyTorch's private
operations are missing or differ, its public ones run instead.
"""

import functools
import timeit
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
import torch
from torch import Tensor

from ...domain.mil.rewrites.fused import (
    CONVOLUTION_SUM,
    GATED_LINEAR,
    GATED_POINTWISE,
    LINEAR_SUM,
)
from .call import Call
from .fused import conv_sum, gated_linear, gated_pointwise, linear_sum
from .ops.convolution import conv
from .ops.linear import linear
from .packed_layers import (
    PackedConvolution,
    PackedGatedLinear,
    PackedLinear,
    PackedPointwise,
)
from .patches import patched
from .winograd import tiled

_Layer = Callable[..., Tensor]
_Pack = Callable[..., _Layer | None]
_Sample = tuple[_Layer, dict[str, Tensor], dict[str, Any]]
_GELU = {"EXACT": "none", "TANH_APPROXIMATION": "tanh"}
_TOLERANCE = 1e-4
# Far from what is measured on either kind of processor, so that a busy moment decides nothing.
_MOST_TIMES_AS_LONG = 1.5
_COMPUTED = {"x", "other"}


def _seconds(compute: Callable[[], Tensor]) -> float:
    return min(timeit.repeat(compute, number=1, repeat=3))


@functools.cache
def products_keep_up(seconds: Callable[[Callable[[], Tensor]], float] = _seconds) -> bool:
    """Whether PyTorch's own matrix products are about as fast as packed layers, measured once.

    They are MKL's, which takes twice to four times as long on processors that Intel did not make.
    """
    if not is_right("linear"):
        return True
    x, weight = _drawn((128, 1280), (640, 1280))
    packed, turned = _pack_linear(weight), weight.T.contiguous()
    return seconds(lambda: x @ turned) < _MOST_TIMES_AS_LONG * seconds(lambda: packed(x))


def prepacked(call: Call, multiplies: Callable[[], bool] = products_keep_up) -> Call:
    """The call with its weights packed, or merely in float32 where that cannot be done.

    `multiplies` says whether to trust PyTorch's matrix products with what oneDNN could compute.
    """
    if call.operation not in PACKERS or not _has_real_weights(call):
        return call.in_float32()
    layer: _Layer | None = tiled(call)
    if layer is None and multiplies():
        layer = patched(call)
    if layer is None:
        call = call.in_float32()
        if is_right(call.operation):
            layer = PACKERS[call.operation](**call.settled)
    return call if layer is None else attrs.evolve(call, function=layer, settled={})


def _has_real_weights(call: Call) -> bool:
    """Whether weights, of floats, are all that is settled, and nothing else is."""
    computed, settled = call.arguments.keys(), call.settled.keys()
    weight = call.settled.get("weight")
    only_weights = computed <= _COMPUTED and not settled & _COMPUTED
    return only_weights and isinstance(weight, Tensor) and weight.is_floating_point()


@functools.cache
def is_right(operation: str) -> bool:
    """Whether packed layers of a kind compute the same as plain ones, here and now."""
    pack = PACKERS[operation]
    return all(computes_the_same(pack, *sample) for sample in _samples(operation))


def computes_the_same(
    pack: _Pack, plain: _Layer, inputs: Mapping[str, Tensor], weights: Mapping[str, Any]
) -> bool:
    """Whether a layer can be packed and gives what the plain function gives."""
    try:
        layer = pack(**weights)
        computed = layer(**inputs) if layer else None
    except (AttributeError, RuntimeError, TypeError):
        return False
    expected = plain(**inputs, **weights)
    return computed is not None and torch.allclose(
        computed, expected, rtol=_TOLERANCE, atol=_TOLERANCE
    )


def _pack_linear(weight: Tensor, bias: Tensor | None = None, **fused: str) -> PackedLinear:
    pack = torch.ops.mkldnn._reorder_linear_weight  # noqa: SLF001 - is_right guards it
    return PackedLinear(pack(weight.contiguous()), bias, **fused)


def _pack_gated_linear(
    weight: Tensor, bias: Tensor | None = None, mode: str = "EXACT"
) -> PackedGatedLinear | None:
    if mode not in _GELU:
        return None
    states, gate = weight.chunk(2)
    biases = (None, None) if bias is None else bias.chunk(2)
    return PackedGatedLinear(
        _pack_linear(states, biases[0], binary="mul"),
        _pack_linear(gate, biases[1], activation="gelu", algorithm=_GELU[mode]),
    )


def _pack_gated_pointwise(
    weight: Tensor, bias: Tensor | None = None, mode: str = "EXACT"
) -> PackedPointwise | None:
    linear = _pack_gated_linear(weight.flatten(1), bias, mode) if weight.ndim == 4 else None
    return None if linear is None else PackedPointwise(linear)


def _pack_convolution(
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    strides: tuple[int, ...] = (1, 1),
    pad_type: str = "valid",
    pad: tuple[int, ...] = (0, 0, 0, 0),
    dilations: tuple[int, ...] = (1, 1),
    groups: int = 1,
) -> PackedConvolution | PackedPointwise | None:
    edges = pad if pad_type == "custom" else (0, 0, 0, 0)
    padding = tuple(edges[::2])
    # What PyTorch refuses, its private operations divide by.
    if min(*strides, *dilations, groups) < 1 or min(edges) < 0:
        return None
    if weight.ndim != 4 or pad_type not in ("valid", "custom") or padding != tuple(edges[1::2]):
        return None
    if {*weight.shape[2:], *strides, groups} == {1} and not any(padding):
        return PackedPointwise(_pack_linear(weight.flatten(1), bias))
    pack = torch.ops.mkldnn._reorder_convolution_weight  # noqa: SLF001 - is_right guards it
    return PackedConvolution(
        weight=pack(weight, padding, strides, dilations, groups),
        bias=bias,
        padding=padding,
        strides=strides,
        dilations=dilations,
        groups=groups,
    )


#: Each kind of layer that is packed, and how; a packer gives None for a form that it cannot pack.
PACKERS: Mapping[str, _Pack] = {
    "linear": _pack_linear,
    LINEAR_SUM: _pack_linear,
    GATED_LINEAR: _pack_gated_linear,
    GATED_POINTWISE: _pack_gated_pointwise,
    "conv": _pack_convolution,
    CONVOLUTION_SUM: _pack_convolution,
}


def _samples(operation: str) -> tuple[_Sample, ...]:
    """Small layers of a kind: its plain function, what goes in, and what is settled."""
    x, other, flat, window = _drawn((2, 3, 20), (2, 3, 24), (24, 20), (24, 20, 3, 3))
    picture, summand, of_window = _drawn((2, 20, 7, 5), (2, 24, 7, 5), (2, 24, 4, 3))
    layer = {"weight": flat, "bias": flat[:, 0].clone()}
    pointwise = {**layer, "weight": flat[..., None, None]}
    convolution = {**layer, "weight": window, "pad_type": "custom", "pad": (1,) * 4}
    convolution["strides"] = (2, 2)
    samples: Mapping[str, tuple[_Sample, ...]] = {
        "linear": ((linear, {"x": x}, layer),),
        LINEAR_SUM: ((linear_sum, {"x": x, "other": other}, layer),),
        GATED_LINEAR: ((gated_linear, {"x": x}, layer),),
        GATED_POINTWISE: ((gated_pointwise, {"x": picture}, pointwise),),
        "conv": (
            (conv, {"x": picture}, pointwise),
            (conv, {"x": picture}, convolution),
        ),
        CONVOLUTION_SUM: (
            (conv_sum, {"x": picture, "other": summand}, pointwise),
            (conv_sum, {"x": picture, "other": of_window}, convolution),
        ),
    }
    return samples[operation]


def _drawn(*shapes: tuple[int, ...]) -> Iterator[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return (torch.randn(shape, generator=generator) for shape in shapes)
