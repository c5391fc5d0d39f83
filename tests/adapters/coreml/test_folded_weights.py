"""What coremltools computes with weights that are not in memory is right, or refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.coreml.patches import Patch, patched
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.errors import ConversionFailed
from samples.streamed_packages import assert_equal, convert_plainly, late, rounded, square, stream
from torch import nn


class Folded(nn.Module):
    """A weight that coremltools computes with, and one number of it."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(128, 128))

    def forward(self, x: torch.Tensor) -> Any:
        return x @ (self.weight * 0.5) + self.weight.sum()


def test_what_coremltools_computes_with_weights_is_the_same(tmp_path: Path) -> None:
    torch.manual_seed(0)
    plain, plan = Folded(), ConversionPlan()
    theirs = convert_plainly(square(rounded(plain)), plan, tmp_path / "theirs.mlpackage")

    torch.manual_seed(0)
    ours = stream(square(late(Folded())), plan, tmp_path / "ours.mlpackage")

    assert_equal(ours, theirs)


def reach_past(original: Callable[..., Any]) -> Callable[..., Any]:
    """As a pass in C would, which asks NumPy for nothing."""
    return lambda operation: (
        original(operation)
        if operation.x.val is None or operation.y.val is None
        else operation.get_operator()(np.asarray(operation.x.val), operation.y.val)
    )


def test_what_is_computed_behind_numpys_back_is_refused(tmp_path: Path) -> None:
    operations = "coremltools.converters.mil.mil.ops.defs.iOS15.elementwise_binary"
    folding = Patch(f"{operations}:elementwise_binary.value_inference", reach_past)

    with (
        patched(folding),
        pytest.raises(ConversionFailed, match=r"could not be converted: \w+ has no numbers"),
    ):
        stream(square(late(Folded())), ConversionPlan(), tmp_path / "never.mlpackage")
