"""A network on its way from PyTorch to Core ML: a recorded graph and what crosses its edge."""

from collections.abc import Mapping

import attrs

from ..component import Component
from ..tensor import TensorSpec
from .late_weight import LateWeight


@attrs.frozen(kw_only=True)
class TracedNetwork:
    """What the PyTorch side hands to the Core ML side.

    `graph` is a TorchScript module that takes the inputs in their order and returns the outputs in
    theirs; nothing but the two adapters looks into it. `metadata` is free text by key for the
    package: author, license, version, short_description, and user-defined keys behind "user:".
    `weights` are those that the graph has only placeholders for, by their names in it, and `notes`
    what the user may want to know of the recording.
    """

    component: Component
    graph: object
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    metadata: Mapping[str, str] = attrs.field(factory=dict)
    weights: Mapping[str, LateWeight] = attrs.field(factory=dict)
    notes: tuple[str, ...] = ()
