"""Packages of one network, converted without its weights in memory and plainly."""

from pathlib import Path

import attrs
import coremltools as ct
import torch
from coreml_stable_diffusion.adapters.coreml.network_converter import CoremltoolsConverter
from coreml_stable_diffusion.adapters.coreml.timestep_precision import bears_float16
from coreml_stable_diffusion.adapters.packages.model_decoder import MlModelDecoder
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.adapters.pytorch.late_tensor import LateTensor
from coreml_stable_diffusion.adapters.pytorch.recordable import Recordable
from coreml_stable_diffusion.adapters.pytorch.tracing import trace
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ComputePrecision, ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.tensor import TensorSpec
from samples.modules import Module
from torch import nn

WEIGHTS = Path("Data", "com.apple.CoreML", "weights", "weight.bin")


def late(module: Module, dtype: torch.dtype = torch.float16) -> Module:
    """The module with its weights, rounded to this type, in no memory."""
    state = {}
    for name, each in module.state_dict().items():
        stored = each.to(dtype)
        state[name] = LateTensor(torch.empty_like(stored, device="meta"), stored.clone).float()
    module.load_state_dict(state, assign=True)
    return module.eval().requires_grad_(False)


def rounded(module: Module, dtype: torch.dtype = torch.float16) -> Module:
    return module.to(dtype).float().eval().requires_grad_(False)


def square(module: nn.Module) -> Recordable:
    return Recordable(
        module=module,
        inputs=(TensorSpec(name="x", shape=(1, 128), dtype="float16"),),
        outputs=(TensorSpec(name="y", shape=(1, 128), dtype="float32"),),
        summary="",
    )


def stream(recordable: Recordable, plan: ConversionPlan, package: Path) -> Path:
    traced = trace(recordable.module, [each.shape for each in recordable.inputs])
    assert traced.weights
    network = TracedNetwork(
        component=Component.UNET,
        graph=traced.graph,
        inputs=recordable.inputs,
        outputs=recordable.outputs,
        weights=traced.weights,
    )
    program = CoremltoolsConverter(MlModelDecoder()).convert(network, plan)
    MlPackageWriter().write(program, package)
    return package


def convert_plainly(recordable: Recordable, plan: ConversionPlan, package: Path) -> Path:
    """As coremltools' manual says."""
    traced = trace(recordable.module, [each.shape for each in recordable.inputs])
    half = ct.transform.FP16ComputePrecision(op_selector=bears_float16)
    ct.convert(
        traced.graph,
        inputs=[
            ct.TensorType(each.name, each.shape, each.dtype.type) for each in recordable.inputs
        ],
        outputs=[ct.TensorType(each.name, dtype=each.dtype.type) for each in recordable.outputs],
        minimum_deployment_target=ct.target.macOS13,
        compute_precision=half
        if plan.precision is ComputePrecision.FLOAT16
        else ct.precision.FLOAT32,
        skip_model_load=True,
    ).save(str(package))
    return package


def assert_equal(ours: Path, theirs: Path) -> None:
    assert (ours / WEIGHTS).read_bytes() == (theirs / WEIGHTS).read_bytes()
    found, wanted = (nameless(MlPackageReader().read(each)) for each in (ours, theirs))
    assert found == wanted


def nameless(program: Program) -> list[Operation]:
    """The operations with numbers for the names of what they compute, which PyTorch numbers too."""
    body = program.main_function.body
    made = [output.name for each in body.operations for output in each.outputs]
    names = {name: str(place) for place, name in enumerate(made) if name not in body.outputs}
    return [
        attrs.evolve(
            each,
            inputs={
                argument: tuple(
                    names.get(one, one) if isinstance(one, str) else one for one in bindings
                )
                for argument, bindings in each.inputs.items()
            },
            outputs=tuple(
                attrs.evolve(output, name=names.get(output.name, output.name))
                for output in each.outputs
            ),
            attributes={key: value for key, value in each.attributes.items() if key != "name"},
        )
        for each in body.operations
    ]
