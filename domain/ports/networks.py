"""What executes packages."""

from pathlib import Path
from typing import Protocol

from ..coreml.compute_unit import ComputeUnit
from ..examination import Examination, Record, unrecorded
from ..mil.program import Program
from ..tensor import Tensors, TensorSpec


class Network(Protocol):
    """A loaded network, ready to predict as often as wanted."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` takes."""
        ...

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `predict` returns."""
        ...

    def predict(self, inputs: Tensors) -> Tensors:
        """Compute the outputs of these inputs, which are left as they are.

        Raises PredictionError where an input is missing, unknown or of another shape or type.
        """
        ...


class NetworkRuntime(Protocol):
    """Loads packages to run them."""

    def require_available(self) -> None:
        """Raise RuntimeUnavailable where the runtime is not on this machine."""
        ...

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Make a package ready to run.

        Raises BrokenPackage where it cannot be read, UnsupportedOperations where this runtime does
        not know its operations and RuntimeUnavailable where the runtime is not on this machine.
        """
        ...


class ExaminableNetwork(Network, Protocol):
    """A loaded network that can be looked into while it predicts."""

    def examine(self, inputs: Tensors, record: Record = unrecorded) -> Examination:
        """Predict, name every operation that gave what is no finite number, record every result.

        `record` is given each output of each operation that runs, by its name, one after another;
        constants are none of them. Raises as `predict` does, and what `record` raises.
        """
        ...


class ExaminingRuntime(Protocol):
    """Loads packages, and programs that no file has, to look into them."""

    def load_to_examine(self, package: Path) -> ExaminableNetwork:
        """Make a package ready to be looked into.

        Raises as `NetworkRuntime.load` does, and InvalidRequest where this runtime computes in a
        way that has nothing to look at.
        """
        ...

    def program_to_examine(self, program: Program, package: Path) -> ExaminableNetwork:
        """Make a program ready to be looked into, which goes by the name of the package.

        Raises as `load_to_examine` does.
        """
        ...
