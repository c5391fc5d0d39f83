"""Words that MIL does not have are refused, and never taken for another."""

from typing import Any

import pytest
import torch
from coreml_stable_diffusion.domain.errors import PredictionError
from samples.one_operation import assert_agrees

X = torch.ones(1, 2, 4, 4)
PLACES = {"coordinates": torch.zeros(1, 1, 1, 2), "padding_value": 0.0, "align_corners": True}
SEEN = PLACES | {"coordinates_mode": "unnormalized", "padding_mode": "border"}
WEIGHT = {"weight": torch.ones(2, 1, 1, 1)}
INDEXED = {"indices": torch.tensor([0]), "updates": torch.ones(1, 2, 4, 4)}


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("gelu", {"x": X, "mode": "ROUGH"}, "mode 'ROUGH'"),
        ("pad", {"x": X, "pad": [1, 1], "mode": "circular"}, "mode 'circular'"),
        ("conv", {"x": X, "pad_type": "full"} | WEIGHT, "pad_type 'full'"),
        ("conv_transpose", {"x": X, "pad_type": "full"} | WEIGHT, "pad_type 'full'"),
        ("max_pool", {"x": X, "kernel_sizes": [2, 2], "pad_type": "full"}, "pad_type 'full'"),
        ("scatter", {"data": X, "mode": "xor"} | INDEXED, "mode 'xor'"),
        ("quantize", {"input": X, "scale": 1.0, "output_dtype": "int5"}, "output_dtype 'int5'"),
        ("resample", {"x": X, "sampling_mode": "bicubic"} | SEEN, "sampling_mode 'bicubic'"),
        ("resample", {"x": X, "sampling_mode": "nearest"} | SEEN | {"padding_mode": "round"},
         "padding_mode 'round'"),
        ("resize", {"x": X, "shape": [2], "resized_dims": 1, "interpolation_mode": "CUBIC"},
         "interpolation_mode 'CUBIC'"),
        ("resize_bilinear", {"x": X, "sampling_mode": "CUBIC"}, "sampling_mode 'CUBIC'"),
        ("crop_resize", {"x": X, "boxes": torch.zeros(1, 4), "sampling_mode": "DEFAULT"},
         "sampling_mode 'DEFAULT'"),
    ],
)  # fmt: skip
def test_a_word_that_is_not_known_is_named(name: str, arguments: dict[str, Any], word: str) -> None:
    with pytest.raises(PredictionError, match=f"{word} is not known"):
        assert_agrees(name, arguments, X)
