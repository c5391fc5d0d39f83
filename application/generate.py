"""Draw pictures from prompts, and from pictures and prompts, with a pipeline that was loaded."""

from collections.abc import Callable, Iterable, Iterator
from typing import final

import attrs
import numpy as np
from numpy.typing import NDArray

from ..domain.component import Component
from ..domain.pipelines.denoise import DenoisingStep
from ..domain.pipelines.encoded_source import draws
from ..domain.pipelines.latents import Start, starts
from ..domain.ports.observing import Observer
from ..domain.request import GenerationRequest
from ..domain.schedulers.prediction import Sample
from .load_pipeline import LoadedPipeline
from .preparation import Preparation, prepare
from .settled_request import SettledRequest, settle

#: Sees each step after it was taken, the first that is taken with the index 0; False ends it all.
Watcher = Callable[[DenoisingStep], object]


@attrs.frozen(kw_only=True)
class GeneratedImage:
    """A picture, (height, width, 3) 8-bit red, green and blue, and the seed that makes it again.

    Where the safety checker `flagged` it, it is black. `cut_prompt` is the end of the prompt that
    the text encoder had no place for.
    """

    pixels: NDArray[np.uint8] = attrs.field(eq=attrs.cmp_using(np.array_equal))
    seed: int
    flagged: bool = False
    cut_prompt: str = ""


@final
class Generate:
    """Draws what a request asks for, as often as wanted."""

    def __init__(self, *, observer: Observer) -> None:
        self._observer = observer

    def __call__(
        self,
        pipeline: LoadedPipeline,
        request: GenerationRequest,
        watch: Watcher | None = None,
    ) -> Iterator[GeneratedImage]:
        """Draw the pictures of a request, one after another as they are asked for.

        `watch` sees every step of every picture; where it gives False, or raises, no more pictures
        come. What cannot be met is refused at once: raises InvalidRequest, MissingComponent and
        what the runtime raises where networks have yet to be loaded. While drawing, PredictionError
        where one fails.
        """
        settled = settle(pipeline, request)
        pictures = starts(request, settled.latent_shape, draws(settled.kind, request.source))
        return self._draw(pipeline, settled, pictures, watch)

    def _draw(
        self,
        pipeline: LoadedPipeline,
        settled: SettledRequest,
        pictures: Iterable[Start],
        watch: Watcher | None,
    ) -> Iterator[GeneratedImage]:
        prepared = prepare(pipeline, settled, self._observer)
        steps = len(settled.scheduler.timesteps) - settled.first
        for number, start in enumerate(pictures, start=1):
            title = f"Picture {number} of {settled.request.images_per_prompt}"
            latents = prepared.first_sample(start)
            with self._observer.task(title, steps=steps) as task:
                for step in prepared.denoise(latents, start):
                    latents = step.sample
                    task.advance()
                    seen = attrs.evolve(step, index=step.index - settled.first)
                    if watch is not None and watch(seen) is False:
                        return
            yield self._picture(pipeline, prepared, latents, start.seed)

    def _picture(
        self, pipeline: LoadedPipeline, prepared: Preparation, latents: Sample, seed: int
    ) -> GeneratedImage:
        """Decode and check; what is flagged is blacked out."""
        pixels = prepared.pasted(pipeline.picture_decoding.decode(latents))
        flagged = pipeline.safety_check is not None and pipeline.safety_check.flags(pixels)
        pipeline.networks.release(Component.VAE_DECODER, Component.SAFETY_CHECKER)
        if flagged:
            self._observer.note(f"The safety checker blacked out the picture of seed {seed}")
        return GeneratedImage(
            pixels=np.zeros_like(pixels) if flagged else pixels,
            seed=seed,
            flagged=flagged,
            cut_prompt=prepared.cut_prompt,
        )
