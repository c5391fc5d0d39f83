"""Recorded networks to ML Program packages through coremltools' converter."""

from pathlib import Path
from typing import Any, final

from ...domain.conversion.plan import ComputePrecision, ConversionPlan
from ...domain.conversion.traced_network import TracedNetwork
from ...domain.coreml.deployment_target import DeploymentTarget
from ...domain.errors import ConversionFailed, UnwritableOutput, first_line
from ...domain.ports.converting import PackageConverter
from .framework import quiet_coremltools
from .timestep_precision import bears_float16

_MODEL = Path("Data", "com.apple.CoreML", "model.mlmodel")
_USER_KEY = "user:"
_STANDARD_KEYS = {
    "author": "author",
    "license": "license",
    "version": "versionString",
    "short_description": "shortDescription",
}
_TARGETS = {
    DeploymentTarget.MACOS13: "macOS13",
    DeploymentTarget.MACOS14: "macOS14",
    DeploymentTarget.MACOS15: "macOS15",
    DeploymentTarget.IOS16: "iOS16",
    DeploymentTarget.IOS17: "iOS17",
    DeploymentTarget.IOS18: "iOS18",
}
# coremltools' C++ parts report the disk's refusals as RuntimeError, in their own words.
_WRITING_FAILED = ("filesystem error", "FileWriter")


@final
class CoremltoolsConverter(PackageConverter):
    """Converts without loading the result, so that it works off macOS too."""

    def convert(self, network: TracedNetwork, plan: ConversionPlan, package: Path) -> None:
        """Write the package, with descriptions and metadata."""
        with quiet_coremltools() as coremltools:
            try:
                model = _convert(coremltools, network, plan, package)
                _describe(model.get_spec(), network, package)
            except OSError as error:
                raise UnwritableOutput(package, error.strerror or first_line(error)) from error
            # The converter raises whatever it stumbles over, often plain Exception.
            except Exception as error:
                raise _failure(network, package, error) from error


def _convert(coremltools: Any, network: TracedNetwork, plan: ConversionPlan, package: Path) -> Any:
    return coremltools.convert(
        network.graph,
        source="pytorch",
        convert_to="mlprogram",
        inputs=[
            coremltools.TensorType(name=spec.name, shape=spec.shape, dtype=spec.dtype.type)
            for spec in network.inputs
        ],
        outputs=[
            coremltools.TensorType(name=spec.name, dtype=spec.dtype.type)
            for spec in network.outputs
        ],
        minimum_deployment_target=getattr(coremltools.target, _TARGETS[plan.deployment_target]),
        compute_precision=_precision(coremltools, plan.precision),
        compute_units=coremltools.ComputeUnit[plan.compute_unit.value],
        package_dir=str(package),
        skip_model_load=True,
    )


def _precision(coremltools: Any, precision: ComputePrecision) -> Any:
    if precision is ComputePrecision.FLOAT32:
        return coremltools.precision.FLOAT32
    return coremltools.transform.FP16ComputePrecision(op_selector=bears_float16)


def _describe(spec: Any, network: TracedNetwork, package: Path) -> None:
    """Write descriptions and metadata into the package, whose weights stay as they are."""
    description = spec.description
    texts = {each.name: each.description for each in (*network.inputs, *network.outputs)}
    for feature in (*description.input, *description.output):
        feature.shortDescription = texts[feature.name]
    for key, text in network.metadata.items():
        if key.startswith(_USER_KEY):
            description.metadata.userDefined[key.removeprefix(_USER_KEY)] = text
        else:
            setattr(description.metadata, _STANDARD_KEYS[key], text)
    # The converter leaves a file that only its owner may read; a new one has the usual rights.
    (package / _MODEL).unlink()
    (package / _MODEL).write_bytes(spec.SerializeToString())


def _failure(
    network: TracedNetwork, package: Path, error: Exception
) -> ConversionFailed | UnwritableOutput:
    problem = first_line(error)
    if any(mark in problem for mark in _WRITING_FAILED):
        return UnwritableOutput(package, f"is the disk full? {problem}")
    return ConversionFailed(network.component.label, problem)
