"""A program on PyTorch, ready to predict."""

from collections.abc import Callable
from pathlib import Path

import attrs
import torch
from torch import Tensor

from ...domain.errors import BrokenPackage, PredictionError, UnsupportedOperations
from ...domain.mil.arguments import ILL_FITTING, require_arguments
from ...domain.mil.program import Program
from ...domain.mil.rewrites.catalogue import REWRITES
from ...domain.mil.rewrites.dense_weights import with_dense_weights
from ...domain.network_edge import inside, outside
from ...domain.ports.networks import Network
from ...domain.tensor import Tensors, TensorSpec, misfit
from .arrays import as_stored, as_tensor
from .call import Call, in_order, perform
from .compilation import Schedule, compile_function, unknown_operations
from .device import Device
from .failures import reason
from .fused import OPERATIONS as FUSED_OPERATIONS
from .mode import Mode
from .ops.catalogue import OPERATIONS
from .placement import on
from .prepacking import prepacked


@attrs.frozen(kw_only=True)
class ReferenceNetwork(Network):
    """A schedule and what crosses its edge."""

    name: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    schedule: Schedule
    device: Device = Device.CPU

    def predict(self, inputs: Tensors) -> Tensors:
        """Run the schedule in float32; see the port."""
        return self.run(inputs, perform)

    def run(
        self, inputs: Tensors, perform: Callable[[tuple[Call, ...], dict[str, Tensor]], None]
    ) -> Tensors:
        """Predict with calls performed in a way of one's own. Raises as `predict` does."""
        if problem := misfit(inputs, self.inputs):
            raise PredictionError(self.name, problem)
        try:
            with torch.inference_mode(), on(self.device):
                tensors = {
                    each.name: as_tensor(inside(inputs[each.name], each)) for each in self.inputs
                }
                tensors |= self.schedule.constants
                perform(self.schedule.calls, tensors)
            return {
                each.name: outside(tensors[each.name].cpu().numpy(), each) for each in self.outputs
            }
        except ILL_FITTING as error:
            raise PredictionError(self.name, reason(error)) from error


def build_network(
    package: Path, program: Program, mode: Mode, device: Device = Device.CPU
) -> ReferenceNetwork:
    """Make a program ready to run on a device that is there.

    Weights are packed for the processor alone.

    Raises UnsupportedOperations, and BrokenPackage where its operations do not fit together.
    """
    fast = mode is Mode.FAST
    layers = (prepacked, as_stored) if fast and device is Device.CPU else (in_order, as_tensor)
    try:
        function = with_dense_weights(program.main_function)
        if unknown := unknown_operations(function.body, OPERATIONS):
            raise UnsupportedOperations(package, unknown)
        require_arguments(function.body, OPERATIONS)
        for rewrite in REWRITES if fast else ():
            function = rewrite(function)
        with torch.inference_mode(), on(device):
            schedule = compile_function(function, {**OPERATIONS, **FUSED_OPERATIONS}, *layers)
    except ILL_FITTING as error:
        raise BrokenPackage(package, reason(error)) from error
    return ReferenceNetwork(
        name=package.name,
        inputs=program.description.inputs,
        outputs=program.description.outputs,
        schedule=schedule,
        device=device,
    )
