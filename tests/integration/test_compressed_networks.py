"""Networks of many kinds with every compression that coremltools has, beside PyTorch."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import coremltools as ct
import coremltools.optimize.coreml as cto
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from numpy.typing import NDArray
from samples.networks import SAMPLES
from samples.packages import convert_module

Compression = Callable[[Any], Any]
OLD, NEW = ct.target.iOS16, ct.target.iOS18
#: Weights of fewer elements stay as they are: biases, norms and the like.
SMALLEST = 40


def _palettized(bits: int, **options: Any) -> Compression:
    def table(weight: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        values, places = np.unique(weight, return_inverse=True)
        lut = np.concatenate([values, np.zeros(2**bits - len(values), weight.dtype)])
        return lut, places.reshape(weight.shape).astype(np.uint8)

    mode = (
        {"mode": "uniform", "nbits": bits} if options else {"mode": "custom", "lut_function": table}
    )
    config = cto.OpPalettizerConfig(weight_threshold=SMALLEST, **mode, **options)
    whole = cto.OptimizationConfig(config)
    return lambda model: cto.palettize_weights(model, whole)


def _quantized(*, joint: bool = False, **options: Any) -> Compression:
    config = cto.OpLinearQuantizerConfig(weight_threshold=SMALLEST, **options)
    whole = cto.OptimizationConfig(config)
    return lambda model: cto.linear_quantize_weights(model, whole, joint_compression=joint)


def _pruned(model: Any) -> Any:
    config = cto.OpThresholdPrunerConfig(
        threshold=1e-3, minimum_sparsity_percentile=0.0, weight_threshold=SMALLEST
    )
    return cto.prune_weights(model, cto.OptimizationConfig(config))


def _pruned_then_palettized(model: Any) -> Any:
    config = cto.OpPalettizerConfig(mode="uniform", nbits=2, weight_threshold=SMALLEST)
    whole = cto.OptimizationConfig(config)
    return cto.palettize_weights(_pruned(model), whole, joint_compression=True)


GROUPS: dict[str, Any] = {"granularity": "per_grouped_channel", "group_size": 4}
BLOCKS: dict[str, Any] = {"dtype": "int4", "granularity": "per_block", "block_size": 2}
SYMMETRIC: dict[str, Any] = {"mode": "linear_symmetric"}
#: The oldest target, how many values weights have, and what is done to them.
COMPRESSIONS: dict[str, tuple[Any, int, Compression]] = {
    "none": (OLD, 3, lambda model: model),
    "palette of 1 bit": (NEW, 2, _palettized(1)),
    **{f"palette of {bits} bits": (OLD, 3, _palettized(bits)) for bits in (2, 4, 6, 8)},
    "palette of 3 bits": (NEW, 3, _palettized(3)),
    "grouped palettes": (NEW, 2, _palettized(2, **GROUPS)),
    "int8": (OLD, 3, _quantized(mode="linear")),
    "symmetric int8": (OLD, 3, _quantized(**SYMMETRIC)),
    "blocks of int4": (NEW, 3, _quantized(mode="linear_symmetric", **BLOCKS)),
    "sparse of old": (OLD, 3, _pruned),
    "sparse": (NEW, 3, _pruned),
    "sparse palette": (NEW, 3, _pruned_then_palettized),
    "sparse int8": (NEW, 3, lambda model: _quantized(joint=True, **SYMMETRIC)(_pruned(model))),
    "palette of int8": (
        NEW, 3, lambda model: _quantized(joint=True, **SYMMETRIC)(_palettized(2)(model))),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_a_network_with_every_compression_computes_what_pytorch_does(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    models: dict[tuple[Any, int], tuple[Any, NDArray[Any]]] = {}
    worst = {}
    for compression, (target, values, compress) in COMPRESSIONS.items():
        if (target, values) not in models:
            models[target, values] = _converted(name, target, values, tmp_path)
        model, expected = models[target, values]
        package = tmp_path / f"{compression}.mlpackage"
        compress(model).save(str(package))
        worst[compression] = _error(package, name, expected)

    assert max(worst.values()) < 1e-2, worst
    record_property("compressed networks", len(worst))


def _converted(name: str, target: Any, values: int, folder: Path) -> tuple[Any, NDArray[Any]]:
    """The model as coremltools has it, and what PyTorch computes."""
    package = folder / f"{target.name}-{values}.mlpackage"
    inputs = {"x": SAMPLES[name].example()}
    (expected,) = convert_module(
        SAMPLES[name].network(values), inputs, ["y"], package, target=target
    )
    return ct.models.MLModel(str(package), skip_model_load=True), expected


def _error(package: Path, name: str, expected: NDArray[Any]) -> float:
    network = ReferenceRuntime(MlPackageReader()).load(package)
    computed = network.predict({"x": SAMPLES[name].example()})["y"]
    return float(np.linalg.norm(computed - expected) / np.linalg.norm(expected))
