"""The configurations of published models are found out from the shapes of their weights.

The values are those of the configuration files that Stability AI and Runway published.
"""

from typing import Any

import pytest
import torch
from coreml_stable_diffusion.adapters.pytorch.original_configs import unet_config, vae_config
from diffusers import AutoencoderKL, UNet2DConditionModel
from samples.single_files import unet_names, vae_names

_XL = {
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
}
_CROSS, _PLAIN = "CrossAttnDownBlock2D", "DownBlock2D"
PUBLISHED: dict[str, dict[str, Any]] = {
    "stable diffusion 1.5": {
        "sample_size": 64,
        "cross_attention_dim": 768,
        "attention_head_dim": 8,
        "block_out_channels": [320, 640, 1280, 1280],
        "down_block_types": [_CROSS, _CROSS, _CROSS, _PLAIN],
    },
    "stable diffusion 2.1": {
        "sample_size": 96,
        "cross_attention_dim": 1024,
        "attention_head_dim": [5, 10, 20, 20],
        "use_linear_projection": True,
        "block_out_channels": [320, 640, 1280, 1280],
        "down_block_types": [_CROSS, _CROSS, _CROSS, _PLAIN],
    },
    "inpainting": {
        "sample_size": 64,
        "in_channels": 9,
        "cross_attention_dim": 768,
        "attention_head_dim": 8,
        "block_out_channels": [320, 640, 1280, 1280],
        "down_block_types": [_CROSS, _CROSS, _CROSS, _PLAIN],
    },
    "xl": {
        **_XL,
        "sample_size": 128,
        "cross_attention_dim": 2048,
        "attention_head_dim": [5, 10, 20],
        "block_out_channels": [320, 640, 1280],
        "transformer_layers_per_block": [1, 2, 10],
        "projection_class_embeddings_input_dim": 2816,
        "down_block_types": [_PLAIN, _CROSS, _CROSS],
    },
    "xl refiner": {
        **_XL,
        "sample_size": 128,
        "cross_attention_dim": 1280,
        "attention_head_dim": [6, 12, 24, 24],
        "block_out_channels": [384, 768, 1536, 1536],
        "transformer_layers_per_block": 4,
        "projection_class_embeddings_input_dim": 2560,
        "down_block_types": [_PLAIN, _CROSS, _CROSS, _PLAIN],
    },
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_unet_of_a_published_model_is_recognised(name: str) -> None:
    published = PUBLISHED[name]
    up = [each.replace("Down", "Up") for each in reversed(published["down_block_types"])]
    with torch.device("meta"):
        network = UNet2DConditionModel(**published, up_block_types=up)

    found = unet_config(shapes(unet_names(network.state_dict())), published["sample_size"])

    assert {key: found[key] for key in published if key != "transformer_layers_per_block"} == {
        key: value for key, value in published.items() if key != "transformer_layers_per_block"
    }
    with torch.device("meta"):
        again = UNet2DConditionModel.from_config(found)
    assert shapes(again.state_dict()) == shapes(network.state_dict())


def test_the_vae_of_all_published_models_is_recognised() -> None:
    with torch.device("meta"):
        network = AutoencoderKL(
            block_out_channels=(128, 256, 512, 512),
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            layers_per_block=2,
            latent_channels=4,
        )

    found = vae_config(shapes(vae_names(network.state_dict())))

    with torch.device("meta"):
        again = AutoencoderKL.from_config(found)
    assert shapes(again.state_dict()) == shapes(network.state_dict())
    assert found["scaling_factor"] == 0.18215


def shapes(tensors: dict[str, torch.Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}
