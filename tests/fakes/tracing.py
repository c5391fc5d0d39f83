"""A tracer that only says what it was asked for."""

import attrs
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.ports.tracing import NetworkTracer
from coreml_stable_diffusion.domain.tensor import TensorSpec


@attrs.define
class FakeTracer(NetworkTracer):
    """`traced` are the components that were recorded, in order; the graph is the plan's text.

    Every network comes with the `notes`. Of `useless` it is known before.
    """

    traced: list[Component] = attrs.field(factory=list)
    notes: tuple[str, ...] = ()
    useless: Component | None = None

    def require(self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> None:
        checkpoint.require(component)
        if component is self.useless:
            raise InvalidRequest("--attention-implementation", f"not {plan.attention.value} here")

    def trace(
        self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan
    ) -> TracedNetwork:
        checkpoint.require(component)
        self.traced.append(component)
        return TracedNetwork(
            component=component,
            graph=f"{component.value} of {checkpoint.model} by {plan}",
            inputs=(TensorSpec(name="x", shape=(1,), dtype="float16"),),
            outputs=(TensorSpec(name="y", shape=(1,), dtype="float32"),),
            notes=self.notes,
            metadata={"version": checkpoint.facts.model_version},
        )
