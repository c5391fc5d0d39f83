"""An inspection as tables to look at, or as a document for programs."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from ...domain.inspection import Inspection
from ...domain.tensor import TensorSpec
from .text_table import text_table


def document(inspection: Inspection, largest: int) -> dict[str, Any]:
    """The inspection as JSON holds it; of the weights only the largest."""
    return {
        "specification_version": inspection.specification_version,
        "oldest_systems": inspection.oldest_systems,
        "opset": inspection.opset,
        "functions": list(inspection.functions),
        "main": inspection.main,
        "inputs": [_spec(each) for each in inspection.inputs],
        "outputs": [_spec(each) for each in inspection.outputs],
        "states": list(inspection.states),
        "attention": inspection.attention,
        "operations": dict(inspection.operations),
        "weight_bytes": inspection.weight_bytes,
        "storage": [attrs.asdict(each) for each in inspection.storage],
        "largest": [attrs.asdict(each) for each in inspection.weights[:largest]],
        "metadata": dict(inspection.metadata),
    }


def tables(inspection: Inspection, largest: int) -> str:
    """The inspection as text, as wide as the terminal."""
    return "\n".join(filter(None, (text_table(*each) for each in _tables(inspection, largest))))


def _tables(
    inspection: Inspection, largest: int
) -> Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]:
    yield "Program", ("", ""), _facts(inspection)
    specs = [("input", each) for each in inspection.inputs]
    specs += [("output", each) for each in inspection.outputs]
    edge = [(kind, spec.name, _sizes(spec), spec.dtype.name) for kind, spec in specs]
    edge += [("state", name, "", "") for name in inspection.states]
    yield "Edge", ("", "name", "shape", "type"), edge
    counts = [(name, f"{count:,}") for name, count in inspection.operations.items()]
    yield "Operations", ("operation", "count"), counts
    shares = [(each.storage, f"{each.tensors:,}", f"{each.bytes:,}") for each in inspection.storage]
    yield "Weights", ("stored as", "tensors", "bytes"), shares
    heaviest = inspection.weights[:largest]
    rows = [(each.name, each.type, each.storage, f"{each.bytes:,}") for each in heaviest]
    yield "Largest weights", ("name", "type", "stored as", "bytes"), rows


def _facts(inspection: Inspection) -> Iterable[tuple[str, str]]:
    yield "specification version", str(inspection.specification_version)
    yield "runs on", f"{inspection.oldest_systems} and newer"
    yield "operation set", inspection.opset
    if len(inspection.functions) > 1:
        yield "functions", f"{', '.join(inspection.functions)} (runs: {inspection.main})"
    yield "attention", inspection.attention or "none that can be told"
    yield "bytes of weights", f"{inspection.weight_bytes:,}"
    yield from inspection.metadata.items()


def _sizes(spec: TensorSpec) -> str:
    if spec.flexibility is not None:
        return str(spec.flexibility)
    return " x ".join(map(str, spec.shape)) or "not fixed"


def _spec(spec: TensorSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "shape": list(spec.shape),
        "other_shapes": None if spec.flexibility is None else str(spec.flexibility),
        "dtype": spec.dtype.name,
        "pixels": None if spec.pixels is None else spec.pixels.value,
        "description": spec.description,
    }
