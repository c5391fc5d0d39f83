"""Recorded networks compute what diffusers and transformers compute."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.pytorch.network_tracer import TorchTracer
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.errors import NotACheckpoint
from diffusers import AutoencoderKL, StableDiffusionPipeline, UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from safetensors.torch import load_file, save_file
from samples.clip_skip import mend_clip_skip
from samples.recordings import record_with_numbers
from transformers import CLIPTextModel


@pytest.fixture(scope="module")
def checkpoint(tiny_checkpoint: Path) -> Checkpoint:
    return DiffusersFolder().open(str(tiny_checkpoint))


def record(
    checkpoint: Checkpoint, component: Component, plan: ConversionPlan | None = None
) -> TracedNetwork:
    return TorchTracer().trace(checkpoint, component, plan or ConversionPlan())


def runnable(
    checkpoint: Checkpoint, component: Component, plan: ConversionPlan | None = None
) -> TracedNetwork:
    return record_with_numbers(checkpoint, component, plan or ConversionPlan())


def run(network: TracedNetwork, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
    assert [tuple(each.shape) for each in inputs] == [spec.shape for spec in network.inputs]
    with torch.no_grad():
        outputs = network.graph(*inputs)  # type: ignore[operator] # a TorchScript module
    found = outputs if isinstance(outputs, tuple) else (outputs,)
    assert [tuple(each.shape) for each in found] == [spec.shape for spec in network.outputs]
    return found


def assert_near(found: torch.Tensor, wanted: torch.Tensor) -> None:
    np.testing.assert_allclose(found.numpy(), wanted.numpy(), rtol=1e-4, atol=1e-5)


def tokens(checkpoint: Checkpoint) -> torch.Tensor:
    start, end = 519, 520
    words = torch.randint(0, start, (1, checkpoint.facts.text_length), generator=seeded())
    words[0, 0], words[0, 9:] = start, end
    return words


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(1)


def test_the_text_encoder_is_transformers(checkpoint: Checkpoint) -> None:
    ids = tokens(checkpoint)
    network = CLIPTextModel.from_pretrained(checkpoint.folder / "text_encoder").eval()

    states, pooled = run(runnable(checkpoint, Component.TEXT_ENCODER), ids.float())

    with torch.no_grad():
        wanted = network(ids)
    assert_near(states, wanted.last_hidden_state)
    assert_near(pooled, wanted.pooler_output)


def test_the_states_before_the_last_layer_are_those_of_diffusers_clip_skip(
    checkpoint: Checkpoint,
) -> None:
    pipeline = StableDiffusionPipeline.from_pretrained(checkpoint.folder)
    mend_clip_skip(pipeline)
    prompt = "a red circle"
    pipeline.tokenizer.model_max_length = 77
    told = {"padding": "max_length", "return_tensors": "pt"}
    ids = pipeline.tokenizer(prompt, **told).input_ids

    recorded = runnable(checkpoint, Component.TEXT_ENCODER, ConversionPlan(offer_clip_skip=True))
    states, _, skipped = run(recorded, ids.float())

    with torch.no_grad():
        for skip, found in ((None, states), (1, skipped)):
            assert_near(found, pipeline.encode_prompt(prompt, "cpu", 1, False, clip_skip=skip)[0])


def test_a_unet_with_room_attends_to_all_of_it(checkpoint: Checkpoint) -> None:
    generator = seeded()
    sample, times = torch.randn(2, 4, 8, 8, generator=generator), torch.tensor([981.0, 1.0])
    texts = torch.randn(2, 154, 32, generator=generator)
    network = UNet2DConditionModel.from_pretrained(checkpoint.folder / "unet").eval()

    recorded = runnable(checkpoint, Component.UNET, ConversionPlan(text_chunks=2))
    (prediction,) = run(recorded, sample, times, texts.transpose(1, 2).unsqueeze(2))

    with torch.no_grad():
        assert_near(prediction, network(sample, times, texts).sample)


def test_no_token_sees_a_later_one(checkpoint: Checkpoint) -> None:
    network = runnable(checkpoint, Component.TEXT_ENCODER)
    ids = tokens(checkpoint)
    other = ids.clone()
    other[0, 40:] = 7

    states, _ = run(network, ids.float())
    other_states, _ = run(network, other.float())

    assert_near(states[:, :40], other_states[:, :40])
    assert not torch.allclose(states[:, 40:], other_states[:, 40:])


@pytest.mark.parametrize("batch", [1, 2])
def test_the_unet_is_diffusers(checkpoint: Checkpoint, batch: int) -> None:
    generator = seeded()
    sample = torch.randn(batch, 4, 8, 8, generator=generator)
    times = torch.tensor([981.0, 1.0])[:batch]
    texts = torch.randn(batch, 77, 32, generator=generator)
    network = UNet2DConditionModel.from_pretrained(checkpoint.folder / "unet").eval()

    recorded = runnable(checkpoint, Component.UNET, ConversionPlan(unet_batch_one=batch == 1))
    (prediction,) = run(recorded, sample, times, texts.transpose(1, 2).unsqueeze(2))

    with torch.no_grad():
        assert_near(prediction, network(sample, times, texts).sample)


def test_other_latent_sizes_reach_every_edge(checkpoint: Checkpoint) -> None:
    plan = ConversionPlan(latent_height=16, latent_width=12)

    edges = {
        spec.name: spec.shape
        for component in (Component.UNET, Component.VAE_DECODER, Component.SAFETY_CHECKER)
        for network in [record(checkpoint, component, plan)]
        for spec in (*network.inputs, *network.outputs)
    }

    assert edges["sample"] == edges["noise_pred"] == (2, 4, 16, 12)
    assert edges["z"] == (1, 4, 16, 12)
    assert edges["image"] == (1, 3, 128, 96)
    assert edges["filtered_images"] == (1, 128, 96, 3)


def test_the_vae_decoder_is_diffusers(checkpoint: Checkpoint) -> None:
    latents = torch.randn(1, 4, 8, 8, generator=seeded())
    network = AutoencoderKL.from_pretrained(checkpoint.folder / "vae").eval()

    (picture,) = run(runnable(checkpoint, Component.VAE_DECODER), latents)

    with torch.no_grad():
        assert_near(picture, network.decode(latents).sample)


def test_the_vae_encoder_gives_diffusers_moments(checkpoint: Checkpoint) -> None:
    picture = torch.rand(1, 3, 64, 64, generator=seeded()) * 2 - 1
    network = AutoencoderKL.from_pretrained(checkpoint.folder / "vae").eval()

    (moments,) = run(runnable(checkpoint, Component.VAE_ENCODER), picture)

    with torch.no_grad():
        assert_near(moments, network.encode(picture).latent_dist.parameters)


def test_a_vae_without_the_small_convolutions_is_recorded_too(
    checkpoint: Checkpoint, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(tiny_checkpoint, bare)
    network = AutoencoderKL.from_config(
        AutoencoderKL.load_config(checkpoint.folder / "vae"),
        use_quant_conv=False,
        use_post_quant_conv=False,
    ).eval()
    network.save_pretrained(bare / "vae")
    latents = torch.randn(1, 4, 8, 8, generator=seeded())

    recorded = runnable(DiffusersFolder().open(str(bare)), Component.VAE_DECODER)

    with torch.no_grad():
        assert_near(run(recorded, latents)[0], network.decode(latents).sample)


def checker_inputs() -> tuple[torch.Tensor, torch.Tensor]:
    generator = seeded()
    seen = torch.randn(1, 3, 32, 32, generator=generator)
    return seen, torch.rand(1, 64, 64, 3, generator=generator)


def test_the_safety_checker_decides_as_diffusers(checkpoint: Checkpoint) -> None:
    seen, picture = checker_inputs()
    network = StableDiffusionSafetyChecker.from_pretrained(checkpoint.folder / "safety_checker")
    recorded = runnable(checkpoint, Component.SAFETY_CHECKER)

    filtered, flagged, scores = run(recorded, seen, picture, torch.zeros(1))

    wanted, wanted_flags = network.forward_onnx(seen, picture.clone())
    assert_near(filtered, wanted)
    assert bool(flagged) == bool(wanted_flags[0])
    assert bool(scores.max() > 0) == bool(flagged)


def test_an_adjustment_upwards_makes_the_safety_checker_stricter(checkpoint: Checkpoint) -> None:
    seen, picture = checker_inputs()
    recorded = runnable(checkpoint, Component.SAFETY_CHECKER)

    *_, strict = run(recorded, seen, picture, torch.tensor([2.0]))
    *_, lax = run(recorded, seen, picture, torch.tensor([-2.0]))

    assert_near(strict, lax + 0.01)


def test_an_unflagged_picture_passes_and_a_flagged_one_is_black(
    tiny_checkpoint: Path, tmp_path: Path
) -> None:
    seen, picture = checker_inputs()
    for threshold, passes in ((2.0, 1.0), (-2.0, 0.0)):
        folder = tmp_path / str(threshold)
        shutil.copytree(tiny_checkpoint, folder)
        weights = folder / "safety_checker" / "model.safetensors"
        tensors = load_file(weights)
        tensors["concept_embeds_weights"].fill_(threshold)
        save_file(tensors, weights, {"format": "pt"})
        recorded = runnable(DiffusersFolder().open(str(folder)), Component.SAFETY_CHECKER)

        filtered, flagged, _ = run(recorded, seen, picture, torch.zeros(1))

        assert_near(filtered, picture * passes)
        assert flagged.item() == 1.0 - passes


def test_names_of_before_transformers_5_are_understood(
    checkpoint: Checkpoint, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_checkpoint, tmp_path / "old")
    weights = tmp_path / "old" / "text_encoder" / "model.safetensors"
    old = {f"text_model.{name}": tensor for name, tensor in load_file(weights).items()}
    old["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    save_file(old, weights, {"format": "pt"})
    ids = tokens(checkpoint).float()

    found = run(
        runnable(DiffusersFolder().open(str(tmp_path / "old")), Component.TEXT_ENCODER), ids
    )

    assert_near(found[0], run(runnable(checkpoint, Component.TEXT_ENCODER), ids)[0])


def test_missing_weights_are_not_made_up(tiny_checkpoint: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_checkpoint, tmp_path / "holes")
    weights = tmp_path / "holes" / "vae" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(weights)
    del tensors["decoder.conv_in.weight"]
    save_file(tensors, weights, {"format": "pt"})

    with pytest.raises(NotACheckpoint, match=r"vae lacks 1 weights, among them decoder\.conv_in"):
        record(DiffusersFolder().open(str(tmp_path / "holes")), Component.VAE_DECODER)


@pytest.mark.parametrize("component", [Component.UNET, Component.TEXT_ENCODER])
def test_a_truncated_file_is_refused_in_one_line(
    tiny_checkpoint: Path, tmp_path: Path, component: Component
) -> None:
    shutil.copytree(tiny_checkpoint, tmp_path / "short")
    (weights,) = (tmp_path / "short" / component.value).glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:-100])

    with pytest.raises(NotACheckpoint, match=f"{component.value} cannot be loaded") as refusal:
        record(DiffusersFolder().open(str(tmp_path / "short")), component)
    assert "\n" not in str(refusal.value)


def test_recording_is_silent(checkpoint: Checkpoint, capfd: pytest.CaptureFixture[str]) -> None:
    for component in checkpoint.components:
        record(checkpoint, component)

    assert capfd.readouterr() == ("", "")
