"""Whether what a model says of its inputs and outputs fits the function that it says it of."""

from collections import Counter

from ..tensor import TensorSpec
from .program import Program
from .value_type import TensorType


def check_description(program: Program) -> None:
    """Refuse the first name that is described twice, or input that is described as another.

    Inputs of several shapes, and sizes that only running will tell, are left alone. Raises
    ValueError.
    """
    described = program.description
    for kind, specs in (("inputs", described.inputs), ("outputs", described.outputs)):
        for name, count in Counter(each.name for each in specs).items():
            if count > 1:
                raise ValueError(f"its description has {count} {kind} {name!r}")
    declared = {each.name: each.type for each in program.main_function.inputs}
    for spec in described.inputs:
        taken = declared[spec.name]
        if isinstance(taken, TensorType) and not (_is_shape(spec, taken) and _is_kind(spec, taken)):
            told = f"{spec.dtype} of {spec.shape}"
            raise ValueError(f"its description gives {spec.name} as {told}, its function {taken}")


def _is_shape(spec: TensorSpec, taken: TensorType) -> bool:
    if spec.flexibility is not None or not spec.shape or taken.shape is None:
        return True
    if spec.pixels is None:
        return spec.shape == taken.shape
    channels = 3 if spec.pixels.has_colours else 1
    return taken.shape == (1, channels, *spec.shape[:2])


def _is_kind(spec: TensorSpec, taken: TensorType) -> bool:
    """Whether both are real numbers or both whole; pictures become what a function takes."""
    return spec.pixels is not None or taken.data_type.is_float == (spec.dtype.kind == "f")
