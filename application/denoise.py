"""Lead noise, or a picture under noise, to the latents that a request asks for."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import final

import attrs

from ..domain.pipelines.encoded_source import draws
from ..domain.pipelines.latents import Start, starts
from ..domain.ports.observing import Observer, Task
from ..domain.request import GenerationRequest
from ..domain.schedulers.prediction import Sample
from .load_pipeline import LoadedPipeline
from .preparation import Preparation, prepare
from .series import Series
from .settled_request import SettledRequest, settle
from .watching import GO_ON, Course, Watcher


@attrs.frozen(kw_only=True, eq=False)
class DenoisedLatents:
    """What the VAE makes a picture of, (1, channels, height, width) float32 as the UNet has it.

    `cut_prompt` is the end of the prompt that the text encoder had no place for.
    """

    latents: Sample = attrs.field(repr=False)
    seed: int
    cut_prompt: str = ""


@final
class Denoise:
    """Takes all steps of a request's pictures, as often as wanted."""

    def __init__(self, *, observer: Observer) -> None:
        self._observer = observer

    def __call__(
        self,
        pipeline: LoadedPipeline,
        request: GenerationRequest,
        watch: Watcher | None = None,
        series: Series | None = None,
    ) -> Iterator[DenoisedLatents]:
        """Lead the pictures of a request to their latents, one after another as they are asked for.

        `watch` sees every step of every picture, and may ask for another course. In a `series` the
        pictures are numbered on, which is told as they are drawn. What cannot be met
        is refused at once: raises InvalidRequest, MissingComponent and what the runtime raises
        where networks have yet to be loaded. While denoising, PredictionError where one fails, and
        what `watch` raises.
        """
        settled = settle(pipeline, request)
        pictures = starts(request, settled.latent_shape, draws(settled.kind, request.source))
        series = series or Series(count=request.images_per_prompt)
        return self._all(pipeline, settled, zip(series.titles(), pictures, strict=False), watch)

    def _all(
        self,
        pipeline: LoadedPipeline,
        settled: SettledRequest,
        pictures: Iterable[tuple[str, Start]],
        watch: Watcher | None,
    ) -> Iterator[DenoisedLatents]:
        prepared = prepare(pipeline, settled, self._observer)
        steps = len(settled.scheduler.timesteps) - settled.first
        for title, start in pictures:
            with self._observer.task(title, steps=steps) as task:
                latents = _led(prepared, start, watch, task)
            if latents is None:
                return
            yield DenoisedLatents(latents=latents, seed=start.seed, cut_prompt=prepared.cut_prompt)


def _led(prepared: Preparation, start: Start, watch: Watcher | None, task: Task) -> Sample | None:
    """The latents of a picture after its last step, None where whoever watches wants an end."""
    latents, reply = prepared.first_sample(start), GO_ON
    with closing(prepared.denoise(latents, start)) as steps:
        while reply.course is Course.ON:
            try:
                step = steps.send(reply.sample)
            except StopIteration:
                break
            task.advance()
            seen = attrs.evolve(step, index=step.index - prepared.settled.first)
            reply = (watch and watch(seen)) or GO_ON
            latents = step.sample if reply.sample is None else reply.sample
    return None if reply.course is Course.END else latents
