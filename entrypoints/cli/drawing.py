"""Draws the pictures of one command into their files."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from ...domain.request import GenerationRequest
from ..container import Container
from ..converted_folder import converted_folder
from ..published_model import published_model
from ..this_machine import this_machine
from .generation_options import ModelOptions
from .picture_inputs import PictureInputs
from .previews import Previews
from .recording import record_of


def draw(
    request: GenerationRequest,
    files: Sequence[Path],
    container: Container,
    model: ModelOptions,
    *,
    pictures: PictureInputs,
    save_every: int | None = None,
) -> Iterator[Path]:
    """Draw one picture a file and yield the file as soon as it is written.

    Before anything long begins, every file is tried. `pictures` are what the request draws from,
    for the record. With `save_every` small pictures of the steps stand beside each file. Raises
    what converting, generating and the image store raise.
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
    previews = Previews.of(save_every, files, store, pipeline.facts)
    drawn = container.generate()(pipeline, request, None if previews is None else previews.watch)
    for file, image in zip(files, drawn, strict=True):
        record = record_of(image, request, pictures, manifest=pipeline.manifest, settings=settings)
        store.save(file, image.pixels, record.texts())
        yield file
