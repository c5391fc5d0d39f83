"""Layers whose weights lie in memory as oneDNN's kernels read them, with what follows built in.

The operations are PyTorch's own, but private: `prepacking` guards them.
"""

import attrs
import torch
from torch import Tensor


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
        operation = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001 - prepacking guards it
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
        operation = torch.ops.mkldnn._convolution_pointwise  # noqa: SLF001 - prepacking guards it
        window = (self.padding, self.strides, self.dilations, self.groups)
        layer = (self.weight, self.bias, *window)
        x = _channels_last(x)
        if other is None:
            result: Tensor = operation(x, *layer, "none", [], "")
        else:
            self._require_shape(other, x)
            result = operation.binary(x, _channels_last(other), *layer, "add", 1.0, None, [], None)
        return result

    def _require_shape(self, other: Tensor, x: Tensor) -> None:
        """See that the other has the result's shape: oneDNN would read beyond its end."""
        outputs, _, *kernel = self.weight.shape
        window = zip(x.shape[2:], kernel, self.padding, self.strides, self.dilations, strict=True)
        sizes = (
            (size + 2 * pad - dilation * (width - 1) - 1) // stride + 1
            for size, width, pad, stride, dilation in window
        )
        if other.shape != (result := (x.shape[0], outputs, *sizes)):
            raise ValueError(f"{tuple(other.shape)} is added to {result}")


@attrs.frozen
class PackedPointwise:
    """A convolution of 1 x 1 as the linear layer that it is, on which oneDNN is the faster."""

    linear: PackedLinear | PackedGatedLinear

    def __call__(self, x: Tensor, **other: Tensor) -> Tensor:
        """Convolve (batch, channels, height, width)."""
        return _by_places(self.linear, _channels_last(x).movedim(1, -1), **other)


def _by_places(linear: PackedLinear | PackedGatedLinear, x: Tensor, **other: Tensor) -> Tensor:
    """Apply a layer to (batch, rows, columns, inputs); what it takes beside it is a picture."""
    summand = {name: _channels_last(each).movedim(1, -1) for name, each in other.items()}
    return linear(x, **summand).movedim(-1, 1)


def _channels_last(picture: Tensor) -> Tensor:
    return picture.contiguous(memory_format=torch.channels_last)
