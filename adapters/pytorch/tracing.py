"""Runs a network once to note its operations: without numbers where PyTorch lets it."""

import itertools
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeGuard

import attrs
import torch
from torch import nn

from ...domain.conversion.late_weight import LateWeight
from ...domain.errors import first_line
from .late_tensor import LateTensor
from .meta_convolution import traceable_meta_convolution

# Smaller weights are in the graph itself: they cost nothing, and converters compute with them.
_SMALLEST_LATE = 10_000

_Tensors = Mapping[str, torch.Tensor]
_Shapes = Sequence[tuple[int, ...]]


@attrs.frozen(kw_only=True)
class Trace:
    """A graph, and by their names in it the weights that it has only placeholders for.

    `was_run` tells that the network had to be run with numbers, and why.
    """

    graph: torch.jit.ScriptModule
    weights: Mapping[str, LateWeight]
    was_run: str | None = None


class _NotTraceable(Exception):  # noqa: N818 - it is a reason to trace the other way, no failure
    """This PyTorch cannot trace this network without numbers."""


def trace(module: nn.Module, shapes: _Shapes) -> Trace:
    """Trace a module by running it on zeros.

    Its late weights have placeholders in the graph: on the meta device, where nothing is computed,
    and where that is not possible, zeros that take no memory.
    """
    tensors = {f"{path}{name}": each for path, _, name, each in _places(module)}
    if not any(isinstance(each, LateTensor) for each in tensors.values()):
        return Trace(graph=_traced(module, shapes, "cpu"), weights={})
    late = {name: each for name, each in tensors.items() if _is_late(each)}
    small = {name: _numbers(each) for name, each in tensors.items() if name not in late}
    problem = None
    try:
        graph = _trace_without_numbers(module, tensors, shapes)
    except _NotTraceable as error:
        problem = str(error)
        _replace(module, {**small, **{name: _zeros(each) for name, each in late.items()}})
        graph = _traced(module, shapes, "cpu")
    # No type in the graph tells a shape.
    _replace(graph, {**small, **dict.fromkeys(late, torch.empty(0))})
    return Trace(graph=graph, weights=late, was_run=problem)


def _trace_without_numbers(
    module: nn.Module, tensors: _Tensors, shapes: _Shapes
) -> torch.jit.ScriptModule:
    _replace(module, {name: _without_numbers(each) for name, each in tensors.items()})
    try:
        with traceable_meta_convolution():
            graph = _traced(module, shapes, "meta")
    # Whatever another version of PyTorch stumbles over, there is another way.
    except Exception as error:
        raise _NotTraceable(first_line(error)) from error
    if any(each.is_meta for each in _constants(graph.inlined_graph)):
        raise _NotTraceable("it makes constants, which would have no numbers")
    return graph


def _traced(module: nn.Module, shapes: _Shapes, device: str) -> torch.jit.ScriptModule:
    # A trace that fails leaves the tracer of its thread unusable.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_traced_here, module, shapes, device).result()


def _traced_here(module: nn.Module, shapes: _Shapes, device: str) -> torch.jit.ScriptModule:
    examples = tuple(torch.zeros(shape, device=device) for shape in shapes)
    with torch.no_grad(), warnings.catch_warnings():
        # The tracer warns of every shape that becomes a constant, which here is the purpose.
        warnings.simplefilter("ignore")
        # Checking means to trace and run twice more: three quarters of a conversion's time.
        graph: torch.jit.ScriptModule = torch.jit.trace(  # type: ignore[no-untyped-call] # as it is
            module.eval(), examples, check_trace=False
        )
    return graph


def _places(module: nn.Module) -> Iterator[tuple[str, nn.Module, str, torch.Tensor]]:
    """Every parameter and buffer: the path of its module, the module, its name and itself."""
    for path, owner in module.named_modules():
        prefix = f"{path}." if path else ""
        for name, tensor in itertools.chain(
            owner.named_parameters(recurse=False, remove_duplicate=False),
            owner.named_buffers(recurse=False, remove_duplicate=False),
        ):
            yield prefix, owner, name, tensor


def _is_late(tensor: torch.Tensor) -> TypeGuard[LateTensor]:
    is_large = tensor.is_floating_point() and tensor.numel() >= _SMALLEST_LATE
    return isinstance(tensor, LateTensor) and is_large


def _numbers(tensor: torch.Tensor) -> torch.Tensor:
    found = tensor.numbers() if isinstance(tensor, LateTensor) else tensor.detach()
    return found.contiguous()


def _without_numbers(tensor: torch.Tensor) -> torch.Tensor:
    return torch.empty(tensor.shape, dtype=tensor.dtype, device="meta")


def _zeros(tensor: torch.Tensor) -> torch.Tensor:
    return torch.zeros((), dtype=tensor.dtype).expand(tensor.shape)


def _replace(module: nn.Module, tensors: _Tensors) -> None:
    for prefix, owner, name, old in list(_places(module)):
        new = tensors[prefix + name]
        is_parameter = isinstance(old, nn.Parameter)
        setattr(owner, name, nn.Parameter(new, requires_grad=False) if is_parameter else new)


def _constants(graph: Any) -> Iterator[torch.Tensor]:
    for node in graph.findAllNodes("prim::Constant"):
        if node.hasAttribute("value") and node.kindOf("value") == "t":
            yield node.t("value")
