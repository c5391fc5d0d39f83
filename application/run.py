"""Compute what a package or bundle computes, with arrays out of one file into another."""

from pathlib import Path
from types import MappingProxyType

from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.errors import InvalidRequest
from ..domain.pictures.picture_tensors import Pictures, picture_tensors
from ..domain.ports.networks import NetworkRuntime
from ..domain.ports.tensor_files import TensorFiles
from ..domain.tensor import Tensors

NO_PICTURES: Pictures = MappingProxyType({})


class Run:
    """Runs one network once."""

    def __init__(self, runtime: NetworkRuntime, tensor_files: TensorFiles) -> None:
        self._runtime = runtime
        self._tensor_files = tensor_files

    def __call__(
        self,
        package: Path,
        inputs: Path | None,
        outputs: Path,
        compute_unit: ComputeUnit = ComputeUnit.ALL,
        pictures: Pictures = NO_PICTURES,
    ) -> Tensors:
        """Read the inputs by their names, predict, write the outputs by theirs and give them.

        Pictures are inputs too, and go before those of the file. Raises UnreadableTensors,
        BrokenPackage, UnsupportedOperations, RuntimeUnavailable, InvalidRequest for a picture where
        none is taken and for outputs in the inputs' place, PredictionError where an input is
        missing, unknown or of another shape or type, and UnwritableOutput, before anything is
        computed.
        """
        require_kept(inputs, "--outputs", outputs)
        given = self._tensor_files.read(inputs) if inputs else {}
        with self._tensor_files.recording(outputs) as record:
            network = self._runtime.load(package, compute_unit)
            results = network.predict({**given, **picture_tensors(pictures, network.inputs)})
            for name, array in results.items():
                record(name, array)
        return results


def require_kept(inputs: Path | None, option: str, file: Path) -> None:
    """Raise InvalidRequest where the file that the option names would replace the inputs."""
    if inputs is not None and file.resolve() == inputs.resolve():
        raise InvalidRequest(option, f"{file} holds the inputs; name another file")
