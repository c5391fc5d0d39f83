"""The runtime that needs no Apple silicon: ML Programs on PyTorch, computed in float32."""

from pathlib import Path

from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.ports.networks import Network, NetworkRuntime
from ...domain.ports.packages import PackageReader
from .mode import Mode


class ReferenceRuntime(NetworkRuntime):
    """Runs packages on PyTorch.

    Weights are widened to float32 when loaded, and nothing is rounded after that but the outputs.
    `threads` sets how many threads PyTorch uses, for the whole process. `Mode.FAST` computes known
    patterns of operations as one, `Mode.EXACT` each operation by itself. `Mode.FAITHFUL` rounds
    to float16 where Core ML stores float16, and its networks also `examine` what overflows.
    """

    def __init__(
        self, packages: PackageReader, threads: int | None = None, mode: Mode = Mode.FAST
    ) -> None:
        self._packages = packages
        self._threads = threads
        self._mode = mode

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Make a package ready to run; the compute unit changes nothing here."""
        del compute_unit
        program = self._packages.read(package)
        import torch  # noqa: PLC0415 - takes a second, which wiring must not cost

        from .faithful import build_faithful_network  # noqa: PLC0415 - imports PyTorch too
        from .network import build_network  # noqa: PLC0415 - imports PyTorch too

        if self._threads is not None:
            torch.set_num_threads(self._threads)
        if self._mode is Mode.FAITHFUL:
            return build_faithful_network(package, program)
        return build_network(package, program, self._mode)
