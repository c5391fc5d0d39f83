"""Packages on the reference runtime stay near PyTorch in float32, component by component."""

from pathlib import Path

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.ports.networks import Network
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from fakes.checkpoints import COMPONENTS
from numpy.typing import NDArray
from torch.nn import functional
from transformers import CLIPTextModel

FARTHEST = 5e-3
Half = NDArray[np.float16]


@pytest.fixture(scope="module")
def networks(tiny_packages: Path) -> dict[Component, Network]:
    runtime = ReferenceRuntime(MlPackageReader(), threads=1)
    packages = {each: tiny_packages / each.package_name("tiny") for each in COMPONENTS}
    return {each: runtime.load(package) for each, package in packages.items() if package.exists()}


def noise(*shape: int) -> Half:
    return np.random.default_rng(5).standard_normal(shape).astype(np.float16)


def wide(array: Half) -> torch.Tensor:
    return torch.from_numpy(array.astype(np.float32))


def distance(found: NDArray[np.generic], wanted: torch.Tensor) -> float:
    """The relative L2 error."""
    exact = wanted.detach().numpy()
    return float(np.linalg.norm(found - exact) / np.linalg.norm(exact))


def test_the_text_encoder_is_near(
    networks: dict[Component, Network], tiny_checkpoint: Path
) -> None:
    ids = np.full((1, 77), 520, dtype=np.float32)
    ids[0, :6] = [519, 12, 300, 7, 8, 510]
    original = CLIPTextModel.from_pretrained(tiny_checkpoint / "text_encoder").eval()

    found = networks[Component.TEXT_ENCODER].predict({"input_ids": ids})

    wanted = original(torch.from_numpy(ids).long())
    assert distance(found["last_hidden_state"], wanted.last_hidden_state) <= FARTHEST
    assert distance(found["pooled_outputs"], wanted.pooler_output) <= FARTHEST


@pytest.mark.parametrize("timestep", [1, 37, 500, 981])
def test_the_unet_is_near_at_every_timestep(
    networks: dict[Component, Network], tiny_checkpoint: Path, timestep: int
) -> None:
    sample, texts = noise(2, 4, 8, 8), noise(2, 32, 1, 77)
    times = np.full(2, timestep, dtype=np.float16)
    original = UNet2DConditionModel.from_pretrained(tiny_checkpoint / "unet").eval()

    found = networks[Component.UNET].predict(
        {"sample": sample, "timestep": times, "encoder_hidden_states": texts}
    )

    states = wide(texts).squeeze(2).transpose(1, 2)
    wanted = original(wide(sample), wide(times), states).sample
    assert distance(found["noise_pred"], wanted) <= FARTHEST


def test_the_vae_decoder_is_near(networks: dict[Component, Network], tiny_checkpoint: Path) -> None:
    latents = noise(1, 4, 8, 8)
    original = AutoencoderKL.from_pretrained(tiny_checkpoint / "vae").eval()

    found = networks[Component.VAE_DECODER].predict({"z": latents})

    assert distance(found["image"], original.decode(wide(latents)).sample) <= FARTHEST


def test_the_vae_encoder_is_near(networks: dict[Component, Network], tiny_checkpoint: Path) -> None:
    picture = np.tanh(noise(1, 3, 64, 64))
    original = AutoencoderKL.from_pretrained(tiny_checkpoint / "vae").eval()

    found = networks[Component.VAE_ENCODER].predict({"x": picture})

    wanted = original.encode(wide(picture)).latent_dist.parameters
    assert distance(found["latent"], wanted) <= FARTHEST


def test_the_safety_checker_is_near(
    networks: dict[Component, Network], tiny_checkpoint: Path
) -> None:
    seen, picture = noise(1, 3, 32, 32), np.abs(np.tanh(noise(1, 64, 64, 3)))
    original = StableDiffusionSafetyChecker.from_pretrained(tiny_checkpoint / "safety_checker")

    found = networks[Component.SAFETY_CHECKER].predict(
        {"clip_input": seen, "images": picture, "adjustment": np.zeros(1, dtype=np.float16)}
    )

    filtered, flags = original.forward_onnx(wide(seen), wide(picture))
    assert bool(found["has_nsfw_concepts"]) == bool(flags[0])
    assert np.allclose(found["filtered_images"], filtered.numpy(), atol=FARTHEST)
    np.testing.assert_allclose(
        found["concept_scores"][0].astype(np.float32), scores(original, wide(seen)), atol=FARTHEST
    )


def scores(checker: StableDiffusionSafetyChecker, seen: torch.Tensor) -> NDArray[np.float32]:
    embedded = checker.visual_projection(checker.vision_model(seen).pooler_output)
    similar = functional.cosine_similarity(embedded, checker.concept_embeds)
    special = functional.cosine_similarity(embedded, checker.special_care_embeds)
    nearer = 0.01 * bool((special > checker.special_care_embeds_weights).any())
    exact: NDArray[np.float32] = (
        (similar - checker.concept_embeds_weights + nearer).detach().numpy()
    )
    return exact
