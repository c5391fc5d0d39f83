"""A model folder without packages, and networks of one line each in their stead."""

import json
from pathlib import Path

import numpy as np
from coreml_stable_diffusion.adapters.files.model_folders import LocalModelFolders
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.model_facts import ModelFacts, ModelFamily
from coreml_stable_diffusion.domain.pipeline_manifest import PackageRecord, PipelineManifest
from coreml_stable_diffusion.domain.tensor import Tensors
from fakes.networks import (
    FakeNetworkRuntime,
    fake_control_unet,
    fake_controlnet,
    fake_text_encoder,
    fake_unet,
    fake_vae_decoder,
    fake_vae_encoder,
)

CONTROLNET = "someone/edges"
_COMPONENTS = (
    Component.TEXT_ENCODER,
    Component.UNET,
    Component.VAE_DECODER,
    Component.VAE_ENCODER,
    Component.CONTROL_UNET,
    Component.CONTROLNET,
)


def _record(component: Component) -> PackageRecord:
    alone = component is Component.CONTROLNET
    return PackageRecord(
        component=component,
        file=component.package_name(CONTROLNET if alone else "sample"),
        files={},
        source="",
        plan=ConversionPlan(),
        model=CONTROLNET if alone else None,
    )


MANIFEST = PipelineManifest(
    facts=ModelFacts(
        model="sample",
        model_version="sample",
        revision="4f2a",
        licence=None,
        family=ModelFamily.SD1,
        scheduler={"_class_name": "PNDMScheduler", "skip_prk_steps": True},
        latent_channels=4,
        latent_height=3,
        latent_width=5,
        vae_scale_factor=8,
        vae_scaling_factor=0.18215,
        vae_shift_factor=0.0,
        text_length=77,
        safety_preprocessing=None,
    ),
    packages=tuple(map(_record, _COMPONENTS)),
)


def write_model_folder(folder: Path, manifest: PipelineManifest = MANIFEST) -> Path:
    """Write `pipeline.json` and a tokenizer of bytes; gives the folder back."""
    folder.mkdir(parents=True)
    LocalModelFolders(LocalWorkspace()).write_manifest(folder, manifest)
    letters = [chr(code) for code in range(ord("!"), ord("~") + 1)]
    tokens = [*letters, *(f"{each}</w>" for each in letters), "<|startoftext|>", "<|endoftext|>"]
    ids = {token: number for number, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    return folder


def sample_runtime() -> FakeNetworkRuntime:
    """Networks that let the noise pass, so that every seed gives a picture of its own."""
    networks = {
        Component.TEXT_ENCODER: fake_text_encoder(lambda _: {"last_hidden_state": 0.5}),
        Component.UNET: fake_unet(lambda _: {"noise_pred": 0.0}),
        Component.VAE_DECODER: fake_vae_decoder(_grey_of_latents),
        Component.VAE_ENCODER: fake_vae_encoder(_latents_of_grey),
        Component.CONTROL_UNET: fake_control_unet(
            lambda inputs: {"noise_pred": inputs["additional_residual_0"]}
        ),
        Component.CONTROLNET: fake_controlnet(
            lambda inputs: {"additional_residual_0": inputs["controlnet_cond"].mean()}
        ),
    }
    return FakeNetworkRuntime(
        {_record(component).file: network for component, network in networks.items()}
    )


def _grey_of_latents(inputs: Tensors) -> dict[str, np.floating]:
    return {"image": np.tanh(inputs["z"].astype(np.float32).mean())}


def _latents_of_grey(inputs: Tensors) -> dict[str, np.floating]:
    return {"latent": inputs["x"].astype(np.float32).mean()}
