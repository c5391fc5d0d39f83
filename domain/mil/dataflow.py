"""Which operation of a function computes what, for whoever looks for patterns in it."""

import functools
from collections import Counter
from collections.abc import Mapping
from typing import Any

import attrs
from numpy.typing import NDArray

from .operation import Binding, Operation
from .program import Function
from .told_types import told_types
from .value import StoredWeight, TensorValue, Value
from .value_type import TensorType, ValueType


@attrs.frozen
class Dataflow:
    """What a function's body computes and uses, each indexed when it is first asked for."""

    function: Function

    @functools.cached_property
    def producers(self) -> Mapping[str, Operation]:
        """The operation that computes each name."""
        return {made.name: each for each in self.function.body.operations for made in each.outputs}

    @functools.cached_property
    def types(self) -> Mapping[str, ValueType]:
        """The type of each name, inputs too."""
        return told_types(self.function)

    @functools.cached_property
    def uses(self) -> Mapping[str, int]:
        """How often each name is used, by outputs too."""
        body = self.function.body
        used = [each for step in body.operations for each in step.names_used]
        return Counter([*used, *body.outputs])

    def producer(self, operation: Operation | None, argument: str, *kinds: str) -> Operation | None:
        """The operation that computes an argument, where it is of one of the kinds.

        No operation has no producers, so that a chain of steps back ends in one None.
        """
        binding = _single(operation, argument)
        found = self.producers.get(binding) if isinstance(binding, str) else None
        return found if found is not None and found.type in kinds else None

    def sole_producer(
        self, operation: Operation | None, argument: str, *kinds: str
    ) -> Operation | None:
        """The operation that computes an argument, where nothing else uses anything of it."""
        found = self.producer(operation, argument, *kinds)
        alone = found is not None and sum(self.uses[each.name] for each in found.outputs) == 1
        return found if alone else None

    def shape(self, binding: Binding | None) -> tuple[int, ...]:
        """The sizes of a tensor; nothing where they are not all known."""
        found = binding.type if isinstance(binding, Value) else self.types.get(binding or "")
        return (found.shape or ()) if isinstance(found, TensorType) else ()

    def constant(self, operation: Operation | None, argument: str) -> NDArray[Any] | None:
        """The array that an argument is bound to, read from its file, or None where it is none."""
        binding = _single(operation, argument)
        if isinstance(binding, str):
            producer = self.producers.get(binding)
            binding = producer.attributes.get("val") if producer else None
        return binding.array() if isinstance(binding, TensorValue | StoredWeight) else None

    def scalar(self, operation: Operation | None, argument: str) -> float | None:
        """The one number that an argument is bound to, or None."""
        array = self.constant(operation, argument)
        single = array is not None and array.size == 1 and array.dtype.kind in "biuf"
        return float(array.item()) if array is not None and single else None


def _single(operation: Operation | None, argument: str) -> Binding | None:
    bindings = operation.inputs.get(argument, ()) if operation else ()
    return bindings[0] if len(bindings) == 1 else None
