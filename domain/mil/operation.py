"""Operations, and the blocks that hold them in the order of their execution."""

import functools
from collections.abc import Mapping

import attrs

from .value import Value
from .value_type import NamedType

#: What an argument is bound to: the name of an earlier output, or a value on the spot.
Binding = str | Value


@attrs.frozen(kw_only=True)
class Operation:
    """One step of a block; arguments that take several values bind several."""

    type: str
    inputs: Mapping[str, tuple[Binding, ...]]
    outputs: tuple[NamedType, ...]
    attributes: Mapping[str, Value] = attrs.field(factory=dict)
    blocks: tuple["Block", ...] = ()

    @functools.cached_property
    def names_used(self) -> tuple[str, ...]:
        """The names that the arguments are bound to, repeated where used twice."""
        return tuple(
            binding
            for bindings in self.inputs.values()
            for binding in bindings
            if isinstance(binding, str)
        )


@attrs.frozen(kw_only=True)
class Block:
    """Operations in order; `outputs` names what the block gives back."""

    operations: tuple[Operation, ...]
    outputs: tuple[str, ...]
    inputs: tuple[NamedType, ...] = ()
    attributes: Mapping[str, Value] = attrs.field(factory=dict)
