"""Operations beside what coremltools computes when it folds constants."""

import copy
from collections.abc import Iterator
from typing import Any

import coremltools as ct
import numpy as np
import pytest
from coremltools.converters.mil import Builder
from coremltools.converters.mil.mil import Function
from numpy.typing import NDArray
from samples.one_operation import run_operation

RNG = np.random.default_rng(0)
X = RNG.standard_normal((2, 4, 3, 5)).astype(np.float32)
Y = RNG.standard_normal((2, 4, 3, 5)).astype(np.float32)
POSITIVE = np.abs(X) + np.float32(0.1)
ROW = RNG.standard_normal((3, 1)).astype(np.float32)
CHANNELS = RNG.standard_normal(4).astype(np.float32)
WHOLE = RNG.integers(1, 9, (2, 4, 3, 5)).astype(np.int32)
OTHER = RNG.integers(1, 9, (2, 4, 3, 5)).astype(np.int32)
TRUTH = X > 0

UNARY = "abs atan ceil cos erf exp exp2 floor round sign sin sinh square tan tanh cosh identity"
ACTIVATIONS = "relu relu6 sigmoid softplus softsign"
BINARY = "add sub mul real_div maximum minimum greater greater_equal less less_equal"
REDUCTIONS = "l1_norm l2_norm log_sum_exp max mean min prod sum sum_square"

CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {"x": X}) for name in (UNARY + " " + ACTIVATIONS).split()),
    *((name, {"x": POSITIVE}) for name in ("sqrt", "log", "rsqrt", "inverse")),
    *((name, {"x": X / 10}) for name in ("acos", "asin", "atanh")),
    *((name, {"x": X, "y": Y}) for name in BINARY.split()),
    *((name, {"x": X, "y": ROW}) for name in ("add", "mul", "sub")),
    *((name, {"x": WHOLE, "y": OTHER}) for name in ("floor_div", "mod", "equal", "not_equal")),
    *((name, {"x": TRUTH, "y": ~TRUTH}) for name in ("logical_and", "logical_or", "logical_xor")),
    ("logical_not", {"x": TRUTH}),
    ("pow", {"x": POSITIVE, "y": Y}),
    ("select", {"cond": TRUTH, "a": X, "b": Y}),
    ("clip", {"x": X, "alpha": -0.5, "beta": 0.25}),
    ("threshold", {"x": X, "alpha": 0.5}),
    *(("cast", {"x": 3 * X, "dtype": name}) for name in ("int32", "bool", "fp32")),
    ("clamped_relu", {"x": X, "alpha": 0.2, "beta": 0.7}),
    ("elu", {"x": X, "alpha": 0.7}),
    *(("gelu", {"x": X, "mode": mode}) for mode in ("EXACT", "TANH_APPROXIMATION")),
    ("gelu", {"x": X, "mode": "SIGMOID_APPROXIMATION"}),
    ("leaky_relu", {"x": X, "alpha": 0.3}),
    ("linear_activation", {"x": X, "alpha": 0.3, "beta": -1.0}),
    ("prelu", {"x": X, "alpha": CHANNELS}),
    ("scaled_tanh", {"x": X, "alpha": 0.3, "beta": 2.0}),
    ("sigmoid_hard", {"x": X, "alpha": 0.3, "beta": 0.4}),
    ("softplus_parametric", {"x": X, "alpha": CHANNELS, "beta": CHANNELS + 2}),
    ("thresholded_relu", {"x": X, "alpha": 0.4}),
    *(("softmax", {"x": X, "axis": axis}) for axis in (-1, 1)),
    *((f"reduce_{name}", {"x": X, "axes": [1, -1]}) for name in REDUCTIONS.split()),
    *((f"reduce_{name}", {"x": X, "keep_dims": True}) for name in REDUCTIONS.split()),
    ("reduce_log_sum", {"x": POSITIVE, "axes": [0]}),
    *((name, {"x": X, "axis": 1}) for name in ("reduce_argmax", "reduce_argmin")),
    ("reduce_argmax", {"x": X, "axis": 2, "keep_dims": True}),
    ("linear", {"x": X, "weight": X[0, 0], "bias": ROW[:, 0]}),
    ("matmul", {"x": X, "y": Y, "transpose_y": True}),
    ("matmul", {"x": X, "y": Y[0, 0], "transpose_x": True}),
    ("einsum", {"values": (X, Y.swapaxes(1, 3)), "equation": "nchw,nwhu->nchu"}),
    ("layer_norm", {"x": X, "axes": [-1], "gamma": X[0, 0, 0], "beta": X[0, 0, 1]}),
    ("layer_norm", {"x": X, "axes": [1], "gamma": CHANNELS, "epsilon": 1e-3}),
    ("l2_norm", {"x": X, "epsilon": 1e-3}),
    ("concat", {"values": (X, Y), "axis": -1}),
    ("stack", {"values": (X, Y), "axis": 1}),
    ("split", {"x": X, "num_splits": 2, "axis": 1}),
    ("split", {"x": X, "split_sizes": [1, 3, 1], "axis": -1}),
    ("reshape", {"x": X, "shape": [0, -1, 1, 5]}),
    ("flatten2d", {"x": X, "axis": 2}),
    ("shape", {"x": X}),
    ("expand_dims", {"x": X, "axes": [0, -1]}),
    ("squeeze", {"x": X[:, :1, :, :1], "axes": [1, -1]}),
    ("squeeze", {"x": X[:, :1]}),
    ("transpose", {"x": X, "perm": [0, -1, 1, 2]}),
    ("tile", {"x": X, "reps": [1, 2, 1, 3]}),
    ("reverse", {"x": X, "axes": [1, -1]}),
    ("pad", {"x": X, "pad": [1, 2, 0, 3], "mode": "constant", "constant_val": 0.5}),
    ("pad", {"x": X, "pad": [0, 0, 1, 1, 2, 0, 1, 3], "mode": "reflect"}),
    ("pad", {"x": X, "pad": [1, 2], "mode": "replicate"}),
    ("slice_by_index", {"x": X, "begin": [0, 1, 0, 1], "end": [1, 3, 2, 4]}),
    ("slice_by_size", {"x": X, "begin": [0, 1, 0, 2], "size": [1, 2, 3, -1]}),
    ("gather", {"x": X, "indices": [[2, 0], [-1, 1]], "axis": 1}),
    ("gather", {"x": X, "indices": [[1, 0], [2, 2]], "axis": 2, "batch_dims": 1}),
    ("gather", {"x": X, "indices": 1, "axis": 3}),
    ("gather_along_axis", {"x": X, "indices": WHOLE % 3, "axis": 2}),
    ("scatter_along_axis", {"data": X, "indices": WHOLE[:, :, :1] % 3, "updates": Y[:, :, :1],
                            "axis": 2, "mode": "update"}),
    ("argsort", {"x": X, "axis": 1}),
    ("argsort", {"x": X, "axis": -1, "ascending": True}),
    ("topk", {"x": X, "k": 2, "axis": 1}),
    ("topk", {"x": X, "k": 2, "axis": -1, "ascending": True}),
    ("quantize", {"input": 50 * X, "scale": CHANNELS + 3, "axis": 1, "output_dtype": "int8",
                  "zero_point": np.array([1, -2, 3, 4], np.int8)}),
    ("quantize", {"input": 50 * X, "scale": np.float32(0.5), "output_dtype": "uint8"}),
    ("cumsum", {"x": X, "axis": 1, "reverse": True}),
    ("cumsum", {"x": X, "axis": -1}),
    ("band_part", {"x": X[0, 0], "lower": 1, "upper": 0}),
    ("band_part", {"x": X[0, 0], "lower": -1, "upper": 2}),
    ("band_part", {"x": X[0, 0], "lower": 0, "upper": -1}),
    ("fill", {"shape": [2, 3], "value": 1.5}),
    ("fill_like", {"ref_tensor": X, "value": 1.5}),
    ("range_1d", {"start": 1, "end": 8, "step": 3}),
    ("non_zero", {"x": (X[0, 0] > 0).astype(np.float32)}),
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _folding() -> Iterator[None]:
    with Function({}, opset_version=ct.target.iOS17):
        yield


@pytest.mark.parametrize(("name", "arguments"), CASES, ids=lambda each: str(each)[:24])
def test_an_operation_computes_what_coremltools_folds(name: str, arguments: dict[str, Any]) -> None:
    expected = _folded(name, arguments)
    computed = run_operation(name, arguments, expected)

    for one, other in zip(computed, expected, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=2e-6)


def _folded(name: str, arguments: dict[str, Any]) -> list[NDArray[Any]]:
    # Copies, since some of coremltools' own folding writes into its arguments.
    result = getattr(Builder, name)(**copy.deepcopy(arguments))
    variables = result if isinstance(result, (list, tuple)) else [result]
    assert all(each.val is not None for each in variables), "coremltools does not fold this"
    return [np.asarray(each.val) for each in variables]
