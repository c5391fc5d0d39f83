"""The runtime that needs no Apple silicon: ML Programs on PyTorch, computed in float32."""

from pathlib import Path

from ...domain.chained_network import ChainedNetwork
from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.errors import InvalidRequest
from ...domain.garbage_collection import collection_paused
from ...domain.mil.pipeline import ProgramPipeline
from ...domain.mil.program import Program
from ...domain.ports.networks import ExaminableNetwork, ExaminingRuntime, Network, NetworkRuntime
from ...domain.ports.packages import PackageReader
from .device import Device
from .freed_memory import keep_freed_memory
from .mode import Mode


class ReferenceRuntime(NetworkRuntime, ExaminingRuntime):
    """Runs packages on PyTorch.

    Weights are widened to float32 when loaded, and nothing is rounded after that but the outputs.
    `threads` sets how many threads PyTorch uses, for the whole process. `Mode.FAST` computes known
    patterns of operations as one, `Mode.EXACT` each operation by itself. `Mode.FAITHFUL` rounds
    to float16 where Core ML stores float16. Networks of the last two can be looked into. On a
    device other than the processor nothing but the edge of a network goes through its memory.
    """

    def __init__(
        self,
        packages: PackageReader,
        threads: int | None = None,
        mode: Mode = Mode.FAST,
        device: Device = Device.CPU,
    ) -> None:
        self._packages = packages
        self._threads = threads
        self._mode = mode
        self._device = device

    def require_available(self) -> None:
        """See to it that PyTorch finds the device."""
        self._settle()

    @collection_paused()
    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Make a package ready to run; the compute unit changes nothing here."""
        del compute_unit
        model = self._packages.read_model(package)
        self._settle()
        if isinstance(model, ProgramPipeline):
            return ChainedNetwork(
                name=package.name,
                inputs=model.description.inputs,
                outputs=model.description.outputs,
                links=tuple(self._built(package, each) for each in model.programs),
            )
        return self._built(package, model)

    def load_to_examine(self, package: Path) -> ExaminableNetwork:
        """Make a package ready to be looked into, which `Mode.FAST` does not allow."""
        self._require_separate_operations()
        return self.program_to_examine(self._packages.read(package), package)

    def program_to_examine(self, program: Program, package: Path) -> ExaminableNetwork:
        """Make a program ready to be looked into, which `Mode.FAST` does not allow."""
        self._require_separate_operations()
        self._settle()
        from .examined import build_examined_network  # noqa: PLC0415 - imports PyTorch

        return build_examined_network(package, program, self._mode, self._device)

    def _built(self, package: Path, program: Program) -> Network:
        from .examined import build_examined_network  # noqa: PLC0415 - imports PyTorch
        from .network import build_network  # noqa: PLC0415 - see above

        build = build_examined_network if self._mode is Mode.FAITHFUL else build_network
        return build(package, program, self._mode, self._device)

    def _require_separate_operations(self) -> None:
        if self._mode is Mode.FAST:
            raise InvalidRequest(
                "--mode",
                "fast computes several operations as one, whose results in between are nowhere;"
                " take exact or faithful",
            )

    def _settle(self) -> None:
        """See to threads, device and memory. Raises RuntimeUnavailable."""
        import torch  # noqa: PLC0415 - takes a second, which wiring must not cost

        from .placement import require  # noqa: PLC0415 - imports PyTorch

        require(self._device)
        keep_freed_memory()
        if self._threads is not None:
            torch.set_num_threads(self._threads)
