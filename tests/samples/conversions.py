"""One network of a checkpoint, converted as the program converts it."""

from pathlib import Path

from coreml_stable_diffusion.adapters.coreml.network_converter import CoremltoolsConverter
from coreml_stable_diffusion.adapters.packages.model_decoder import MlModelDecoder
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.adapters.pytorch.network_tracer import TorchTracer
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan


def convert_component(
    checkpoint: Checkpoint, component: Component, plan: ConversionPlan, package: Path
) -> None:
    """Record, convert and write the component."""
    network = TorchTracer().trace(checkpoint, component, plan)
    program = CoremltoolsConverter(MlModelDecoder()).convert(network, plan)
    MlPackageWriter().write(program, package)
