"""Networks that compute one after another what was one network before it was cut."""

import attrs

from .errors import PredictionError
from .ports.networks import Network
from .tensor import Tensors, TensorSpec, misfit


@attrs.frozen(kw_only=True)
class ChainedNetwork(Network):
    """Each link takes what the chain is given and what the links before it gave, by their names."""

    name: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    links: tuple[Network, ...]

    def predict(self, inputs: Tensors) -> Tensors:
        """Run the links in their order; see the port."""
        if problem := misfit(inputs, self.inputs):
            raise PredictionError(self.name, problem)
        known = dict(inputs)
        for link in self.links:
            known |= link.predict({each.name: known[each.name] for each in link.inputs})
        return {each.name: known[each.name] for each in self.outputs}


def chained(name: str, links: tuple[Network, ...]) -> ChainedNetwork:
    """Chain networks: what no link gives comes from outside, and the last one's outputs go there.

    Raises ValueError where there are none.
    """
    if not links:
        raise ValueError("a chain has a link at least")
    inputs: dict[str, TensorSpec] = {}
    given: set[str] = set()
    for link in links:
        inputs |= {each.name: each for each in link.inputs if each.name not in given}
        given |= {each.name for each in link.outputs}
    return ChainedNetwork(
        name=name, inputs=tuple(inputs.values()), outputs=links[-1].outputs, links=links
    )
