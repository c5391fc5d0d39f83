"""Packages that take several sizes compute at each of them what PyTorch computes."""

from pathlib import Path

import attrs
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import AttentionImplementation, ConversionPlan
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.domain.errors import InvalidRequest, PredictionError
from coreml_stable_diffusion.domain.fidelity import tensor_psnr_db
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from numpy.typing import NDArray
from samples.checkpoints import WIDTH
from samples.controlnets import write_controlnet
from samples.conversions import convert_component

LEAST_DB = 45
SIZES = ((8, 8), (8, 12), (16, 8))


def plan_of(attention: AttentionImplementation) -> ConversionPlan:
    return ConversionPlan(
        latent_height=8, latent_width=8, further_sizes=SIZES[1:], attention=attention
    )


def noise(*shape: int) -> NDArray[np.float16]:
    return np.random.default_rng(5).standard_normal(shape).astype(np.float16)


def wide(array: NDArray[np.float16]) -> torch.Tensor:
    return torch.from_numpy(array.astype(np.float32))


def converted(checkpoint: Path, component: Component, plan: ConversionPlan, folder: Path) -> Path:
    package = folder / "one.mlpackage"
    convert_component(DiffusersFolder().open(str(checkpoint)), component, plan, package)
    return package


@pytest.mark.parametrize(
    "attention", [AttentionImplementation.ORIGINAL, AttentionImplementation.SPLIT_EINSUM]
)
def test_a_unet_of_several_sizes(
    attention: AttentionImplementation, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    package = converted(tiny_checkpoint, Component.UNET, plan_of(attention), tmp_path)
    original = UNet2DConditionModel.from_pretrained(tiny_checkpoint / "unet").eval()
    network = ReferenceRuntime(MlPackageReader(), threads=1).load(package)
    texts, times = noise(2, WIDTH, 1, 77), np.full(2, 500, dtype=np.float16)

    for size in SIZES:
        sample = noise(2, 4, *size)
        found = network.predict(
            {"sample": sample, "timestep": times, "encoder_hidden_states": texts}
        )
        with torch.no_grad():
            states = wide(texts).squeeze(2).transpose(1, 2)
            wanted = original(wide(sample), wide(times), states).sample.numpy()
        assert tensor_psnr_db(found["noise_pred"].astype(np.float32), wanted) >= LEAST_DB

    with pytest.raises(PredictionError, match=r"\(2, 4, 8, 8\) or .* is needed"):
        network.predict(
            {"sample": noise(2, 4, 16, 16), "timestep": times, "encoder_hidden_states": texts}
        )


def test_a_controlnet_and_its_unet_of_several_sizes(tiny_checkpoint: Path, tmp_path: Path) -> None:
    write_controlnet(tmp_path / "edges")
    controlnet = ControlNetModel.from_pretrained(tmp_path / "edges").eval()
    unet = UNet2DConditionModel.from_pretrained(tiny_checkpoint / "unet").eval()
    base = DiffusersFolder().open(str(tiny_checkpoint))
    control = DiffusersFolder().open_controlnet(str(tmp_path / "edges"), base)
    plan = attrs.evolve(
        plan_of(AttentionImplementation.SPLIT_EINSUM), deployment_target=DeploymentTarget.MACOS15
    )
    convert_component(control, Component.CONTROLNET, plan, tmp_path / "guide.mlpackage")
    guided = converted(tiny_checkpoint, Component.CONTROL_UNET, plan, tmp_path)
    runtime = ReferenceRuntime(MlPackageReader(), threads=1)
    guide, network = runtime.load(tmp_path / "guide.mlpackage"), runtime.load(guided)
    texts, times = noise(2, WIDTH, 1, 77), np.full(2, 500, dtype=np.float16)

    for height, width in SIZES:
        sample, picture = noise(2, 4, height, width), noise(2, 3, 8 * height, 8 * width)
        denoising = {"sample": sample, "timestep": times, "encoder_hidden_states": texts}
        residuals = guide.predict({**denoising, "controlnet_cond": picture})
        half = {name: each.astype(np.float16) for name, each in residuals.items()}
        found = network.predict({**denoising, **half})["noise_pred"]
        given = (wide(sample), wide(times), wide(texts).squeeze(2).transpose(1, 2))
        with torch.no_grad():
            down, middle = controlnet(*given, wide(picture), return_dict=False)
            wanted = unet(
                *given, down_block_additional_residuals=down, mid_block_additional_residual=middle
            ).sample.numpy()
        assert tensor_psnr_db(found.astype(np.float32), wanted) >= LEAST_DB


def test_a_vae_of_several_sizes(tiny_checkpoint: Path, tmp_path: Path) -> None:
    plan = plan_of(AttentionImplementation.ORIGINAL)
    package = converted(tiny_checkpoint, Component.VAE_DECODER, plan, tmp_path)
    original = AutoencoderKL.from_pretrained(tiny_checkpoint / "vae").eval()
    network = ReferenceRuntime(MlPackageReader(), threads=1).load(package)

    for size in SIZES:
        latents = noise(1, 4, *size)
        found = network.predict({"z": latents})["image"]
        with torch.no_grad():
            wanted = original.decode(wide(latents)).sample.numpy()
        assert tensor_psnr_db(found.astype(np.float32), wanted) >= LEAST_DB


def test_a_size_that_blocks_cannot_halve_is_refused(tiny_checkpoint: Path, tmp_path: Path) -> None:
    plan = ConversionPlan(latent_height=8, latent_width=8, further_sizes=((8, 9),))

    with pytest.raises(InvalidRequest, match="8 x 9 latent pixels cannot be one of several sizes"):
        converted(tiny_checkpoint, Component.UNET, plan, tmp_path)
