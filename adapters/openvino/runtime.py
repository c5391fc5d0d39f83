"""The runtime for Intel's processors: ML Programs on OpenVINO, computed in float32."""

from pathlib import Path
from typing import final

from ...domain.chained_network import ChainedNetwork
from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.garbage_collection import collection_paused
from ...domain.mil.pipeline import ProgramPipeline
from ...domain.ports.networks import Network, NetworkRuntime
from ...domain.ports.packages import PackageReader
from .framework import load_openvino


@final
class OpenVinoRuntime(NetworkRuntime):
    """Runs packages on OpenVINO's CPU plugin.

    `threads` sets how many threads a network uses; None leaves the number to OpenVINO.
    """

    def __init__(self, packages: PackageReader, threads: int | None = None) -> None:
        self._packages = packages
        self._threads = threads

    def require_available(self) -> None:
        """Import OpenVINO."""
        load_openvino()

    @collection_paused()
    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Compile a package for this processor; the compute unit changes nothing here."""
        del compute_unit
        model = self._packages.read_model(package)
        self.require_available()
        from .network import build_network  # noqa: PLC0415 - imports OpenVINO

        if isinstance(model, ProgramPipeline):
            return ChainedNetwork(
                name=package.name,
                inputs=model.description.inputs,
                outputs=model.description.outputs,
                links=tuple(build_network(package, each, self._threads) for each in model.programs),
            )
        return build_network(package, model, self._threads)
