"""The networks of Stable Diffusion in small, beside PyTorch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import coremltools as ct
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from diffusers import AutoencoderKL, UNet2DConditionModel
from numpy.typing import NDArray
from samples.modules import randomised
from samples.packages import Arrays, convert_module
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel

RNG = np.random.default_rng(5)


class _UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.unet = UNet2DConditionModel(
            sample_size=16,
            block_out_channels=(32, 64),
            layers_per_block=1,
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
            cross_attention_dim=32,
            attention_head_dim=4,
            norm_num_groups=8,
        )

    def forward(self, sample: Tensor, timestep: Tensor, states: Tensor) -> Tensor:
        noise: Tensor = self.unet(sample, timestep, states, return_dict=False)[0]
        return noise


class _VaeDecoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.vae = AutoencoderKL(
            block_out_channels=(32, 64),
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            norm_num_groups=8,
        )

    def forward(self, latents: Tensor) -> Tensor:
        image: Tensor = self.vae.decode(latents, return_dict=False)[0]
        return image


class _VaeEncoder(_VaeDecoder):
    def forward(self, image: Tensor) -> Tensor:
        latents: Tensor = self.vae.quant_conv(self.vae.encoder(image))
        return latents


class _TextEncoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        config = CLIPTextConfig(
            vocab_size=1000,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            bos_token_id=998,
            eos_token_id=999,
        )
        self.encoder = CLIPTextModel(config)

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        states = self.encoder(ids.long(), return_dict=False)
        return states[0], states[1]


def _normal(*shape: int) -> NDArray[np.float32]:
    return RNG.standard_normal(shape).astype(np.float32)


_IDS = RNG.integers(0, 990, (1, 77)).astype(np.int32)
_IDS[0, 9:] = 999

NETWORKS: dict[str, tuple[type[nn.Module], Arrays, Sequence[str]]] = {
    "unet": (
        _UNet,
        {"sample": _normal(2, 4, 16, 16), "timestep": np.array([37, 37], np.float32),
         "states": _normal(2, 77, 32)},
        ["noise"],
    ),
    "VAE decoder": (_VaeDecoder, {"latents": _normal(1, 4, 8, 8)}, ["image"]),
    "VAE encoder": (_VaeEncoder, {"image": _normal(1, 3, 16, 16)}, ["latents"]),
    "text encoder": (_TextEncoder, {"ids": _IDS}, ["states", "pooled"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("VAE decoder", ct.target.macOS13),
        ("VAE encoder", ct.target.macOS13),
        ("text encoder", ct.target.macOS13),
        ("text encoder", ct.target.macOS14),  # whose gather takes 16 bit indices
        ("text encoder", ct.target.macOS15),
        ("unet", ct.target.macOS13),
        ("unet", ct.target.macOS15),  # which has attention as one operation
    ],
)
def test_a_network_computes_what_pytorch_does(name: str, target: Any, tmp_path: Path) -> None:
    kind, inputs, outputs = NETWORKS[name]
    package = tmp_path / "network.mlpackage"
    expected = convert_module(randomised(kind()), inputs, outputs, package, target=target)

    fast, exact = (_outputs(package, mode, inputs) for mode in (Mode.FAST, Mode.EXACT))

    for output, reference in zip(outputs, expected, strict=True):
        assert _relative_error(fast[output], reference) < 5e-3
        assert _relative_error(fast[output], exact[output]) < 1e-5


def _outputs(package: Path, mode: Mode, inputs: Arrays) -> dict[str, NDArray[Any]]:
    network = ReferenceRuntime(MlPackageReader(), mode=mode).load(package)
    return dict(network.predict(inputs))


def _relative_error(computed: NDArray[Any], expected: NDArray[Any]) -> float:
    difference = computed.astype(np.float64) - expected
    return float(np.linalg.norm(difference) / np.linalg.norm(expected))
