"""Every weight of a UNet of Stability AI's form is found by every name that trainers write."""

import pytest
import torch
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.lora_names import by_module, changed_weight, low_rank_names
from diffusers import UNet2DConditionModel
from samples.single_files import unet_names

_PREFIX = "model.diffusion_model."


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    """The weights of Stable Diffusion XL's UNet, without numbers."""
    with torch.device("meta"):
        network = UNet2DConditionModel(
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            block_out_channels=(320, 640, 1280),
            transformer_layers_per_block=(1, 2, 10),
            cross_attention_dim=2048,
            attention_head_dim=(5, 10, 20),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=256,
            projection_class_embeddings_input_dim=2816,
        )
    return {name: each for name, each in network.state_dict().items() if name.endswith(".weight")}


def found(module: str, down: str, up: str, modules: dict[str, str]) -> str | None:
    (names,) = low_rank_names([f"{module}{down}", f"{module}{up}"])
    assert names.component is Component.UNET
    return changed_weight(names, modules, layers_per_block=2)


def test_kohyas_names_of_original_blocks(weights: dict[str, torch.Tensor]) -> None:
    modules = by_module(weights)
    original = unet_names(weights)

    for wanted, name in zip(weights, original, strict=True):
        module = name.removeprefix(_PREFIX).removesuffix(".weight").replace(".", "_")
        kohya = f"lora_unet_{module}", ".lora_down.weight", ".lora_up.weight"
        assert found(*kohya, modules) == wanted


@pytest.mark.parametrize(
    ("prefix", "separator", "down", "up"),
    [
        ("lora_unet_", "_", ".lora_down.weight", ".lora_up.weight"),
        ("unet.", ".", ".lora_A.weight", ".lora_B.weight"),
        ("unet.", ".", ".lora.down.weight", ".lora.up.weight"),
        ("base_model.model.", ".", ".lora_A.weight", ".lora_B.weight"),
    ],
)
def test_names_of_diffusers_blocks(
    weights: dict[str, torch.Tensor], prefix: str, separator: str, down: str, up: str
) -> None:
    modules = by_module(weights)

    for wanted in weights:
        module = prefix + wanted.removesuffix(".weight").replace(".", separator)
        assert found(module, down, up, modules) == wanted


def test_names_of_attention_processors() -> None:
    weight = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0.weight"
    module = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_out"

    names = found(module, "_lora.down.weight", "_lora.up.weight", by_module([weight]))

    assert names == weight
