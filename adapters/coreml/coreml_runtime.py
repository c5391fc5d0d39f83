"""Packages on Core ML itself, which is part of macOS."""

import platform
from pathlib import Path
from typing import Any, final

import attrs
import numpy as np

from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.errors import BrokenPackage, PredictionError, RuntimeUnavailable, first_line
from ...domain.ports.networks import Network, NetworkRuntime
from ...domain.tensor import Tensors, TensorSpec, misfit
from .framework import quiet_coremltools


@final
class CoreMLRuntime(NetworkRuntime):
    """Loads packages through coremltools, which compiles them for this Mac."""

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Compile and load a package; the first time takes minutes for a large one."""
        if platform.system() != "Darwin":
            raise RuntimeUnavailable(
                "coreml", "Core ML is part of macOS; take the reference runtime"
            )
        return _load(package, compute_unit)


def _load(package: Path, compute_unit: ComputeUnit) -> Network:
    if not package.is_dir():
        raise BrokenPackage(package, "it is not there")
    with quiet_coremltools() as coremltools:
        units = coremltools.ComputeUnit[compute_unit.value]
        try:
            model = coremltools.models.MLModel(str(package), compute_units=units)
        # Core ML's refusals come as plain RuntimeError or Exception.
        except Exception as error:
            raise BrokenPackage(package, first_line(error)) from error
    description = model.get_spec().description
    return CoreMLNetwork(
        name=package.name,
        inputs=tuple(_spec(each) for each in description.input),
        outputs=tuple(_spec(each) for each in description.output),
        model=model,
    )


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
        try:
            results = self.model.predict(dict(inputs))
        except Exception as error:
            raise PredictionError(self.name, first_line(error)) from error
        return {each.name: np.asarray(results[each.name], each.dtype) for each in self.outputs}


def _spec(feature: Any) -> TensorSpec:
    array = feature.type.multiArrayType
    return TensorSpec(
        name=feature.name,
        shape=array.shape,
        dtype=array.ArrayDataType.Name(array.dataType).lower().replace("double", "float64"),
        description=feature.shortDescription,
    )
