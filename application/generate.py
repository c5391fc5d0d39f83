"""Draw pictures from prompts, and from pictures and prompts, with a pipeline that was loaded."""

from collections.abc import Iterable, Iterator
from typing import final

import attrs
import numpy as np
from numpy.typing import NDArray

from ..domain.component import Component
from ..domain.pipelines.inpainting import pasted
from ..domain.pipelines.picture_encoding import Fitting
from ..domain.ports.observing import Observer
from ..domain.request import GenerationRequest
from .denoise import Denoise, DenoisedLatents
from .load_pipeline import LoadedPipeline
from .series import Series
from .watching import Watcher


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
        self._denoise = Denoise(observer=observer)
        self._observer = observer

    def __call__(
        self,
        pipeline: LoadedPipeline,
        request: GenerationRequest,
        watch: Watcher | None = None,
        series: Series | None = None,
    ) -> Iterator[GeneratedImage]:
        """Draw the pictures of a request, one after another as they are asked for.

        What `watch` may ask for, what a `series` is and what is raised, is as in Denoise.
        """
        denoised = self._denoise(pipeline, request, watch, series)
        return self._pictures(pipeline, request, denoised)

    def _pictures(
        self,
        pipeline: LoadedPipeline,
        request: GenerationRequest,
        all_denoised: Iterable[DenoisedLatents],
    ) -> Iterator[GeneratedImage]:
        """Decode and check; what is flagged is blacked out."""
        for denoised in all_denoised:
            pixels = pipeline.picture_decoding.decode(denoised.latents)
            fitting = Fitting(size=pixels.shape[:2], resizer=pipeline.resizer)
            pixels = pasted(pixels, request.source, fitting)
            flagged = pipeline.safety_check is not None and pipeline.safety_check.flags(pixels)
            pipeline.networks.release(Component.VAE_DECODER, Component.SAFETY_CHECKER)
            if flagged:
                note = f"The safety checker blacked out the picture of seed {denoised.seed}"
                self._observer.note(note)
            yield GeneratedImage(
                pixels=np.zeros_like(pixels) if flagged else pixels,
                seed=denoised.seed,
                flagged=flagged,
                cut_prompt=denoised.cut_prompt,
            )
