"""Networks that compute every operation by itself and show what each of them gives.

No operations are fused, since a fused one hides what overflows inside it. `Mode.FAITHFUL` rounds to
float16 after every operation, as Core ML stores what is computed: a model of float16 storage around
float32 arithmetic, whereas the GPU and the Neural Engine may accumulate in fewer bits and flush the
smallest numbers to zero.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import attrs
import torch
from torch import Tensor

from ...domain.examination import Examination, NumericFault, Record, unrecorded
from ...domain.mil.data_type import DataType
from ...domain.mil.dataflow import Dataflow
from ...domain.mil.program import Function, Program
from ...domain.mil.value_type import TensorType
from ...domain.ports.networks import ExaminableNetwork
from ...domain.tensor import Tensors, TensorSpec
from .call import Call
from .device import Device
from .mode import Mode
from .network import ReferenceNetwork, build_network

_Named = dict[str, Tensor]


@attrs.frozen(kw_only=True)
class ExaminedNetwork(ExaminableNetwork):
    """A network whose tensors that `halves` names are rounded to float16 when computed."""

    network: ReferenceNetwork
    halves: frozenset[str]

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` takes."""
        return self.network.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` returns."""
        return self.network.outputs

    def predict(self, inputs: Tensors) -> Tensors:
        """Compute the outputs, rounding on the way; see the port."""
        return self._run(inputs, lambda _call, _results, _tensors: None)

    def examine(self, inputs: Tensors, record: Record = unrecorded) -> Examination:
        """Compute the outputs and look at every result, in float32, on the way; see the port."""
        faults: list[NumericFault] = []

        def look(call: Call, results: _Named, tensors: _Named) -> None:
            faults.extend(_faults(call, results, tensors))
            for name, result in results.items():
                record(name, result.cpu().numpy())

        outputs = self._run(inputs, look)
        return Examination(outputs, tuple(faults))

    def _run(self, inputs: Tensors, look: Callable[[Call, _Named, _Named], None]) -> Tensors:
        """Predict, with a look at each call, its results, and what was there before it."""

        def perform(calls: tuple[Call, ...], tensors: _Named) -> None:
            for call in calls:
                results = self._rounded(call.results(tensors))
                look(call, results, tensors)
                tensors.update(results)
                for name in call.released:
                    del tensors[name]

        return self.network.run(inputs, perform)

    def _rounded(self, results: _Named) -> _Named:
        return {
            name: each.half().float() if name in self.halves and each.is_floating_point() else each
            for name, each in results.items()
        }


def build_examined_network(
    package: Path, program: Program, mode: Mode, device: Device = Device.CPU
) -> ExaminedNetwork:
    """Make a program ready to be looked at, in a mode that fuses nothing.

    Raises as `build_network` does.
    """
    faithful = mode is Mode.FAITHFUL
    return ExaminedNetwork(
        network=build_network(package, program, mode, device),
        halves=_halves(program.main_function) if faithful else frozenset(),
    )


def _halves(function: Function) -> frozenset[str]:
    return frozenset(
        name
        for name, declared in Dataflow(function).types.items()
        if isinstance(declared, TensorType) and declared.data_type is DataType.FP16
    )


def _faults(call: Call, results: _Named, tensors: _Named) -> Iterable[NumericFault]:
    broken = {name: each for name, each in results.items() if not _is_finite(each)}
    inherited = bool(broken) and not all(map(_is_finite, _given(call, tensors)))
    for name, result in broken.items():
        yield NumericFault(
            operation=call.operation,
            output=name,
            infinite=int(result.isinf().sum()),
            not_numbers=int(result.isnan().sum()),
            inherited=inherited,
        )


def _given(call: Call, tensors: _Named) -> Iterable[Tensor]:
    """Every tensor that a call is given, constants too."""
    for argument in call.arguments.values():
        yield from (tensors[each] if isinstance(each, str) else each for each in argument.sources)
    for settled in call.settled.values():
        yield from (settled,) if isinstance(settled, Tensor) else ()


def _is_finite(tensor: Tensor) -> bool:
    return not tensor.is_floating_point() or bool(torch.isfinite(tensor).all())
