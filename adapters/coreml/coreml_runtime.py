"""Packages on Core ML itself, which is part of macOS."""

import platform
from pathlib import Path
from typing import Any, final

import attrs

from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.errors import BrokenPackage, PredictionError, RuntimeUnavailable, first_line
from ...domain.mil.pipeline import Model, ProgramPipeline
from ...domain.ports.networks import Network, NetworkRuntime
from ...domain.ports.packages import PackageReader
from ...domain.tensor import Tensors, TensorSpec, misfit
from .framework import quiet_coremltools
from .pictures import as_core_ml_gives, as_core_ml_takes

# The ending that Core ML itself goes by.
_BUNDLE = ".mlmodelc"


@final
class CoreMLRuntime(NetworkRuntime):
    """Loads packages, which are compiled for this Mac, and bundles, which are compiled already."""

    def __init__(self, packages: PackageReader) -> None:
        """Let `packages` say what a network takes and gives, which a loaded bundle does not, and
        which function of several runs.
        """
        self._packages = packages

    def require_available(self) -> None:
        """Refuse other systems than macOS."""
        if platform.system() != "Darwin":
            raise RuntimeUnavailable(
                "coreml", "Core ML is part of macOS; take the reference runtime"
            )

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Compile and load a package; the first time takes minutes for a large one."""
        self.require_available()
        model = self._packages.read_model(package)
        return CoreMLNetwork(
            name=package.name,
            inputs=model.description.inputs,
            outputs=model.description.outputs,
            model=_load(package, compute_unit, function_to_load(model)),
        )


def function_to_load(model: Model) -> str | None:
    """Name the function that runs to Core ML, which before macOS 15 takes no name: None for one."""
    if isinstance(model, ProgramPipeline) or len(model.functions) == 1:
        return None
    return model.main


def _load(package: Path, compute_unit: ComputeUnit, function: str | None) -> Any:
    with quiet_coremltools() as coremltools:
        models = coremltools.models
        kind = models.CompiledMLModel if package.suffix == _BUNDLE else models.MLModel
        try:
            return kind(
                str(package),
                compute_units=coremltools.ComputeUnit[compute_unit.value],
                function_name=function,
            )
        # Core ML's refusals come as plain RuntimeError or Exception.
        except Exception as error:
            raise BrokenPackage(package, first_line(error)) from error


@final
@attrs.frozen(kw_only=True)
class CoreMLNetwork(Network):
    """A loaded `MLModel`."""

    name: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    model: Any = attrs.field(repr=False)

    def predict(self, inputs: Tensors) -> Tensors:
        """Let Core ML compute, on the processors that were chosen when loading."""
        if problem := misfit(inputs, self.inputs):
            raise PredictionError(self.name, problem)
        given = {each.name: as_core_ml_takes(inputs[each.name], each) for each in self.inputs}
        try:
            results = self.model.predict(given)
        # As when loading.
        except Exception as error:
            raise PredictionError(self.name, first_line(error)) from error
        return {each.name: as_core_ml_gives(results[each.name], each) for each in self.outputs}
