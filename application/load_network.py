"""Load a network whether it is whole or in two chunks."""

from pathlib import Path

from ..domain.chained_network import chained
from ..domain.chunk_names import chunk_paths
from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.ports.networks import Network, NetworkRuntime


def load_network(
    runtime: NetworkRuntime, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL
) -> Network:
    """Make a package or bundle ready to run, or its chunks where only they are there.

    Raises what the runtime raises.
    """
    chunks = chunk_paths(package)
    if package.exists() or not all(each.exists() for each in chunks):
        return runtime.load(package, compute_unit)
    return chained(package.name, tuple(runtime.load(each, compute_unit) for each in chunks))
