"""Networks whose inputs and outputs are kept as they predict."""

from pathlib import Path
from typing import final

import attrs

from ..coreml.compute_unit import ComputeUnit
from ..ports.networks import Network, NetworkRuntime
from ..tensor import Tensors, TensorSpec


@final
@attrs.frozen
class OverheardNetwork(Network):
    """Predicts as the network does; `heard` has the inputs and outputs of every prediction."""

    network: Network
    heard: list[tuple[Tensors, Tensors]] = attrs.field(factory=list)

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` takes."""
        return self.network.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` returns."""
        return self.network.outputs

    def predict(self, inputs: Tensors) -> Tensors:
        """Predict and remember; see the port."""
        outputs = self.network.predict(inputs)
        kept = {name: array.copy() for name, array in inputs.items()}
        self.heard.append((kept, outputs))
        return outputs


@final
@attrs.frozen
class OverhearingRuntime(NetworkRuntime):
    """Loads what another runtime loads; `networks` has every network by its package."""

    runtime: NetworkRuntime
    networks: dict[Path, OverheardNetwork] = attrs.field(factory=dict)

    def require_available(self) -> None:
        """Raise as the runtime does; see the port."""
        self.runtime.require_available()

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Load the package and listen from then on; see the port."""
        network = OverheardNetwork(self.runtime.load(package, compute_unit))
        self.networks[package] = network
        return network
