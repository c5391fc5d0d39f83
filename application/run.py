"""Compute what a package or bundle computes, with arrays out of one file into another."""

from pathlib import Path

from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.ports.networks import NetworkRuntime
from ..domain.ports.tensor_files import TensorFiles


class Run:
    """Runs one network once."""

    def __init__(self, runtime: NetworkRuntime, tensor_files: TensorFiles) -> None:
        self._runtime = runtime
        self._tensor_files = tensor_files

    def __call__(
        self,
        package: Path,
        inputs: Path,
        outputs: Path,
        compute_unit: ComputeUnit = ComputeUnit.ALL,
    ) -> None:
        """Read the inputs by their names, predict, and write the outputs by theirs.

        Raises UnreadableTensors, BrokenPackage, UnsupportedOperations, RuntimeUnavailable,
        PredictionError where an input is missing, unknown or of another shape or type, and
        UnwritableOutput.
        """
        given = self._tensor_files.read(inputs)
        network = self._runtime.load(package, compute_unit)
        self._tensor_files.write(outputs, network.predict(given))
