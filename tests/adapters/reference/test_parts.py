"""Weights in parts of their outputs."""

import pytest
import torch
from coreml_stable_diffusion.adapters.reference.parts import in_parts, parts


@pytest.mark.parametrize(("outputs", "number"), [
    (1, 1), (320, 1), (640, 1), (641, 1), (960, 2), (1280, 2), (1920, 3), (2560, 4), (2570, 5),
])  # fmt: skip
def test_parts_are_equal_and_neither_large_nor_small(outputs: int, number: int) -> None:
    assert parts(outputs) == number


@pytest.mark.parametrize("stored", [torch.float16, torch.float32])
def test_a_weight_lies_by_part_and_place_of_its_kernel(stored: torch.dtype) -> None:
    weight = torch.randn(1280, 3, 2, 5).to(stored)

    placed = in_parts(weight)

    assert placed.shape == (2, 10, 3, 640)
    assert placed.dtype is torch.float32
    assert torch.equal(placed[1, 7, 2], weight[640:, 2, 1, 2].float())
