"""One network of a checkpoint as PyTorch computes it, with the edge of its package."""

import attrs
import numpy as np
import torch

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.conversion.plan import ConversionPlan
from ...domain.errors import PredictionError
from ...domain.ports.networks import Network
from ...domain.tensor import Tensors, TensorSpec, misfit
from .attention import keep_attention
from .loading import load_network
from .recordable import Recordable
from .recordables import as_recordable
from .silence import silence
from .sizes import DENOISERS


@attrs.frozen
class OriginalNetwork(Network):
    """A module that was never recorded."""

    name: str
    recordable: Recordable

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` takes: what the package takes."""
        return self.recordable.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` returns: what the package returns."""
        return self.recordable.outputs

    def predict(self, inputs: Tensors) -> Tensors:
        """Run the module in float32; see the port."""
        if problem := misfit(inputs, self.inputs):
            raise PredictionError(self.name, problem)
        arguments = [torch.from_numpy(inputs[each.name].astype(np.float32)) for each in self.inputs]
        with torch.inference_mode():
            results = self.recordable.module(*arguments)
        tensors = results if isinstance(results, tuple) else (results,)
        return {
            spec.name: tensor.numpy().astype(spec.dtype)
            for spec, tensor in zip(self.outputs, tensors, strict=True)
        }


def original_network(
    checkpoint: Checkpoint, component: Component, plan: ConversionPlan
) -> OriginalNetwork:
    """Load the component. Raises as `load_network` does."""
    with silence():
        network = load_network(checkpoint, component)
        if component in DENOISERS:
            keep_attention(network)
        recordable = as_recordable(network, checkpoint, component, plan)
        recordable.module.eval()
    return OriginalNetwork(component.label, recordable)
