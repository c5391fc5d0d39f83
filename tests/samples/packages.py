"""Small packages, made by coremltools."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import coremltools as ct
import numpy as np
import torch
from coreml_stable_diffusion.domain.pixel_layout import PixelLayout
from coremltools.converters.mil import Builder
from coremltools.converters.mil.mil import types
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.generic]]
#: PyTorch has not annotated it.
trace: Callable[..., Any] = torch.jit.trace
#: coremltools offers no other way to leave a program exactly as it was built.
_NO_PASSES = ct.PassPipeline.EMPTY


def convert_module(
    module: torch.nn.Module,
    inputs: Arrays,
    outputs: Sequence[str],
    package: Path,
    *,
    target: Any = ct.target.macOS13,
    float16: bool = True,
) -> list[NDArray[np.float32]]:
    """Convert a module, inputs and outputs declared in float32; returns what PyTorch computes."""
    examples = [torch.from_numpy(each) for each in inputs.values()]
    with torch.no_grad():
        traced: Any = trace(module.eval(), examples, check_trace=False)
        results = traced(*examples)
    precision = ct.precision.FLOAT16 if float16 else ct.precision.FLOAT32
    ct.convert(
        traced,
        inputs=[ct.TensorType(name, each.shape, each.dtype) for name, each in inputs.items()],
        outputs=[ct.TensorType(name, dtype=np.float32) for name in outputs],
        convert_to="mlprogram",
        compute_precision=precision,
        minimum_deployment_target=target,
        skip_model_load=True,
    ).save(str(package))
    return [each.numpy() for each in ([results] if torch.is_tensor(results) else results)]


def save_program(
    build: Callable[..., Any],
    shapes: Sequence[tuple[int, ...]],
    package: Path,
    *,
    dtype: Any = types.fp32,
) -> None:
    """Save what `build` makes of inputs x, y ... of these shapes, as it is."""
    specs = [Builder.TensorSpec(shape, dtype=dtype) for shape in shapes]
    made = Builder.program(input_specs=specs, opset_version=ct.target.iOS16)(build)
    ct.convert(
        made,
        convert_to="mlprogram",
        compute_precision=ct.precision.FLOAT32,
        minimum_deployment_target=ct.target.iOS16,
        skip_model_load=True,
        pass_pipeline=_NO_PASSES,
    ).save(str(package))


#: The weight of `save_linear_package`, large enough for coremltools to store it in weight.bin.
WEIGHT = np.linspace(-2, 2, 48, dtype=np.float32).reshape(6, 8)


def save_linear_package(package: Path) -> None:
    """y = relu(x weightᵀ) for x of (1, 8)."""

    def linear(x: Any) -> Any:
        product = Builder.linear(x=x, weight=WEIGHT, name="product")
        return Builder.relu(x=product, name="y")

    save_program(linear, [(1, 8)], package)


def save_sum_package(package: Path) -> None:
    """sum = x + y in float32, for x and y of (2, 3) in float16."""

    def add(x: Any, y: Any) -> Any:
        return Builder.cast(x=Builder.add(x=x, y=y), dtype="fp32", name="sum")

    save_program(add, [(2, 3), (2, 3)], package, dtype=types.fp16)


class _Double(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


def save_grey_package(package: Path, height: int, width: int) -> None:
    """y = 2 x in float32, for a grey picture x of this size."""
    shape = (1, 1, height, width)
    ct.convert(
        trace(_Double(), [torch.zeros(shape)]),
        inputs=[ct.ImageType("x", shape, color_layout=ct.colorlayout.GRAYSCALE)],
        outputs=[ct.TensorType("y", dtype=np.float32)],
        minimum_deployment_target=ct.target.macOS13,
        skip_model_load=True,
    ).save(str(package))


class _Brighter(torch.nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.factors = torch.nn.Buffer(torch.linspace(0.5, 1.3, channels)[:, None, None])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        brighter: torch.Tensor = x * self.factors
        return brighter


def save_brighter_package(
    package: Path, layout: PixelLayout, height: int, width: int, **options: Any
) -> None:
    """A picture y whose planes are those of x by a factor of their own, so that all differ."""
    channels = 3 if layout.has_colours else 1
    shape = options.pop("shape", (1, channels, height, width))
    colours = getattr(ct.colorlayout, layout.value)
    ct.convert(
        trace(_Brighter(channels).eval(), [torch.zeros(1, channels, height, width)]),
        inputs=[ct.ImageType("x", shape, color_layout=colours, **options)],
        outputs=[ct.ImageType("y", color_layout=colours)],
        minimum_deployment_target=ct.target.macOS13,
        compute_precision=ct.precision.FLOAT32,
        skip_model_load=True,
    ).save(str(package))


class _Projection(torch.nn.Module):
    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.eye(outputs, 4) * outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self.weight.T


def save_two_functions(folder: Path, x: NDArray[np.float32]) -> Path:
    """`narrow`, which runs unless another is asked for, and `wide`: y is the first 3 or 5 of x, as
    far as there are so many, times that number; x has 4 columns.
    """
    functions = ct.utils.MultiFunctionDescriptor()
    for name, outputs in (("narrow", 3), ("wide", 5)):
        one = folder / f"{name}.mlpackage"
        convert_module(_Projection(outputs), {"x": x}, ["y"], one, target=ct.target.macOS15)
        functions.add_function(str(one), "main", name)
    functions.default_function_name = "narrow"
    both = folder / "both.mlpackage"
    ct.utils.save_multifunction(functions, str(both))
    return both
