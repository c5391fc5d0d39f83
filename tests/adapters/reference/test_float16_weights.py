"""What is stored in float16 is computed with in float32."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.reference.fused import OPERATIONS as FUSED
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import build_network
from coreml_stable_diffusion.adapters.reference.ops.catalogue import OPERATIONS
from coreml_stable_diffusion.adapters.reference.prepacking import prepacked
from samples.calls import layer
from samples.programs import const, constant, operation, program

FUNCTIONS: dict[str, Callable[..., Any]] = {**OPERATIONS, **FUSED}
PACKAGE = Path("some.mlpackage")
X = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.mark.parametrize(("kind", "weight", "x", "shape"), [
    ("linear", (8, 3), (2, 3), (2, 8)),
    ("fused.gated_linear", (8, 3), (2, 3), (2, 4)),
    ("conv", (8, 3, 1, 1), (2, 3, 4, 4), (2, 8, 4, 4)),
    ("conv", (64, 64, 3, 3), (2, 64, 32, 32), (2, 64, 32, 32)),
    ("conv", (512, 64, 3, 3), (1, 64, 3, 3), (1, 512, 3, 3)),
    ("conv", (4, 3, 3), (2, 3, 9), (2, 4, 7)),
], ids=["linear", "gated", "pointwise", "tiles", "patches", "plain"])  # fmt: skip
def test_weights_may_come_in_float16(
    kind: str, weight: tuple[int, ...], x: tuple[int, ...], shape: tuple[int, ...]
) -> None:
    settled: dict[str, Any] = {"weight": torch.randn(weight).half()}
    settled["bias"] = torch.randn(weight[0]).half()
    settled |= {"pad_type": "same"} if weight[2:] == (3, 3) else {}
    tensors = {"x": torch.randn(x)}
    stored = layer(kind, FUNCTIONS[kind], shape=shape, **settled)

    (computed,) = prepacked(stored, lambda: True).results(tensors).values()
    (expected,) = stored.in_float32().results(tensors).values()

    assert computed.dtype is torch.float32
    torch.testing.assert_close(computed, expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("mode", Mode)
def test_constants_in_float16_are_computed_with_in_float32(mode: Mode) -> None:
    half = constant(np.float16(60000))
    steps = [operation("add", ["sum"], x=half, y=half), operation("add", ["y"], x="x", y="sum")]

    network = build_network(PACKAGE, program(steps, {"x": X}, {"y": X}), mode)

    assert np.array_equal(network.predict({"x": X})["y"], X + 120000)


def test_a_constant_output_in_float16_is_given_as_declared() -> None:
    described = program([const("y", X.astype(np.float16))], {"x": X}, {"y": X})

    assert np.array_equal(build_network(PACKAGE, described, Mode.FAST).predict({"x": X})["y"], X)
