"""Tensors without numbers, on which PyTorch computes later.

To modules they are tensors on the meta device: they have a shape and a type, and what is computed
with them is such a tensor again, which remembers how. So whatever rearranges a network's weights
is written in plain PyTorch, and only one weight is in memory when the network is written.
"""

import functools
from collections.abc import Callable
from typing import Any, Self, final

import numpy as np
import torch
from numpy.typing import NDArray

_ATEN = torch.ops.aten
# What only moves numbers: done in the type that they are stored in, so that float16 stays float16.
_MOVES = frozenset(
    {
        _ATEN.alias.default,
        _ATEN.clone.default,
        _ATEN.detach.default,
        _ATEN.expand.default,
        _ATEN.permute.default,
        _ATEN.select.int,
        _ATEN.slice.Tensor,
        _ATEN.split.Tensor,
        _ATEN.split_with_sizes.default,
        _ATEN.squeeze.default,
        _ATEN.squeeze.dim,
        _ATEN.squeeze.dims,
        _ATEN.t.default,
        _ATEN.transpose.int,
        _ATEN.unsqueeze.default,
        _ATEN.view.default,
        _ATEN._reshape_alias.default,
        _ATEN._unsafe_view.default,
    }
)
_CASTS = (_ATEN._to_copy.default, _ATEN.to.dtype)
_WIDENED = {torch.float32: (torch.float16, torch.bfloat16), torch.float64: (torch.float32,)}


@final
class LateTensor(torch.Tensor):
    """A tensor that `compute` makes; its elements may be stored in a narrower type than its own."""

    compute: Callable[[], torch.Tensor]

    def __new__(cls, like: torch.Tensor, compute: Callable[[], torch.Tensor]) -> Self:
        """Shape, strides and type are those of `like`, a tensor on the meta device."""
        made: Self = torch.Tensor._make_wrapper_subclass(
            cls,
            like.size(),
            strides=like.stride(),
            dtype=like.dtype,
            device=like.device,
        )
        made.compute = compute
        return made

    def __init__(self, like: torch.Tensor, compute: Callable[[], torch.Tensor]) -> None:
        """Leave everything to `__new__`, as tensors must."""

    def numbers(self) -> torch.Tensor:
        """The tensor with its numbers, in its own type."""
        return self.compute().to(self.dtype)

    def read(self) -> NDArray[np.generic]:
        """The numbers; see `LateWeight`, which a tensor cannot inherit."""
        stored = self.compute()
        if stored.dtype != torch.float16:
            stored = stored.to(self.dtype)
        return stored.numpy()

    # Results are what is dispatched below, and not made such tensors once more.
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment] # as PyTorch's manual has it

    @classmethod
    def __torch_dispatch__(  # type: ignore[override] # as PyTorch's manual has it
        cls,
        operation: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Note the operation; whoever would change a tensor in place is refused."""
        del types
        if operation._schema.is_mutable:
            raise TypeError(f"{operation} would change a weight that is not in memory")
        like = _call(operation, _on_meta, args, kwargs)
        if operation in _CASTS and args[0].dtype in _WIDENED.get(like.dtype, ()):
            return cls(like, args[0].compute)
        values = _stored if operation in _MOVES else _in_own_type
        compute = functools.partial(_call, operation, values, args, kwargs)
        if isinstance(like, torch.Tensor):
            return cls(like, compute)
        return type(like)(
            cls(each, functools.partial(_part, compute, place)) for place, each in enumerate(like)
        )


def _call(
    operation: Any,
    values: Callable[[Any], Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any] | None,
) -> Any:
    found = {name: _filled(each, values) for name, each in (kwargs or {}).items()}
    return operation(*(_filled(each, values) for each in args), **found)


def _filled(argument: Any, values: Callable[[Any], Any]) -> Any:
    """An operation's argument with other tensors; it is one, a list of some, or has none."""
    if isinstance(argument, list | tuple):
        return [values(each) for each in argument]
    return values(argument)


def _part(compute: Callable[[], Any], place: int) -> torch.Tensor:
    part: torch.Tensor = compute()[place]
    return part


def _on_meta(value: Any) -> Any:
    if isinstance(value, LateTensor):
        return torch.empty_strided(value.size(), value.stride(), dtype=value.dtype, device="meta")
    return value.to("meta") if isinstance(value, torch.Tensor) else value


def _stored(value: Any) -> Any:
    return value.compute() if isinstance(value, LateTensor) else value


def _in_own_type(value: Any) -> Any:
    return value.numbers() if isinstance(value, LateTensor) else value
