"""Programs of linear layers one after another, in the domain's words, with weights in memory."""

from collections.abc import Sequence

import attrs
import numpy as np
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from numpy.typing import NDArray
from samples.programs import operation, program, shaped

WIDTH = 4


@attrs.frozen(eq=False)
class InMemory:
    """The elements of one weight."""

    elements: NDArray[np.generic]

    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        del weight
        return self.elements


def weight(name: str, rows: int, columns: int = WIDTH) -> Operation:
    """The constant with a weight of its own, in float16."""
    elements = np.arange(rows * columns, dtype=np.float16).reshape(rows, columns)
    declared = TensorType(DataType.FP16, elements.shape)
    stored = StoredWeight(declared, f"{name}.bin", 64, InMemory(elements))
    return attrs.evolve(operation("const", [name]), attributes={"val": stored})


def layer(output: str, source: str, weight: str, columns: int = WIDTH) -> Operation:
    """A linear layer in float16."""
    step = operation("linear", [output], x=source, weight=weight)
    return shaped(step, (1, columns), DataType.FP16)


def model(steps: Sequence[Operation], output: str = "y") -> Program:
    """A program that takes x and gives `output`."""
    x = np.zeros((1, WIDTH), np.float16)
    return program(steps, {"x": x}, {output: x})
