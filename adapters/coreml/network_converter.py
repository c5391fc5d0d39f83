"""Recorded networks to ML Programs through coremltools' converter."""

from typing import Any, final

from ...domain.conversion.plan import ComputePrecision, ConversionPlan
from ...domain.conversion.traced_network import TracedNetwork
from ...domain.coreml.deployment_target import DeploymentTarget
from ...domain.errors import ConversionFailed, first_line
from ...domain.mil.program import Program
from ...domain.ports.converting import NetworkConverter
from ...domain.ports.packages import ModelDecoder
from ...domain.tensor import ListedShapes, TensorSpec
from .converted_weights import ConvertedWeights
from .framework import quiet_coremltools
from .frugality import frugal_coremltools
from .streaming import streaming
from .timestep_precision import bears_float16

_DATE_KEY = "com.github.apple.coremltools.conversion_date"
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


@final
class CoremltoolsConverter(NetworkConverter):
    """Converts without loading the result, so that it works off macOS too."""

    def __init__(self, decoder: ModelDecoder) -> None:
        """Read coremltools' results with the decoder."""
        self._decoder = decoder

    def convert(self, network: TracedNetwork, plan: ConversionPlan) -> Program:
        """Convert the network; see the port."""
        label = network.component.label
        with quiet_coremltools() as coremltools, frugal_coremltools():
            try:
                return self._program(coremltools, network, plan)
            # The converter raises whatever it stumbles over, often plain Exception.
            except Exception as error:
                raise ConversionFailed(label, first_line(error)) from error

    def _program(self, coremltools: Any, network: TracedNetwork, plan: ConversionPlan) -> Program:
        weights = ConvertedWeights(network.component.label)
        with streaming(network.weights, weights):
            model = _convert(coremltools, network, plan)
        spec = _described(model.get_spec(), network)
        return self._decoder.decode(spec.SerializeToString(), weights)


def _convert(coremltools: Any, network: TracedNetwork, plan: ConversionPlan) -> Any:
    return coremltools.convert(
        network.graph,
        source="pytorch",
        convert_to="mlprogram",
        inputs=[
            coremltools.TensorType(
                name=spec.name, shape=_shape(coremltools, spec), dtype=spec.dtype.type
            )
            for spec in network.inputs
        ],
        outputs=[
            coremltools.TensorType(name=spec.name, dtype=spec.dtype.type)
            for spec in network.outputs
        ],
        minimum_deployment_target=getattr(coremltools.target, _TARGETS[plan.deployment_target]),
        compute_precision=_precision(coremltools, plan.precision),
        compute_units=coremltools.ComputeUnit[plan.compute_unit.value],
        skip_model_load=True,
    )


def _shape(coremltools: Any, spec: TensorSpec) -> Any:
    if isinstance(spec.flexibility, ListedShapes):
        return coremltools.EnumeratedShapes(shapes=spec.flexibility.shapes, default=spec.shape)
    return spec.shape


def _precision(coremltools: Any, precision: ComputePrecision) -> Any:
    if precision is ComputePrecision.FLOAT32:
        return coremltools.precision.FLOAT32
    return coremltools.transform.FP16ComputePrecision(op_selector=bears_float16)


def _described(spec: Any, network: TracedNetwork) -> Any:
    """The model with descriptions and metadata."""
    description = spec.description
    texts = {each.name: each.description for each in (*network.inputs, *network.outputs)}
    for feature in (*description.input, *description.output):
        feature.shortDescription = texts[feature.name]
    for key, text in network.metadata.items():
        if key.startswith(_USER_KEY):
            description.metadata.userDefined[key.removeprefix(_USER_KEY)] = text
        else:
            setattr(description.metadata, _STANDARD_KEYS[key], text)
    # The same checkpoint gives the same bytes on another day.
    description.metadata.userDefined.pop(_DATE_KEY, None)
    return spec
