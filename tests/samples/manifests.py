"""A manifest with something in every field."""

import attrs
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.conversion.plan import ComputePrecision, ConversionPlan
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.domain.model_facts import Change, ModelFacts, ModelFamily
from coreml_stable_diffusion.domain.pictures.clip_image import ClipImagePreprocessing
from coreml_stable_diffusion.domain.pipeline_manifest import PackageRecord, PipelineManifest


def record(component: Component = Component.UNET) -> PackageRecord:
    return PackageRecord(
        component=component,
        file=component.package_name("owner/model"),
        files={"Manifest.json": "12ab", "Data/com.apple.CoreML/weights/weight.bin": "34cd"},
        source="56ef",
        plan=ConversionPlan(
            components=(Component.UNET, Component.VAE_DECODER),
            deployment_target=DeploymentTarget.IOS17,
            compute_unit=ComputeUnit.CPU_AND_NE,
            precision=ComputePrecision.FLOAT16,
            latent_height=16,
            latent_width=8,
            unet_batch_one=True,
            palettization=Palettization(bits=6),
            vae_palettization=Palettization(bits=8, include_embeddings=True),
        ),
        versions={"coremltools": "9.0"},
    )


def manifest() -> PipelineManifest:
    return PipelineManifest(
        facts=ModelFacts(
            model="owner/model",
            model_version="owner/model",
            revision="0123abcd",
            licence="openrail",
            family=ModelFamily.SD2,
            scheduler={
                "_class_name": "PNDMScheduler",
                "beta_start": 0.00085,
                "trained_betas": None,
            },
            latent_channels=4,
            latent_height=16,
            latent_width=8,
            vae_scale_factor=8,
            vae_scaling_factor=0.18215,
            vae_shift_factor=0.0,
            text_length=77,
            vae_needs_float32=True,
            padding_token_2="<pad>",  # noqa: S106 - a token of text
            unet_channels=9,
            guidance_embedding_width=256,
            requires_aesthetics_score=True,
            force_zeros_for_empty_prompt=True,
            changes=(Change(kind="LoRA", name="style.safetensors", digest="78ab", scale=0.5),),
            padding_token="!",  # noqa: S106 - a token of text
            safety_preprocessing=ClipImagePreprocessing(
                size=224, mean=(0.48, 0.46, 0.41), standard_deviation=(0.27, 0.26, 0.28)
            ),
        ),
        packages=(
            record(),
            record(Component.TEXT_ENCODER),
            attrs.evolve(record(Component.CONTROLNET), model="owner/edges", revision="4567cdef"),
        ),
    )
