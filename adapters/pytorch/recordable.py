"""A network in the form of Apple's contract, ready to be recorded."""

import attrs
from torch import nn

from ...domain.tensor import TensorSpec


@attrs.frozen(kw_only=True)
class Recordable:
    """A module that takes its inputs in order, as float32, and returns its outputs in order.

    `summary` says in a sentence what the network is for.
    """

    module: nn.Module
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    summary: str
