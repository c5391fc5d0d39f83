"""A network on its way from PyTorch to Core ML: a recorded graph and what crosses its edge."""

from collections.abc import Mapping

import attrs

from ..component import Component
from ..tensor import TensorSpec


@attrs.frozen(kw_only=True)
class TracedNetwork:
    """What the PyTorch side hands to the Core ML side.

    `graph` is a TorchScript module that takes the inputs in their order and returns the outputs in
    theirs; nothing but the two adapters looks into it. `metadata` is free text by key for the
    package: author, license, version, short_description, and user-defined keys behind "user:".
    """

    component: Component
    graph: object
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    metadata: Mapping[str, str] = attrs.field(factory=dict)
