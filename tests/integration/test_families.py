"""Every family's packages on the reference runtime stay within 45 dB of diffusers in float32."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import (
    AttentionImplementation,
    ComputePrecision,
    ConversionPlan,
)
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.domain.fidelity import tensor_psnr_db
from coreml_stable_diffusion.domain.ports.networks import Network
from coreml_stable_diffusion.domain.tensor import Tensors
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from numpy.typing import NDArray
from samples.checkpoints import (
    write_checkpoint,
    write_distilled_checkpoint,
    write_refiner,
    write_xl_checkpoint,
)
from samples.controlnets import write_controlnet, write_xl_controlnet
from samples.conversions import convert_component
from transformers import CLIPTextModel, CLIPTextModelWithProjection

ENOUGH_DB = 45
END = 520

# Settings of a conversion: attention head by head, and in chunks where maps are large enough; one
# sample at a time; systems of later years, which know more operations.
HEADS = {"attention": AttentionImplementation.SPLIT_EINSUM}
CHUNKS = {
    "attention": AttentionImplementation.SPLIT_EINSUM_V2,
    "latent_height": 48,
    "latent_width": 48,
}
ALONE = {"unet_batch_one": True}
Y2023 = {"deployment_target": DeploymentTarget.IOS17}
Y2024 = {"deployment_target": DeploymentTarget.MACOS15}

WRITERS: dict[str, Callable[[Path], None]] = {
    "sd": write_checkpoint,
    "inpainting": lambda folder: write_checkpoint(folder, in_channels=9),
    "instructed": lambda folder: write_checkpoint(folder, in_channels=8),
    "distilled": write_distilled_checkpoint,
    "xl": write_xl_checkpoint,
    "refiner": write_refiner,
    "controlnet": write_controlnet,
    "xl controlnet": write_xl_controlnet,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Where a sample lies, which is made when it is first asked for."""
    places: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in places:
            places[name] = tmp_path_factory.mktemp("families") / name
            WRITERS[name](places[name])
        return places[name]

    return folder


def convert(
    checkpoint: Checkpoint,
    component: Component,
    package: Path,
    plan: ConversionPlan = ConversionPlan(),  # noqa: B008 - it never changes
) -> Network:
    convert_component(checkpoint, component, plan, package)
    return ReferenceRuntime(MlPackageReader(), threads=1).load(package)


def noise(network: Network) -> dict[str, NDArray[np.generic]]:
    """Noise in every input, and timesteps and sizes that are such."""
    random = np.random.default_rng(3)
    arrays = {
        spec.name: random.standard_normal(spec.shape).astype(spec.dtype) for spec in network.inputs
    }
    arrays["timestep"] = np.array([981.0, 37.0])[: len(arrays["timestep"])].astype(np.float16)
    if "time_ids" in arrays:
        sizes = np.array([64, 96, 0, 8, 128, 64])[: arrays["time_ids"].shape[1]]
        arrays["time_ids"] = np.tile(sizes, (len(arrays["time_ids"]), 1)).astype(np.float16)
    return arrays


def tensors(arrays: Tensors) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()}


def as_diffusers(given: dict[str, torch.Tensor]) -> dict[str, object]:
    return {
        "sample": given["sample"],
        "timestep": given["timestep"],
        "encoder_hidden_states": given["encoder_hidden_states"].squeeze(2).transpose(1, 2),
        "timestep_cond": given.get("timestep_cond"),
        "added_cond_kwargs": {name: given.get(name) for name in ("time_ids", "text_embeds")},
    }


def assert_near(found: NDArray[np.generic], wanted: torch.Tensor) -> None:
    exact = wanted.detach().numpy()
    assert tensor_psnr_db(found.astype(np.float32), exact) >= ENOUGH_DB


@pytest.mark.parametrize(
    ("name", "edge", "plan"),
    [
        ("inpainting", {"sample": (1, 9, 8, 8)}, {**HEADS, **ALONE, **Y2023}),
        ("instructed", {"sample": (2, 8, 8, 8)}, {}),
        ("distilled", {"timestep_cond": (2, 16)}, HEADS),
        ("xl", {"encoder_hidden_states": (1, 96, 1, 77), "time_ids": (1, 6)}, {**ALONE, **Y2024}),
        ("xl", {"sample": (2, 4, 48, 48), "time_ids": (2, 6)}, CHUNKS),
        ("refiner", {"encoder_hidden_states": (2, 64, 1, 77), "time_ids": (2, 5)}, HEADS),
    ],
)
def test_the_unet_of_every_family_is_near(
    folder: Callable[[str], Path],
    tmp_path: Path,
    name: str,
    edge: dict[str, tuple[int, ...]],
    plan: dict[str, Any],
) -> None:
    original = UNet2DConditionModel.from_pretrained(folder(name) / "unet").eval()
    checkpoint = DiffusersFolder().open(str(folder(name)))

    network = convert(checkpoint, Component.UNET, tmp_path / "x.mlpackage", ConversionPlan(**plan))

    shapes = {spec.name: spec.shape for spec in network.inputs}
    assert {key: shapes[key] for key in edge} == edge
    arrays = noise(network)
    wanted = original(**as_diffusers(tensors(arrays))).sample
    assert_near(network.predict(arrays)["noise_pred"], wanted)


@pytest.mark.parametrize(
    ("base", "name", "plan"), [("sd", "controlnet", {}), ("xl", "xl controlnet", HEADS)]
)
def test_a_controlnet_and_its_unet_are_near(
    folder: Callable[[str], Path], tmp_path: Path, base: str, name: str, plan: dict[str, Any]
) -> None:
    controlnet = ControlNetModel.from_pretrained(folder(name)).eval()
    unet = UNet2DConditionModel.from_pretrained(folder(base) / "unet").eval()
    checkpoint = DiffusersFolder().open(str(folder(base)))
    control = DiffusersFolder().open_controlnet(str(folder(name)), checkpoint)
    settings = ConversionPlan(**plan)

    guide = convert(control, Component.CONTROLNET, tmp_path / "guide.mlpackage", settings)
    guided = convert(checkpoint, Component.CONTROL_UNET, tmp_path / "guided.mlpackage", settings)

    arrays = noise(guide)
    given = tensors(arrays)
    wanted = residuals(controlnet, given)
    found = guide.predict(arrays)
    assert list(found) == [f"additional_residual_{number}" for number in range(5)]
    for number, residual in wanted.items():
        assert_near(found[number], residual)
    *down, middle = wanted.values()
    prediction = unet(
        **as_diffusers(given),
        down_block_additional_residuals=down,
        mid_block_additional_residual=middle,
    ).sample
    control_inputs = {number: array.astype(np.float16) for number, array in found.items()}
    denoising = {key: array for key, array in arrays.items() if key != "controlnet_cond"}
    assert_near(guided.predict({**denoising, **control_inputs})["noise_pred"], prediction)


@pytest.mark.parametrize(
    ("chosen", "least_db"), [(None, 90), (ComputePrecision.FLOAT16, ENOUGH_DB)]
)
def test_the_vae_of_xl_computes_in_float32_unless_float16_is_asked_for(
    folder: Callable[[str], Path],
    tmp_path: Path,
    chosen: ComputePrecision | None,
    least_db: float,
) -> None:
    checkpoint = DiffusersFolder().open(str(folder("xl")))
    original = AutoencoderKL.from_pretrained(folder("xl") / "vae").eval()
    plan = ConversionPlan(vae_precision=chosen).settled_for(Component.VAE_DECODER, checkpoint)

    network = convert(checkpoint, Component.VAE_DECODER, tmp_path / "x.mlpackage", plan)

    [latents] = network.inputs
    assert latents.dtype == ("float32" if chosen is None else "float16")
    given = np.random.default_rng(3).standard_normal(latents.shape).astype(latents.dtype)
    wanted = original.decode(torch.from_numpy(given.astype(np.float32))).sample.detach().numpy()
    found = network.predict({"z": given})["image"].astype(np.float32)
    assert tensor_psnr_db(found, wanted) >= least_db


def residuals(
    controlnet: ControlNetModel, given: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    arguments = as_diffusers(given)
    del arguments["timestep_cond"]
    down, middle = controlnet(
        **arguments, controlnet_cond=given["controlnet_cond"], return_dict=False
    )
    return {f"additional_residual_{number}": each for number, each in enumerate((*down, middle))}


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("xl", Component.TEXT_ENCODER),
        ("xl", Component.TEXT_ENCODER_2),
        ("refiner", Component.TEXT_ENCODER_2),
    ],
)
def test_the_text_encoders_of_xl_give_penultimate_states(
    folder: Callable[[str], Path], tmp_path: Path, name: str, component: Component
) -> None:
    checkpoint = DiffusersFolder().open(str(folder(name)))
    projects = component is Component.TEXT_ENCODER_2
    kind = CLIPTextModelWithProjection if projects else CLIPTextModel
    original = kind.from_pretrained(folder(name) / component.value).eval()
    ids = np.full((1, 77), END, dtype=np.float32)
    ids[0, :6] = [END - 1, 12, 300, 7, 8, 510]

    network = convert(checkpoint, component, tmp_path / "x.mlpackage")

    found = network.predict({"input_ids": ids})
    wanted = original(torch.from_numpy(ids).long(), output_hidden_states=True)
    assert_near(found["hidden_embeds"], wanted.hidden_states[-2])
    assert_near(found["pooled_outputs"], wanted.text_embeds if projects else wanted.pooler_output)
