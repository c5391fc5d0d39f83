"""Originals that are one line of arithmetic each."""

from collections.abc import Mapping

import attrs
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.ports.networks import Network
from coreml_stable_diffusion.domain.ports.originals import OriginalNetworks


@attrs.define
class FakeOriginals(OriginalNetworks):
    """Has one network for each component; `loaded` are those that were asked for, in order."""

    networks: Mapping[Component, Network]
    loaded: list[Component] = attrs.field(factory=list)

    def load(self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> Network:
        del plan
        checkpoint.require(component)
        self.loaded.append(component)
        return self.networks[component]
