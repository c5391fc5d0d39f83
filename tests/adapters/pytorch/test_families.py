"""What the configurations of all families tell, and which edges their UNets get."""

import inspect
from pathlib import Path

import pytest
import torch
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.pytorch.network_tracer import TorchTracer
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.errors import (
    InvalidRequest,
    MismatchedCheckpoint,
    NotACheckpoint,
    UnsupportedCheckpoint,
)
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from diffusers import StableDiffusionXLPipeline, UNet2DConditionModel
from samples.changed_json import change_json
from samples.checkpoints import (
    write_checkpoint,
    write_distilled_checkpoint,
    write_refiner,
    write_xl_checkpoint,
)
from samples.controlnets import write_controlnet, write_xl_controlnet
from samples.recordings import record_with_numbers

BOTH_TEXT_ENCODERS = {Component.TEXT_ENCODER, Component.TEXT_ENCODER_2}


@pytest.fixture
def xl(tmp_path: Path) -> Checkpoint:
    write_xl_checkpoint(tmp_path / "xl")
    return DiffusersFolder().open(str(tmp_path / "xl"))


@pytest.fixture
def sd(tiny_checkpoint: Path) -> Checkpoint:
    return DiffusersFolder().open(str(tiny_checkpoint))


def test_xl_has_two_text_encoders_and_a_vae_for_float32(xl: Checkpoint) -> None:
    assert xl.facts.family is ModelFamily.SDXL
    assert set(xl.components) >= BOTH_TEXT_ENCODERS
    assert (xl.facts.padding_token, xl.facts.padding_token_2) == ("<|endoftext|>", "!")
    assert xl.facts.vae_needs_float32
    assert xl.facts.force_zeros_for_empty_prompt
    usual = inspect.signature(StableDiffusionXLPipeline.__call__)
    assert xl.facts.guidance_scale == usual.parameters["guidance_scale"].default
    assert not xl.facts.requires_aesthetics_score


def test_a_vae_that_is_said_to_bear_float16_is_believed(xl: Checkpoint) -> None:
    change_json(xl.folder / "vae" / "config.json", force_upcast=False)

    assert not DiffusersFolder().open(str(xl.folder)).facts.vae_needs_float32


def test_only_xl_needs_float32_whatever_the_configuration_says(sd: Checkpoint) -> None:
    # diffusers writes `force_upcast` into every VAE's configuration, and reads it in XL alone.
    assert not sd.facts.vae_needs_float32


def test_a_refiner_has_one_text_encoder_and_scores_pictures(tmp_path: Path) -> None:
    write_refiner(tmp_path / "refiner")

    refiner = DiffusersFolder().open(str(tmp_path / "refiner"))

    assert refiner.facts.family is ModelFamily.SDXL_REFINER
    assert BOTH_TEXT_ENCODERS & set(refiner.components) == {Component.TEXT_ENCODER_2}
    assert refiner.facts.requires_aesthetics_score
    assert (refiner.facts.text_length, refiner.facts.padding_token_2) == (77, "!")


def test_what_a_unet_takes_besides_latents_is_told(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "instructed", in_channels=8)
    write_distilled_checkpoint(tmp_path / "distilled")

    instructed, distilled = (
        DiffusersFolder().open(str(tmp_path / name)) for name in ("instructed", "distilled")
    )

    assert (instructed.facts.unet_channels, distilled.facts.unet_channels) == (8, 4)
    assert instructed.facts.guidance_embedding_width is None
    assert distilled.facts.guidance_embedding_width == 16
    (sample, *_) = TorchTracer().trace(instructed, Component.UNET, ConversionPlan()).inputs
    assert sample.shape == (2, 8, 8, 8)
    assert "the picture to change" in sample.description


def test_a_control_unet_of_xl_is_diffusers_in_apples_order(xl: Checkpoint) -> None:
    original = UNet2DConditionModel.from_pretrained(xl.folder / "unet").eval()

    traced = record_with_numbers(xl, Component.CONTROL_UNET, ConversionPlan(unet_batch_one=True))

    assert {spec.name: spec.shape for spec in traced.inputs} == {
        "sample": (1, 4, 8, 8),
        "timestep": (1,),
        "encoder_hidden_states": (1, 96, 1, 77),
        "time_ids": (1, 6),
        "text_embeds": (1, 64),
        "additional_residual_0": (1, 32, 8, 8),
        "additional_residual_1": (1, 32, 8, 8),
        "additional_residual_2": (1, 32, 4, 4),
        "additional_residual_3": (1, 64, 4, 4),
        "additional_residual_4": (1, 64, 4, 4),
    }
    generator = torch.Generator().manual_seed(1)
    inputs = [torch.rand(spec.shape, generator=generator) for spec in traced.inputs]
    sample, timestep, texts, sizes, pooled, *down, middle = inputs
    with torch.no_grad():
        found = traced.graph(*inputs)  # type: ignore[operator] # a TorchScript module
        wanted = original(
            sample,
            timestep,
            texts.squeeze(2).transpose(1, 2),
            added_cond_kwargs={"time_ids": sizes, "text_embeds": pooled},
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
        ).sample
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)


def test_residuals_are_of_the_size_that_is_asked_for(sd: Checkpoint) -> None:
    plan = ConversionPlan(latent_height=10, latent_width=6)

    traced = record_with_numbers(sd, Component.CONTROL_UNET, plan)

    assert traced.inputs[-1].shape == (2, 64, 5, 3)


def test_a_controlnet_goes_by_its_own_name_and_by_the_sizes_of_its_base(
    sd: Checkpoint, tmp_path: Path
) -> None:
    write_controlnet(tmp_path / "edges")

    control = DiffusersFolder().open_controlnet(str(tmp_path / "edges"), sd)

    assert control.components == (Component.CONTROLNET,)
    assert control.facts.model_version == "edges"
    assert control.facts.latent_height == sd.facts.latent_height


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"cross_attention_dim": 48}, "attends to texts of width 48, the UNet's are 32"),
        ({"block_out_channels": [32, 96]}, "has blocks of widths 32, 96, the UNet's are 32, 64"),
    ],
)
def test_a_controlnet_of_another_base_is_refused(
    sd: Checkpoint, tmp_path: Path, values: dict[str, object], problem: str
) -> None:
    write_controlnet(tmp_path / "other")
    change_json(tmp_path / "other" / "config.json", **values)

    with pytest.raises(MismatchedCheckpoint, match=problem):
        DiffusersFolder().open_controlnet(str(tmp_path / "other"), sd)


def test_what_a_controlnet_pools_is_spread_out_for_one_size(sd: Checkpoint, tmp_path: Path) -> None:
    write_controlnet(tmp_path / "shuffle")
    change_json(tmp_path / "shuffle" / "config.json", global_pool_conditions=True)
    control = DiffusersFolder().open_controlnet(str(tmp_path / "shuffle"), sd)

    traced = record_with_numbers(control, Component.CONTROLNET, ConversionPlan())

    inputs = [torch.rand(spec.shape) for spec in traced.inputs]
    with torch.no_grad():
        found = traced.graph(*inputs)  # type: ignore[operator] # a TorchScript module
    assert [tuple(each.shape) for each in found] == [spec.shape for spec in traced.outputs]
    assert all(torch.equal(each, each[..., :1, :1].expand_as(each)) for each in found)
    several = ConversionPlan(latent_height=8, latent_width=8, further_sizes=((8, 12),))
    with pytest.raises(InvalidRequest, match="pools what it gives serves one size"):
        TorchTracer().trace(control, Component.CONTROLNET, several)


def test_a_controlnet_of_xl_does_not_go_with_the_first_family(
    sd: Checkpoint, tmp_path: Path
) -> None:
    write_xl_controlnet(tmp_path / "xl-edges")

    with pytest.raises(
        MismatchedCheckpoint, match=r"xl-edges does not go with .*texts of width 96"
    ):
        DiffusersFolder().open_controlnet(str(tmp_path / "xl-edges"), sd)


@pytest.mark.parametrize(
    ("values", "error", "problem"),
    [
        ({"_class_name": "ControlNetXSAdapter"}, NotACheckpoint, "ControlNetModel is needed"),
        ({"class_embed_type": "timestep"}, UnsupportedCheckpoint, "also takes a class"),
    ],
)
def test_what_is_no_usual_controlnet_is_refused(
    sd: Checkpoint, tmp_path: Path, values: dict[str, object], error: type[Exception], problem: str
) -> None:
    write_controlnet(tmp_path / "odd")
    change_json(tmp_path / "odd" / "config.json", **values)

    with pytest.raises(error, match=problem):
        DiffusersFolder().open_controlnet(str(tmp_path / "odd"), sd)
