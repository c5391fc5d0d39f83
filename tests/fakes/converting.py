"""A converter whose programs do nothing but say what they were made of."""

import attrs
import numpy as np
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.errors import ConversionFailed
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.ports.converting import NetworkConverter
from samples.programs import constant, operation, program

WEIGHT = np.linspace(-1, 1, 4096, dtype=np.float16).reshape(64, 64)


@attrs.define
class FakeConverter(NetworkConverter):
    """Programs multiply by one weight and have the graph's text in their metadata.

    `broken` graphs fail.
    """

    broken: tuple[object, ...] = ()

    def convert(self, network: TracedNetwork, plan: ConversionPlan) -> Program:
        del plan
        if network.graph in self.broken:
            raise ConversionFailed(network.component.label, "its graph is broken")
        [x], [y] = network.inputs, network.outputs
        multiply = operation("linear", [y.name], x=x.name, weight=constant(WEIGHT))
        made = program(
            [multiply],
            {x.name: np.zeros(x.shape, x.dtype)},
            {y.name: np.zeros(y.shape, y.dtype)},
        )
        metadata = {**network.metadata, "user:graph": str(network.graph)}
        told = attrs.evolve(made.description, metadata=metadata)
        return attrs.evolve(made, description=told)
