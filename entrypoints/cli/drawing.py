"""Draws the pictures of one command into their files."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

import attrs

from ...application.load_pipeline import LoadedPipeline
from ...application.series import Series
from ...domain.drawable import require_drawable
from ...domain.pictures.picture_grid import picture_grid
from ...domain.pipeline_manifest import PipelineManifest
from ...domain.request import GenerationRequest
from ..container import Container
from ..converted_folder import converted_folder
from ..published_model import published_model
from ..this_machine import this_machine
from .given_arrays import GivenArrays
from .model_options import ModelOptions
from .picture_inputs import PictureInputs
from .previews import Previews
from .recording import record_of


@attrs.frozen(kw_only=True)
class Drawing:
    """What one command draws: requests one after another, and a file for each picture of theirs.

    `pictures` and `arrays` are what all requests draw from, for the record. With `save_every` small
    pictures of the steps stand beside each file, with `grid` all pictures in one. `require` may
    refuse a model.
    """

    requests: Sequence[GenerationRequest]
    files: Sequence[Path]
    model: ModelOptions
    pictures: PictureInputs = attrs.field(factory=PictureInputs)
    arrays: GivenArrays | None = None
    save_every: int | None = None
    grid: Path | None = None
    require: Callable[[PipelineManifest], None] | None = None


def draw(drawing: Drawing, container: Container) -> Iterator[Path]:
    """Draw and yield each file as soon as it is written, the grid last.

    Before anything long begins, every file is tried and every request. Raises what converting,
    generating and the image store raise.
    """
    store, settings = container.image_store(), container.settings()
    for file in chain(drawing.files, filter(None, [drawing.grid])):
        store.prepare(file)
    container.network_runtime().require_available()
    container.observer().note(f"Seed {drawing.requests[0].seed}")
    pipeline = _loaded(drawing, container)
    previews = Previews.of(drawing.save_every, drawing.files, store, pipeline.facts)
    generate, watch = container.generate(), None if previews is None else previews.watch
    count, each_has = len(drawing.files), drawing.requests[0].images_per_prompt
    drawn = [
        (each, generate(pipeline, each, watch, Series(count=count, before=each_has * number)))
        for number, each in enumerate(drawing.requests)
    ]
    images = ((request, image) for request, images in drawn for image in images)
    for_grid = []
    for file, (request, image) in zip(drawing.files, images, strict=True):
        record = record_of(
            image,
            request,
            drawing.pictures,
            drawing.arrays,
            manifest=pipeline.manifest,
            settings=settings,
        )
        store.save(file, image.pixels, record.texts())
        if drawing.grid is not None:
            for_grid.append(image.pixels)
        yield file
    if drawing.grid is not None:
        store.save(drawing.grid, picture_grid(for_grid), {})
        yield drawing.grid


def _require_all(drawing: Drawing, manifest: PipelineManifest) -> None:
    for request in drawing.requests:
        require_drawable(manifest, request)


def _loaded(drawing: Drawing, container: Container) -> LoadedPipeline:
    settings, model = container.settings(), drawing.model
    folder = converted_folder(
        model.model,
        model.revision,
        fetch=partial(
            published_model, container.download(), this_machine(settings, model.compute_unit)
        ),
        convert=partial(container.convert_into_cache(), require=partial(_require_all, drawing)),
        cache=settings.cache,
    )
    load = container.load_pipeline()
    pipeline = load(
        folder,
        model_version=model.model_version,
        compute_unit=model.compute_unit,
        check_safety=model.check_safety,
        low_memory=model.low_memory,
    )
    if drawing.require is not None:
        drawing.require(pipeline.manifest)
    return pipeline
