"""An ML Program and what its model says about it."""

from collections.abc import Mapping

import attrs

from ..tensor import TensorSpec
from .operation import Block
from .value import Value
from .value_type import NamedType, StateType


@attrs.frozen(kw_only=True)
class Function:
    """A function with its body once per operation set; `opset` tells which one counts."""

    opset: str
    inputs: tuple[NamedType, ...]
    specializations: Mapping[str, Block]
    attributes: Mapping[str, Value] = attrs.field(factory=dict)

    @property
    def body(self) -> Block:
        """The block of the function's operation set."""
        return self.specializations[self.opset]


@attrs.frozen(kw_only=True)
class ModelDescription:
    """What crosses the edge of the main function, and the texts that came with the model.

    `metadata` has the keys author, license, version, short_description, and user-defined keys
    behind "user:". `message` is the whole description as its file spells it, ranges of shapes and
    other functions included; whoever writes the program keeps from it what the fields do not tell.
    """

    specification_version: int
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    metadata: Mapping[str, str] = attrs.field(factory=dict)
    message: bytes = attrs.field(default=b"", repr=False)


@attrs.frozen(kw_only=True)
class Program:
    """A whole ML Program; `main` names the function that runs unless another is asked for.

    Raises ValueError where the description does not fit the main function.
    """

    description: ModelDescription
    functions: Mapping[str, Function]
    main: str = "main"
    version: int = 1
    attributes: Mapping[str, Value] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if self.main not in self.functions:
            raise ValueError(f"it has no function {self.main!r}")
        function = self.main_function
        taken = {each.name for each in function.inputs if not isinstance(each.type, StateType)}
        if taken != {each.name for each in self.description.inputs}:
            raise ValueError("the inputs of its description are not those of its function")
        if not {each.name for each in self.description.outputs} <= set(function.body.outputs):
            raise ValueError("the outputs of its description are not those of its function")

    @property
    def main_function(self) -> Function:
        """The function that `main` names."""
        return self.functions[self.main]
