"""Conversion without weights in memory gives what coremltools gives with them, byte for byte."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.coreml.network_converter import CoremltoolsConverter
from coreml_stable_diffusion.adapters.packages.model_decoder import MlModelDecoder
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.adapters.pytorch.attention import write_attention
from coreml_stable_diffusion.adapters.pytorch.late_tensor import LateTensor
from coreml_stable_diffusion.adapters.pytorch.tracing import trace
from coreml_stable_diffusion.adapters.pytorch.unet import unet
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import (
    AttentionImplementation,
    ComputePrecision,
    ConversionPlan,
)
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.errors import ConversionFailed
from diffusers import UNet2DConditionModel
from fakes.checkpoints import fake_checkpoint
from samples.modules import randomised
from samples.streamed_packages import assert_equal, convert_plainly, late, rounded, square, stream
from torch import nn

_BLOCKS: dict[str, Any] = {
    "sample_size": 8,
    "block_out_channels": (32, 64),
    "layers_per_block": 1,
    "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    "cross_attention_dim": 32,
}
CONFIGS: dict[str, dict[str, Any]] = {
    "like SD 1": {**_BLOCKS, "attention_head_dim": 4},
    "like SD 2": {**_BLOCKS, "attention_head_dim": (2, 4), "use_linear_projection": True},
}


class Untrained(nn.Module):
    """Layers whose weights are equal, as a new ControlNet's zeros are, or nearly."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third, fourth = (nn.Linear(128, 128) for _ in range(4))
        with torch.no_grad():
            second.weight.copy_(first.weight)
            third.weight.copy_(first.weight)
            third.weight[-1, -1] += 1
        self.layers = nn.Sequential(first, second, third, fourth)

    def forward(self, x: torch.Tensor) -> Any:
        return self.layers(x)


class TooLarge(nn.Module):
    """A weight that float16 has not."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(128, 128)
        nn.init.constant_(self.layer.weight, 1e5)

    def forward(self, x: torch.Tensor) -> Any:
        return self.layer(x) * 1e-5


class Rewritten(nn.Module):
    """A convolution with the weight of a linear layer, and a quotient of two."""

    def __init__(self, linear: nn.Linear, scale: torch.Tensor) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(128, 128, 1, bias=False, device="meta")
        self.convolution.weight = nn.Parameter(linear.weight[:, :, None, None])
        self.shift = nn.Parameter(linear.weight / scale)

    def forward(self, x: torch.Tensor) -> Any:
        return self.convolution(x[:, :, None, None]) + self.shift[:, :, None, None]


@pytest.fixture
def checkpoint() -> Checkpoint:
    return fake_checkpoint("model")


@pytest.mark.parametrize(
    ("config", "plan"),
    [
        ("like SD 1", ConversionPlan(precision=ComputePrecision.FLOAT32)),
        ("like SD 1", ConversionPlan()),
        ("like SD 2", ConversionPlan(attention=AttentionImplementation.SPLIT_EINSUM)),
        (
            "like SD 1",
            ConversionPlan(
                attention=AttentionImplementation.SPLIT_EINSUM_V2,
                latent_height=24,
                latent_width=24,
            ),
        ),
    ],
    ids=["SD 1 in float32", "SD 1", "SD 2 for the Neural Engine", "SD 1 for that of phones"],
)
def test_a_unet_is_the_same(
    config: str, plan: ConversionPlan, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    made = (randomised(UNet2DConditionModel(**CONFIGS[config])) for _ in range(2))
    one, other = late(next(made)), rounded(next(made))
    for network in (one, other):
        write_attention(network, plan.attention, plan.latent_size(checkpoint))

    ours = stream(unet(one, checkpoint, plan), plan, tmp_path / "ours.mlpackage")
    theirs = convert_plainly(unet(other, checkpoint, plan), plan, tmp_path / "theirs.mlpackage")

    assert_equal(ours, theirs)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("kind", [Untrained, TooLarge])
def test_what_is_equal_or_too_large_for_float16_is_treated_the_same(
    kind: type[nn.Module], dtype: torch.dtype, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    one = kind()
    torch.manual_seed(0)
    other = kind()
    plan = ConversionPlan()

    ours = stream(square(late(one, dtype)), plan, tmp_path / "ours.mlpackage")
    theirs = convert_plainly(square(rounded(other, dtype)), plan, tmp_path / "theirs.mlpackage")

    assert_equal(ours, theirs)


def test_rewritten_weights_are_the_same(tmp_path: Path) -> None:
    linear, scale, plan = (
        rounded(randomised(nn.Linear(128, 128))),
        torch.rand(128),
        ConversionPlan(),
    )
    plain = square(Rewritten(linear, scale).eval())
    theirs = convert_plainly(plain, plan, tmp_path / "theirs.mlpackage")

    rewritten = square(Rewritten(late(linear), scale).eval())
    ours = stream(rewritten, plan, tmp_path / "ours.mlpackage")

    assert_equal(ours, theirs)


def test_weights_that_went_away_are_told_by_the_network(tmp_path: Path) -> None:
    file = tmp_path / "weights"
    np.zeros((128, 128), np.float16).tofile(file)
    like = torch.empty(128, 128, dtype=torch.float16, device="meta")
    network = nn.Linear(128, 128, bias=False)
    network.weight = nn.Parameter(
        LateTensor(like, lambda: torch.from_numpy(np.fromfile(file, np.float16)).view(128, 128)),
        requires_grad=False,
    )
    network.float()
    traced = trace(network, [(1, 128)])
    edge = square(network)
    recorded = TracedNetwork(
        component=Component.UNET,
        graph=traced.graph,
        inputs=edge.inputs,
        outputs=edge.outputs,
        weights=traced.weights,
    )
    program = CoremltoolsConverter(MlModelDecoder()).convert(recorded, ConversionPlan())
    file.unlink()

    with pytest.raises(ConversionFailed, match="the UNet could not be converted: a weight cannot"):
        MlPackageWriter().write(program, tmp_path / "gone.mlpackage")
