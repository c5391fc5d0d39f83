"""What is kept of a picture's making."""

from typing import Any

from ... import __version__
from ...application.generate import GeneratedImage
from ...domain.pictures.picture_file import PictureFile
from ...domain.pipeline_manifest import PipelineManifest
from ...domain.request import GenerationRequest
from ...domain.schedulers.catalogue import scheduler_name
from ...domain.unet_kind import UnetKind
from ..picture_record import ControlRecord, PictureRecord
from ..settings import Settings
from .given_arrays import GivenArrays
from .picture_inputs import PictureInputs


def record_of(
    image: GeneratedImage,
    request: GenerationRequest,
    pictures: PictureInputs,
    arrays: GivenArrays | None,
    *,
    manifest: PipelineManifest,
    settings: Settings,
) -> PictureRecord:
    """Everything that decided the picture."""
    height, width, _ = image.pixels.shape
    own_scheduler = manifest.facts.scheduler.get("_class_name", "PNDM")
    return PictureRecord(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        prompt_syntax=request.prompt_syntax.value,
        clip_skip=request.clip_skip,
        num_inference_steps=request.run.steps,
        guidance_scale=request.guidance_scale_for(manifest),
        guidance_rescale=request.guidance_rescale,
        seed=image.seed,
        scheduler=scheduler_name(request.scheduler or own_scheduler),
        rng=request.rng.value,
        timesteps=request.timesteps,
        sigmas=request.sigmas,
        eta=request.eta,
        width=width,
        height=height,
        model=manifest.facts.model,
        revision=manifest.facts.revision,
        runtime=settings.runtime.value,
        version=__version__,
        refiner_start=request.refiner_start,
        sizes=request.sizes,
        packages=manifest.digests,
        **_source(request, pictures, UnetKind.of(manifest.facts)),
        **_controls(request, pictures),
        **_arrays(request, image, arrays),
    )


def _source(request: GenerationRequest, pictures: PictureInputs, kind: UnetKind) -> dict[str, Any]:
    source = request.source
    if source is None:
        return {}
    return {
        **_file("image", pictures.image),
        **_file("mask", pictures.mask),
        "strength": None if kind is UnetKind.INSTRUCTED else source.settled_strength,
        "keep_outside": source.keep_outside,
        "image_guidance_scale": request.image_guidance_scale,
    }


def _arrays(
    request: GenerationRequest, image: GeneratedImage, arrays: GivenArrays | None
) -> dict[str, Any]:
    if arrays is None:
        return {}
    row = None if arrays.latents is None else arrays.first_row + image.seed - request.seed
    return {"arrays": arrays.name, "arrays_sha256": arrays.sha256, "arrays_row": row}


def _file(name: str, file: PictureFile | None) -> dict[str, str]:
    return {} if file is None else {name: file.name, f"{name}_sha256": file.sha256}


def _controls(request: GenerationRequest, pictures: PictureInputs) -> dict[str, Any]:
    records = (
        ControlRecord(
            image=file.name, sha256=file.sha256, controlnet=each.controlnet, scale=each.scale
        )
        for file, each in zip(pictures.control_images, request.controls, strict=True)
    )
    return {"controls": tuple(records), "guess_mode": request.guess_mode}
