"""A changed checkpoint computes what diffusers computes with the same things loaded."""

from collections.abc import Callable, Mapping
from pathlib import Path

import attrs
import pytest
import torch
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.pytorch.changed_checkpoints import ChangedCheckpoints
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.changes import Changes, CustomVae, Lora
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import MismatchedCheckpoint, UnreadableWeights
from diffusers import AutoencoderKL, StableDiffusionPipeline, UNet2DConditionModel
from safetensors.torch import load_file, save_file
from samples.checkpoints import build_vae, randomised, write_xl_checkpoint
from samples.loras import RANK, Pair, build_pairs, load, write_kohya, write_peft
from torch import nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection

ATTENTION = ("attn1.to_q", "attn2.to_k", "attn2.to_v", "attn1.to_out.0", "proj_in", "ff.net.2")
CONVOLUTIONS = ("conv1", "conv_shortcut", "downsamplers.0.conv")
TEXT = ("q_proj", "v_proj", "fc1")

Change = Callable[..., Checkpoint]
Writing = Callable[[Path, Mapping[str, Mapping[str, Pair]]], None]


@pytest.fixture
def sd(tiny_checkpoint: Path) -> Checkpoint:
    return DiffusersFolder().open(str(tiny_checkpoint))


@pytest.fixture
def xl(tmp_path: Path) -> Checkpoint:
    write_xl_checkpoint(tmp_path / "xl")
    return DiffusersFolder().open(str(tmp_path / "xl"))


@pytest.fixture
def change(tmp_path: Path) -> Change:
    changed = ChangedCheckpoints(DiffusersFolder(), LocalWorkspace(), tmp_path / "cache")

    def change(checkpoint: Checkpoint, **changes: object) -> Checkpoint:
        return changed.change(checkpoint, Changes(**changes))  # type: ignore[arg-type] # as given

    return change


def unet(checkpoint: Checkpoint) -> UNet2DConditionModel:
    network = UNet2DConditionModel.from_pretrained(checkpoint.folder / "unet")
    assert isinstance(network, UNet2DConditionModel)
    return network.eval()


def predict(network: UNet2DConditionModel) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    width = network.config["cross_attention_dim"]
    sample, texts = (
        torch.randn(shape, generator=generator) for shape in ((1, 4, 8, 8), (1, 77, width))
    )
    sizes = {"text_embeds": torch.ones(1, 64), "time_ids": torch.ones(1, 6)}
    with torch.no_grad():
        prediction: torch.Tensor = network(
            sample, torch.tensor([500]), texts, added_cond_kwargs=sizes
        ).sample
    return prediction


def encode(network: nn.Module) -> torch.Tensor:
    with torch.no_grad():
        states: torch.Tensor = network(torch.arange(100, 110)[None]).last_hidden_state
    return states


def assert_same(found: torch.Tensor, wanted: torch.Tensor, without: torch.Tensor) -> None:
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(wanted, without, atol=0.05)


@pytest.mark.parametrize("alpha", [RANK, 1.0])
def test_a_lora_of_kohya_is_fused_with_its_alpha_and_scale(
    sd: Checkpoint, change: Change, tmp_path: Path, alpha: float
) -> None:
    network, text_encoder = unet(sd), CLIPTextModel.from_pretrained(sd.folder / "text_encoder")
    pairs = build_pairs(network, (*ATTENTION, *CONVOLUTIONS), alpha)
    text_pairs = build_pairs(text_encoder, TEXT, alpha)
    named = {f"text_model.{name}": pair for name, pair in text_pairs.items()}
    write_kohya(tmp_path / "style.safetensors", {"unet": pairs, "te": named})
    without, text_without = predict(network), encode(text_encoder)
    load(network, pairs, scale=0.7)
    load(text_encoder, text_pairs, scale=0.7)

    changed = change(sd, loras=(Lora(tmp_path / "style.safetensors", 0.7),))

    assert_same(predict(unet(changed)), predict(network), without)
    found = CLIPTextModel.from_pretrained(changed.folder / "text_encoder")
    assert_same(encode(found), encode(text_encoder), text_without)


def test_a_lora_of_peft_is_fused(sd: Checkpoint, change: Change, tmp_path: Path) -> None:
    network = unet(sd)
    pairs = build_pairs(network, ATTENTION)
    write_peft(tmp_path / "style.safetensors", {"unet": pairs})
    without = predict(network)
    load(network, pairs)

    changed = change(sd, loras=(Lora(tmp_path / "style.safetensors"),))

    assert_same(predict(unet(changed)), predict(network), without)


@pytest.mark.parametrize("write", [write_kohya, write_peft])
def test_a_lora_is_fused_as_diffusers_loads_it(
    write: Writing, sd: Checkpoint, change: Change, tmp_path: Path
) -> None:
    pytest.importorskip("peft", reason="diffusers loads LoRAs where peft is installed")
    pipeline = StableDiffusionPipeline.from_pretrained(sd.folder)
    without = predict(pipeline.unet)
    write(tmp_path / "style.safetensors", {"unet": build_pairs(pipeline.unet, ATTENTION)})
    pipeline.load_lora_weights(str(tmp_path / "style.safetensors"), adapter_name="style")
    pipeline.set_adapters("style", 0.6)

    changed = change(sd, loras=(Lora(tmp_path / "style.safetensors", 0.6),))

    assert_same(predict(unet(changed)), predict(pipeline.unet), without)


def test_loras_add_up(sd: Checkpoint, change: Change, tmp_path: Path) -> None:
    network = unet(sd)
    pairs = build_pairs(network, ATTENTION)
    write_peft(tmp_path / "one.safetensors", {"unet": pairs})
    write_kohya(tmp_path / "two.safetensors", {"unet": pairs})
    without = predict(network)
    load(network, pairs, scale=0.5)
    load(network, pairs, scale=-1.2)

    loras = (Lora(tmp_path / "one.safetensors", 0.5), Lora(tmp_path / "two.safetensors", -1.2))
    changed = change(sd, loras=loras)

    assert_same(predict(unet(changed)), predict(network), without)


def test_both_text_encoders_of_xl_and_its_original_names_are_known(
    xl: Checkpoint, change: Change, tmp_path: Path
) -> None:
    network = unet(xl)
    second = CLIPTextModelWithProjection.from_pretrained(xl.folder / "text_encoder_2")
    queries = "attentions.0.transformer_blocks.1.attn1.to_q"
    # With one layer a block, the second level's first attention is the third of the inputs.
    names = {
        f"down_blocks.1.{queries}": "input_blocks.3.1.transformer_blocks.1.attn1.to_q",
        f"mid_block.{queries}": "middle_block.1.transformer_blocks.1.attn1.to_q",
        f"up_blocks.0.{queries}": "output_blocks.0.1.transformer_blocks.1.attn1.to_q",
        "down_blocks.0.resnets.0.conv1": "input_blocks.1.0.in_layers.2",
        "down_blocks.0.downsamplers.0.conv": "input_blocks.2.0.op",
        "up_blocks.0.upsamplers.0.conv": "output_blocks.1.2.conv",
        "time_embedding.linear_1": "time_embed.0",
        "add_embedding.linear_2": "label_emb.0.2",
    }
    pairs = build_pairs(network, names)
    text_pairs = build_pairs(second, TEXT)
    renamed: dict[str, Pair] = {names[name]: pair for name, pair in pairs.items()}
    write_kohya(tmp_path / "style.safetensors", {"unet": renamed, "te2": text_pairs})
    without, text_without = predict(network), encode(second)
    load(network, pairs)
    load(second, text_pairs)

    changed = change(xl, loras=(Lora(tmp_path / "style.safetensors"),))

    assert len(pairs) == len(names)
    assert_same(predict(unet(changed)), predict(network), without)
    found = CLIPTextModelWithProjection.from_pretrained(changed.folder / "text_encoder_2")
    assert_same(encode(found), encode(second), text_without)


def test_a_vae_takes_the_place_of_the_models_own(
    sd: Checkpoint, change: Change, tmp_path: Path
) -> None:
    other = randomised(build_vae())
    assert isinstance(other, AutoencoderKL)
    other.register_to_config(scaling_factor=0.5)
    other.save_pretrained(tmp_path / "vae")

    changed = change(sd, vae=CustomVae("owner/vae", tmp_path / "vae"))

    assert changed.facts.vae_scaling_factor == 0.5
    assert (changed.facts.model, changed.facts.model_version) == (sd.model, sd.facts.model_version)
    assert changed.facts.changes[0].name == "owner/vae"
    fingerprints = {
        DiffusersFolder().fingerprint(each, Component.VAE_DECODER) for each in (sd, changed)
    }
    assert len(fingerprints) == 2


def test_what_was_made_once_is_found_again_until_it_is_to_be_another(
    sd: Checkpoint, change: Change, tmp_path: Path
) -> None:
    file = tmp_path / "style.safetensors"
    write_peft(file, {"unet": build_pairs(unet(sd), ATTENTION)})

    first, again, other = (change(sd, loras=(Lora(file, scale),)) for scale in (0.5, 0.5, 0.6))

    assert first.folder == again.folder != other.folder
    assert [(each.name, each.scale) for each in other.facts.changes] == [(file.name, 0.6)]
    assert len({DiffusersFolder().fingerprint(each, Component.UNET) for each in (sd, other)}) == 2


def test_what_was_guessed_of_a_model_is_told_of_the_changed_one_too(
    sd: Checkpoint, change: Change, tmp_path: Path
) -> None:
    write_peft(tmp_path / "style.safetensors", {"unet": build_pairs(unet(sd), ATTENTION)})
    guessed = attrs.evolve(sd, guessed_prediction="v_prediction")

    changed = change(guessed, loras=(Lora(tmp_path / "style.safetensors"),))

    assert changed.guessed_prediction == "v_prediction"


def test_a_lora_of_another_architecture_is_refused_in_one_line(
    sd: Checkpoint, xl: Checkpoint, change: Change, tmp_path: Path
) -> None:
    file = tmp_path / "xl.safetensors"
    write_kohya(file, {"unet": build_pairs(unet(xl), ATTENTION)})
    with pytest.raises(MismatchedCheckpoint, match=r"xl\.safetensors does not go with .*the UNet"):
        change(sd, loras=(Lora(file),))

    write_peft(file, {"text_encoder_2": build_pairs(unet(xl), ATTENTION)})
    with pytest.raises(MismatchedCheckpoint, match="second text encoder, which the model lacks"):
        change(sd, loras=(Lora(file),))
    assert not list((tmp_path / "cache").rglob("*.*"))


def test_a_change_of_another_size_is_refused(
    sd: Checkpoint, change: Change, tmp_path: Path
) -> None:
    file = tmp_path / "wide.safetensors"
    write_peft(file, {"unet": build_pairs(unet(sd), ["attn2.to_k"])})
    tensors = load_file(file)
    save_file({name: torch.cat([each, each], 1) for name, each in tensors.items()}, file)

    with pytest.raises(MismatchedCheckpoint, match="by another size than the UNet's 32 x 32"):
        change(sd, loras=(Lora(file),))


@pytest.mark.parametrize(
    ("tensors", "problem"),
    [
        ({"lora_unet_conv_in.hada_w1_a": torch.ones(1)}, "no plain LoRA but has LoHa"),
        ({"unet.conv_in.dora_scale": torch.ones(1)}, "DoRA"),
        ({"conv_in.weight": torch.ones(1)}, "it is no LoRA: conv_in.weight is neither"),
        ({"unet.conv_in.lora_A.weight": torch.ones(1)}, r"unet\.conv_in has no up"),
    ],
)
def test_what_is_no_plain_lora_is_refused(
    sd: Checkpoint, change: Change, tmp_path: Path, tensors: dict[str, torch.Tensor], problem: str
) -> None:
    save_file(tensors, tmp_path / "odd.safetensors")

    with pytest.raises(UnreadableWeights, match=problem):
        change(sd, loras=(Lora(tmp_path / "odd.safetensors"),))


@pytest.mark.parametrize("content", [None, b"", b"no tensors", b"\x08" + bytes(7) + b"{}      "])
def test_a_file_that_is_broken_or_not_there_is_refused(
    sd: Checkpoint, change: Change, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "broken.safetensors").write_bytes(content)

    with pytest.raises(UnreadableWeights, match=r"broken\.safetensors cannot be used") as refusal:
        change(sd, loras=(Lora(tmp_path / "broken.safetensors"),))
    assert "\n" not in str(refusal.value)
