"""Compressed packages compute exactly what coremltools' own decompression of them does."""

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
from samples.packages import convert_module
from torch import nn

X = np.random.default_rng(3).standard_normal((1, 16)).astype(np.float32)

Compression = Callable[[Any], Any]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One linear layer for each of the two generations of compressed weights."""
    folder = tmp_path_factory.mktemp("dense")
    made = {}
    for name, target in {"iOS16": ct.target.iOS16, "iOS18": ct.target.iOS18}.items():
        package = folder / f"{name}.mlpackage"
        convert_module(nn.Linear(16, 24), {"x": X}, ["y"], package, target=target)
        made[name] = ct.models.MLModel(str(package), skip_model_load=True)
    return made


def _palettized(bits: int, *, joint: bool = False, **options: Any) -> Compression:
    config = cto.OpPalettizerConfig(mode="uniform", nbits=bits, weight_threshold=1, **options)
    whole = cto.OptimizationConfig(config)
    return lambda model: cto.palettize_weights(model, whole, joint_compression=joint)


def _quantized(*, joint: bool = False, **options: Any) -> Compression:
    config = cto.OpLinearQuantizerConfig(weight_threshold=1, **options)
    whole = cto.OptimizationConfig(config)
    return lambda model: cto.linear_quantize_weights(model, whole, joint_compression=joint)


def _pruned(model: Any) -> Any:
    config = cto.OpMagnitudePrunerConfig(target_sparsity=0.6, weight_threshold=1)
    return cto.prune_weights(model, cto.OptimizationConfig(config))


def _pruned_then(second: Compression) -> Compression:
    return lambda model: second(_pruned(model))


GROUPS: dict[str, Any] = {"granularity": "per_grouped_channel", "group_size": 8}
BLOCKS: dict[str, Any] = {"dtype": "int4", "granularity": "per_block", "block_size": 4}
CASES: list[tuple[str, str, Compression]] = [
    *(("iOS16", "constexpr_lut_to_dense", _palettized(bits)) for bits in (1, 2, 4, 6, 8)),
    ("iOS16", "constexpr_affine_dequantize", _quantized(mode="linear")),
    ("iOS16", "constexpr_affine_dequantize", _quantized(mode="linear_symmetric")),
    ("iOS16", "constexpr_sparse_to_dense", _pruned),
    ("iOS18", "constexpr_lut_to_dense", _palettized(3)),
    ("iOS18", "constexpr_lut_to_dense", _palettized(4, **GROUPS)),
    ("iOS18", "constexpr_blockwise_shift_scale", _quantized(mode="linear", **BLOCKS)),
    ("iOS18", "constexpr_sparse_to_dense", _pruned),
    ("iOS18", "constexpr_lut_to_sparse", _pruned_then(_palettized(2, joint=True))),
    (
        "iOS18",
        "constexpr_sparse_blockwise_shift_scale",
        _pruned_then(_quantized(mode="linear_symmetric", joint=True)),
    ),
]


@pytest.mark.parametrize(("generation", "operation", "compress"), CASES)
def test_compressed_weights_decompress_exactly(
    generation: str,
    operation: str,
    compress: Compression,
    models: dict[str, Any],
    tmp_path: Path,
) -> None:
    compressed = compress(models[generation])
    compressed.save(str(tmp_path / "small.mlpackage"))
    cto.decompress_weights(compressed).save(str(tmp_path / "whole.mlpackage"))

    assert operation in _operations(tmp_path / "small.mlpackage")
    assert operation not in _operations(tmp_path / "whole.mlpackage")
    small, whole = (_computed(tmp_path / f"{each}.mlpackage") for each in ("small", "whole"))
    assert np.array_equal(small, whole)


def _operations(package: Path) -> set[str]:
    body = MlPackageReader().read(package).main_function.body
    return {each.type for each in body.operations}


def _computed(package: Path) -> NDArray[Any]:
    return ReferenceRuntime(MlPackageReader()).load(package).predict({"x": X})["y"]
