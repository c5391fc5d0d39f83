"""Draws the pictures of one command into their files."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from ... import __version__
from ...application.generate import GeneratedImage
from ...domain.picture_file import PictureFile
from ...domain.pipeline_manifest import PipelineManifest
from ...domain.request import GenerationRequest
from ...domain.schedulers.catalogue import scheduler_name
from ..container import Container
from ..converted_folder import converted_folder
from ..picture_record import PictureRecord
from ..published_model import published_model
from ..settings import Settings
from ..this_machine import this_machine
from .generation_options import ModelOptions


def draw(
    request: GenerationRequest,
    files: Sequence[Path],
    container: Container,
    model: ModelOptions,
    *,
    picture: PictureFile | None = None,
) -> Iterator[Path]:
    """Draw one picture a file and yield the file as soon as it is written.

    Before anything long begins, every file is tried. `picture` is the request's source, for the
    record. Raises what converting, generating and the image store raise.
    """
    settings = container.settings()
    store = container.image_store()
    for file in files:
        store.prepare(file)
    container.observer().note(f"Seed {request.seed}")
    folder = converted_folder(
        model.model,
        model.revision,
        fetch=partial(
            published_model, container.download(), this_machine(settings, model.compute_unit)
        ),
        convert=container.convert_into_cache(),
        cache=settings.cache,
    )
    pipeline = container.load_pipeline()(
        folder, compute_unit=model.compute_unit, low_memory=model.low_memory
    )
    for file, image in zip(files, container.generate()(pipeline, request), strict=True):
        record = _record(request, image, pipeline.manifest, settings, picture)
        store.save(file, image.pixels, record.texts())
        yield file


def _record(
    request: GenerationRequest,
    image: GeneratedImage,
    manifest: PipelineManifest,
    settings: Settings,
    picture: PictureFile | None,
) -> PictureRecord:
    height, width, _ = image.pixels.shape
    return PictureRecord(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        prompt_syntax=request.prompt_syntax.value,
        clip_skip=request.clip_skip,
        num_inference_steps=request.run.steps,
        guidance_scale=request.guidance_scale_for(manifest),
        seed=image.seed,
        scheduler=scheduler_name(
            request.scheduler or manifest.facts.scheduler.get("_class_name", "PNDM")
        ),
        width=width,
        height=height,
        model=manifest.facts.model,
        revision=manifest.facts.revision,
        runtime=settings.runtime.value,
        version=__version__,
        rng=request.rng.value,
        timesteps=request.timesteps,
        sigmas=request.sigmas,
        eta=request.eta,
        image=None if picture is None else picture.name,
        image_sha256=None if picture is None else picture.sha256,
        strength=None if request.source is None else request.source.settled_strength,
    )
