"""Pictures seen at points, windows and blocks, beside PyTorch and what the documentation says."""

from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import PredictionError
from samples.one_operation import assert_agrees
from torch import Tensor
from torch.nn import functional

GENERATOR = torch.Generator().manual_seed(0)
X = torch.randn(2, 3, 6, 7, generator=GENERATOR)
POINTS = torch.rand(2, 4, 5, 2, generator=GENERATOR) * 3 - 1.5
OPTIONS: dict[str, Any] = {
    "sampling_mode": "bilinear",
    "padding_mode": "constant",
    "padding_value": 0.0,
    "coordinates_mode": "normalized_minus_one_to_one",
    "align_corners": True,
}


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("padding", ["constant", "border"])
@pytest.mark.parametrize("mode", ["bilinear", "nearest"])
def test_resampling_matches_pytorch(mode: str, padding: str, *, aligned: bool) -> None:
    torch_padding = {"constant": "zeros"}.get(padding, padding)
    expected = functional.grid_sample(X, POINTS, mode, torch_padding, aligned)
    chosen = {"sampling_mode": mode, "padding_mode": padding, "align_corners": aligned}

    assert_agrees("resample", {"x": X, "coordinates": POINTS} | OPTIONS | chosen, expected)


@pytest.mark.parametrize(
    ("mode", "numpy_mode"),
    [
        ("border", "edge"),
        ("reflection", "reflect"),
        ("symmetric", "symmetric"),
        ("constant", "constant"),
    ],
)
def test_what_lies_beyond_the_picture_is_what_numpy_pads(mode: str, numpy_mode: Any) -> None:
    filling = {"constant_values": 7.0} if mode == "constant" else {}
    padded = np.pad(X.numpy(), ((0, 0), (0, 0), (3, 3), (3, 3)), numpy_mode, **filling)
    rows, columns = torch.meshgrid(torch.arange(-3, 9), torch.arange(-3, 10), indexing="ij")
    pixels = torch.stack([columns, rows], -1).float().expand(2, 12, 13, 2)
    chosen = {"padding_mode": mode, "padding_value": 7.0, "coordinates_mode": "unnormalized"}

    arguments = {"x": X, "coordinates": pixels} | OPTIONS | chosen
    assert_agrees("resample", arguments, torch.from_numpy(padded))


def test_coordinates_from_zero_to_one_span_the_picture() -> None:
    corners = torch.tensor([[[[0.0, 0.0], [1.0, 1.0]]]]).expand(2, 1, 2, 2).clone()
    expected = torch.stack([X[:, :, 0, 0], X[:, :, -1, -1]], -1)[:, :, None]
    chosen = {"coordinates_mode": "normalized_zero_to_one"}

    assert_agrees("resample", {"x": X, "coordinates": corners} | OPTIONS | chosen, expected)


def test_unknown_coordinates_stop_the_prediction() -> None:
    arguments = {"x": X, "coordinates": POINTS} | OPTIONS | {"coordinates_mode": "polar"}

    with pytest.raises(PredictionError, match="coordinates_mode 'polar' is not known"):
        assert_agrees("resample", arguments, X)


@pytest.mark.parametrize("matrices", [1, 2])
def test_affine_transforms_match_pytorch(matrices: int) -> None:
    matrix = torch.randn(matrices, 6, generator=GENERATOR)
    grid = functional.affine_grid(matrix.reshape(-1, 2, 3).expand(2, 2, 3), [2, 3, 4, 5], True)
    expected = functional.grid_sample(X, grid, align_corners=True)
    arguments = {"x": X, "transform_matrix": matrix, "output_height": 4, "output_width": 5}

    assert_agrees("affine", arguments | OPTIONS, expected)


def test_resizing_of_several_axes_matches_pytorch() -> None:
    sizes = {"shape": [9, 0, 4], "resized_dims": 2}
    halves = {"sampling_mode": "UNALIGN_CORNERS"}
    nearest = {"interpolation_mode": "NEAREST_NEIGHBOR"}

    assert_agrees("resize", {"x": X} | sizes | nearest, functional.interpolate(X, (6, 4)))
    assert_agrees(
        "resize",
        {"x": X} | sizes | halves,
        functional.interpolate(X, (6, 4), mode="bilinear", align_corners=False),
    )


def test_nearest_neighbours_elsewhere_than_by_default_are_refused() -> None:
    arguments = {
        "x": X,
        "shape": [4, 4],
        "resized_dims": 2,
        "interpolation_mode": "NEAREST_NEIGHBOR",
        "sampling_mode": "ALIGN_CORNERS",
    }

    with pytest.raises(PredictionError, match="ALIGN_CORNERS"):
        assert_agrees("resize", arguments, X)


def test_sliding_windows_are_what_numpy_slides() -> None:
    windows = np.lib.stride_tricks.sliding_window_view(X.numpy(), 3, axis=2)[:, :, ::2]
    expected = torch.from_numpy(np.moveaxis(windows, -1, 3).copy())

    assert_agrees("sliding_windows", {"x": X, "axis": -2, "size": 3, "stride": 2}, expected)


def test_space_moves_into_the_batch_and_back() -> None:
    padded = functional.pad(X, [1, 1, 0, 0])
    blocks = torch.cat([padded[:, :, row::2, column::3] for row in range(2) for column in range(3)])
    moved = {"block_shape": [2, 3]}
    edges = [[0, 0], [1, 1]]

    assert_agrees("space_to_batch", {"x": X, "paddings": edges} | moved, blocks)
    assert_agrees("batch_to_space", {"x": blocks, "crops": edges} | moved, X)


def test_the_first_of_a_sequence_turn_round() -> None:
    lengths = [4, 0, 7]
    expected: Tensor = X.clone()
    for channel, length in enumerate(lengths):
        expected[:, channel, :, :length] = X[:, channel, :, :length].flip(-1)
    arguments = {"x": X, "lengths": lengths, "seq_axis": 3, "batch_axis": 1}

    assert_agrees("reverse_sequence", arguments, expected)
