"""Calls of the reference runtime that have their weights and wait for the rest."""

from collections.abc import Callable, Iterable
from typing import Any

from coreml_stable_diffusion.adapters.reference.call import Argument, Call
from coreml_stable_diffusion.adapters.reference.ops.convolution import conv
from coreml_stable_diffusion.adapters.reference.signature import parameters
from torch import Tensor


def layer(
    operation: str,
    function: Callable[..., Tensor],
    computed: Iterable[str] = ("x",),
    shape: tuple[int, ...] = (),
    **settled: Any,
) -> Call:
    """A call that gives y, of a shape or of any, from tensors under the names of its arguments."""
    known = parameters(function)
    return Call(
        operation=operation,
        function=function,
        settled=settled,
        arguments={name: Argument(known[name], (name,)) for name in computed},
        outputs=("y",),
        shape=shape,
    )


def convolution(shape: tuple[int, ...], **settled: Any) -> Call:
    """A convolution whose result has a shape."""
    return layer("conv", conv, shape=shape, **settled)
