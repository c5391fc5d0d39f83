"""Lets coremltools convert a network whose weights are not in memory, and write none.

coremltools has no way to be given weights later, so for the time of one conversion the functions of
it that make, look at and write large constants are replaced.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ...domain.conversion.late_weight import LateWeight
from .converted_weights import ConvertedWeights, require_numbers
from .patches import Patch, patched
from .stand_in import StandIn

_MIL = "coremltools.converters.mil"
_LARGEST_HALF = 65504
_AS_GOOD_AS_INFINITE = 1e38


@contextlib.contextmanager
def streaming(late: Mapping[str, LateWeight], kept: ConvertedWeights) -> Iterator[None]:
    """Convert with stand-ins for the late weights, by their names in the graph, inside.

    What would be written to a weight file goes to `kept`, whose places become the offsets. Raises
    ImportError or AttributeError where this coremltools is not made like that.
    """
    converter = f"{_MIL}.frontend.torch.converter:TorchConverter._add_const"
    exporter = f"{_MIL}.backend.mil.load:MILProtoExporter.get_blob_writer"
    writing = f"{_MIL}.backend.mil.helper:_get_offset_by_writing_data"
    immediate = f"{_MIL}.backend.mil.load:create_immediate_value"
    casting = f"{_MIL}.mil.passes.defs.quantization:FP16ComputePrecision.fp16_overflow"
    with patched(
        Patch(converter, lambda original: _adding_late(original, late)),
        Patch(exporter, lambda _: lambda _exporter, _path: None),
        Patch(writing, lambda _: lambda constant, _writer: kept.add(constant.name, constant.val)),
        Patch(immediate, _requiring_numbers),
        Patch(casting, lambda _: staticmethod(_overflows)),
    ):
        yield


def _adding_late(
    original: Callable[..., None], late: Mapping[str, LateWeight]
) -> Callable[..., None]:
    from coremltools.converters.mil import Builder  # noqa: PLC0415 - coremltools takes seconds

    def add_const(converter: Any, name: str, value: Any) -> None:
        if name in late:
            stand_in = StandIn.of(late[name], tuple(late[name].shape))
            converter.context.add(Builder.const(val=stand_in, name=name))
        else:
            original(converter, name, value)

    return add_const


def _requiring_numbers(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_immediate_value(constant: Any) -> Any:
        require_numbers(constant.name, constant.val)
        return original(constant)

    return create_immediate_value


def _overflows(operation: Any) -> bool:
    """Whether a constant of it is too large for float16, so that it has to stay in float32."""
    arguments = (
        each if isinstance(each, list | tuple) else (each,) for each in operation.inputs.values()
    )
    constants = (
        each.op.val.val
        for each in itertools.chain.from_iterable(arguments)
        if each.op is not None
        and each.op.op_type == "const"
        and each.is_tensor_or_scalar_of(dtype="fp32")
    )
    return any(_exceeds_half(each) for each in constants)


def _exceeds_half(value: Any) -> bool:
    """As coremltools has it, which lets infinity and what is near it become infinity."""
    found = value.weight.read() if isinstance(value, StandIn) else value
    if getattr(found, "dtype", None) == np.float16:
        return False
    sizes = np.abs(found)
    return bool(np.max(sizes, where=sizes < _AS_GOOD_AS_INFINITE, initial=0.0) > _LARGEST_HALF)
