"""Layers whose weights lie in memory as oneDNN's kernels read them, with what follows built in.

The operations are PyTorch's own, but private: before a kind of layer is packed, a small one is
computed both ways, and where they are missing or differ, PyTorch's public operations run instead.
"""

import functools
from collections.abc import Callable, Mapping
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
from .winograd import tiled

_Layer = Callable[..., Tensor]
_Pack = Callable[..., _Layer | None]
_GELU = {"EXACT": "none", "TANH_APPROXIMATION": "tanh"}
_TOLERANCE = 1e-4
_COMPUTED = {"x", "other"}


def prepacked(call: Call) -> Call:
    """The call with its weights packed, or as it is where that cannot be done."""
    if call.operation not in _PACKERS or not _has_real_weights(call):
        return call
    layer: _Layer | None = tiled(call)
    if layer is None and is_right(call.operation):
        layer = _PACKERS[call.operation](**call.settled)
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
    return computes_the_same(_PACKERS[operation], *_sample(operation))


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


@attrs.frozen
class PackedLinear:
    """A linear layer, its result put through `activation` or added to or multiplied by `other`."""

    weight: Tensor
    bias: Tensor | None
    activation: str = "none"
    algorithm: str = ""
    binary: str = "add"

    def __call__(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        """Multiply the last axis with the weight."""
        operation = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001 - is_right guards it
        result: Tensor = (
            operation(x, self.weight, self.bias, self.activation, [], self.algorithm)
            if other is None
            else operation.binary(x, other, self.weight, self.bias, self.binary)
        )
        return result


@attrs.frozen
class PackedGatedLinear:
    """The halves of a gated linear layer."""

    states: PackedLinear
    gate: PackedLinear

    def __call__(self, x: Tensor) -> Tensor:
        """Compute the activated gate, and the states multiplied by it."""
        return self.states(x, self.gate(x))


@attrs.frozen(kw_only=True)
class PackedConvolution:
    """A convolution over pictures, which are kept with channels last, and the sum with another."""

    weight: Tensor
    bias: Tensor | None
    padding: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    groups: int

    def __call__(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        """Convolve (batch, channels, height, width)."""
        operation = torch.ops.mkldnn._convolution_pointwise  # noqa: SLF001 - is_right guards it
        window = (self.padding, self.strides, self.dilations, self.groups)
        layer = (self.weight, self.bias, *window)
        x = _channels_last(x)
        if other is None:
            result: Tensor = operation(x, *layer, "none", [], "")
        else:
            result = operation.binary(x, _channels_last(other), *layer, "add", 1.0, None, [], None)
        return result


@attrs.frozen
class PackedPointwise:
    """A convolution of 1 x 1 as the linear layer that it is, on which oneDNN is the faster."""

    linear: PackedLinear | PackedGatedLinear

    def __call__(self, x: Tensor, **other: Tensor) -> Tensor:
        """Convolve (batch, channels, height, width)."""
        summand = {name: _channels_last(each).movedim(1, -1) for name, each in other.items()}
        return self.linear(_channels_last(x).movedim(1, -1), **summand).movedim(-1, 1)


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
    linear = _pack_gated_linear(weight.flatten(1), bias, mode)
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


def _channels_last(picture: Tensor) -> Tensor:
    return picture.contiguous(memory_format=torch.channels_last)


_PACKERS: Mapping[str, _Pack] = {
    "linear": _pack_linear,
    LINEAR_SUM: _pack_linear,
    GATED_LINEAR: _pack_gated_linear,
    GATED_POINTWISE: _pack_gated_pointwise,
    "conv": _pack_convolution,
    CONVOLUTION_SUM: _pack_convolution,
}


def _sample(operation: str) -> tuple[_Layer, dict[str, Tensor], dict[str, Any]]:
    """A small layer of a kind: its plain function, what goes in, and what is settled."""
    generator = torch.Generator().manual_seed(0)
    x, other, weight = (
        torch.randn(shape, generator=generator) for shape in ((2, 3, 20), (2, 3, 24), (24, 20))
    )
    picture, sum_, kernel = (
        torch.randn(shape, generator=generator)
        for shape in ((2, 20, 7, 5), (2, 24, 4, 3), (24, 20, 3, 3))
    )
    flat = {"weight": weight, "bias": weight[:, 0].clone()}
    window = {"pad_type": "custom", "pad": (1,) * 4, "strides": (2, 2)}
    spatial = {"weight": kernel, "bias": kernel[:, 0, 0, 0].clone(), **window}
    samples: dict[str, tuple[_Layer, dict[str, Tensor], dict[str, Any]]] = {
        "linear": (linear, {"x": x}, flat),
        LINEAR_SUM: (linear_sum, {"x": x, "other": other}, flat),
        GATED_LINEAR: (gated_linear, {"x": x}, flat),
        GATED_POINTWISE: (
            gated_pointwise,
            {"x": picture},
            {**flat, "weight": weight[..., None, None]},
        ),
        "conv": (conv, {"x": picture}, spatial),
        CONVOLUTION_SUM: (conv_sum, {"x": picture, "other": sum_}, spatial),
    }
    return samples[operation]
