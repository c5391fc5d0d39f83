"""Compute what a package or bundle computes, and look at every result on the way."""

from pathlib import Path

from ..domain.errors import InvalidRequest
from ..domain.examination import Examination
from ..domain.pictures.picture_tensors import Pictures, picture_tensors
from ..domain.ports.networks import ExaminableNetwork, ExaminingRuntime
from ..domain.ports.tensor_files import TensorFiles
from ..domain.tensor import Tensors
from .run import NO_PICTURES, require_kept


class Examine:
    """Runs one network once, as `Run` does, and tells what happened inside."""

    def __init__(self, runtime: ExaminingRuntime, tensor_files: TensorFiles) -> None:
        self._runtime = runtime
        self._tensor_files = tensor_files

    def __call__(
        self,
        package: Path,
        inputs: Path | None,
        outputs: Path,
        trace: Path | None = None,
        pictures: Pictures = NO_PICTURES,
    ) -> Examination:
        """Read the inputs, predict, write the outputs and give them, with what was met inside.

        `trace` is a file for every result on the way, by the names of the program. Raises as `Run`
        does, and InvalidRequest where the runtime's mode has nothing to look at or the trace would
        go where the outputs do.
        """
        require_kept(inputs, "--outputs", outputs)
        if trace is not None:
            require_kept(inputs, "--trace", trace)
            if trace.resolve() == outputs.resolve():
                raise InvalidRequest("--trace", f"{trace} is for the outputs; name another file")
        given = self._tensor_files.read(inputs) if inputs else {}
        with self._tensor_files.recording(outputs) as record:
            network = self._runtime.load_to_examine(package)
            given = {**given, **picture_tensors(pictures, network.inputs)}
            examination = self._examination(network, given, trace)
            for name, array in examination.outputs.items():
                record(name, array)
        return examination

    def _examination(
        self, network: ExaminableNetwork, given: Tensors, trace: Path | None
    ) -> Examination:
        if trace is None:
            return network.examine(given)
        with self._tensor_files.recording(trace) as record:
            return network.examine(given, record)
