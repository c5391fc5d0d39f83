"""Draw pictures from a prompt, or from one and a picture, with a pipeline that was loaded."""

from collections.abc import Callable, Iterable, Iterator
from typing import final

import attrs
import numpy as np
from numpy.typing import NDArray

from ..domain.component import Component
from ..domain.conditioning import Conditioning
from ..domain.guidance import Guidance
from ..domain.latents import Start, starts
from ..domain.pipelines.denoise import DenoisingStep, denoise_from
from ..domain.pipelines.network_call import input_named
from ..domain.pipelines.noise_prediction import noise_predictor
from ..domain.ports.observing import Observer
from ..domain.posterior import Posterior
from ..domain.prompt.prompt_tokens import PromptTokens
from ..domain.prompt.syntax import PromptSyntax
from ..domain.request import GenerationRequest
from ..domain.schedulers.catalogue import scheduler_from_config
from ..domain.schedulers.prediction import Sample
from ..domain.schedulers.scheduler import Scheduler
from ..domain.schedulers.strength import first_step
from .load_pipeline import LoadedPipeline

#: Sees each step after it was taken; the first that is taken has the index 0.
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

        `watch` sees every step of every picture, and may end it all with an exception. What cannot
        be met is refused at once: raises InvalidRequest, MissingComponent and what the runtime
        raises where networks have yet to be loaded. While drawing, PredictionError where one fails.
        """
        facts = pipeline.manifest.facts
        scheduler = scheduler_from_config(facts.scheduler, request.run, request.scheduler)
        first, components = 0, list(pipeline.drawing_components)
        if request.source is not None:
            first = first_step(scheduler, request.run.steps, request.source.strength)
            components.append(Component.VAE_ENCODER)
        pipeline.networks.load(components)
        pictures = starts(request, _latent_shape(pipeline))
        pipeline.networks.release(Component.UNET)
        return self._draw(pipeline, request, scheduler, pictures, first=first, watch=watch)

    def _draw(
        self,
        pipeline: LoadedPipeline,
        request: GenerationRequest,
        scheduler: Scheduler,
        pictures: Iterable[Start],
        *,
        first: int,
        watch: Watcher | None,
    ) -> Iterator[GeneratedImage]:
        guidance = Guidance(scale=request.guidance_scale_for(pipeline.manifest))
        conditioning, cut_prompt = self._conditioning(pipeline, request, guidance)
        posterior = self._encoded(pipeline, request)
        for number, start in enumerate(pictures, start=1):
            title = f"Picture {number} of {request.images_per_prompt}"
            latents = _first_sample(scheduler, first, start, posterior)
            predict = noise_predictor(pipeline.unet, conditioning, guidance)
            with self._observer.task(title, steps=len(scheduler.timesteps) - first) as task:
                for step in denoise_from(predict, scheduler, latents, start.source, first=first):
                    latents = step.sample
                    task.advance()
                    if watch is not None:
                        watch(attrs.evolve(step, index=step.index - first))
            pipeline.networks.release(Component.UNET)
            yield self._picture(pipeline, latents, seed=start.seed, cut_prompt=cut_prompt)

    def _conditioning(
        self, pipeline: LoadedPipeline, request: GenerationRequest, guidance: Guidance
    ) -> tuple[Conditioning, str]:
        """The texts as the UNet takes them, and what of the prompt was cut."""
        encoding = pipeline.text_encoding
        syntax = request.prompt_syntax
        tokens = [self._tokenize(pipeline, "prompt", request.prompt, syntax)]
        if guidance.guides:
            negative = self._tokenize(pipeline, "negative prompt", request.negative_prompt, syntax)
            tokens.insert(0, negative)
        encoded = (encoding.encode(each, request.clip_skip) for each in tokens)
        conditioning = Conditioning.of(*encoded)
        pipeline.networks.release(Component.TEXT_ENCODER)
        return conditioning, tokens[-1][0].cut

    def _tokenize(
        self, pipeline: LoadedPipeline, title: str, text: str, syntax: PromptSyntax
    ) -> tuple[PromptTokens, ...]:
        tokens = pipeline.text_encoding.tokenize(text, syntax, _chunks(pipeline))
        if cut := tokens[0].cut:
            self._observer.note(
                f"The {title} is longer than {tokens[0].fitting} tokens"
                f"{', BREAK counted,' if syntax is PromptSyntax.A1111 else ''};"
                f" this was left out: {cut}"
            )
        return tokens

    def _encoded(self, pipeline: LoadedPipeline, request: GenerationRequest) -> Posterior | None:
        """The latents of the picture to be changed, where there is one."""
        encoding, picture = pipeline.picture_encoding, request.source
        if encoding is None or picture is None:
            return None
        (rows, columns, _), (height, width) = picture.pixels.shape, encoding.size
        if (rows, columns) != (height, width):
            stretched = ", which changes its shape" if rows * width != columns * height else ""
            self._observer.note(
                f"The picture was resized from {columns} x {rows} to {width} x {height} pixels"
                + stretched
            )
        posterior = encoding.encode(picture.pixels)
        pipeline.networks.release(Component.VAE_ENCODER)
        return posterior

    def _picture(
        self, pipeline: LoadedPipeline, latents: Sample, *, seed: int, cut_prompt: str
    ) -> GeneratedImage:
        """Decode and check; what is flagged is blacked out."""
        pixels = pipeline.picture_decoding.decode(latents)
        pipeline.networks.release(Component.VAE_DECODER)
        flagged = pipeline.safety_check is not None and pipeline.safety_check.flags(pixels)
        pipeline.networks.release(Component.SAFETY_CHECKER)
        if flagged:
            self._observer.note(f"The safety checker blacked out the picture of seed {seed}")
        return GeneratedImage(
            pixels=np.zeros_like(pixels) if flagged else pixels,
            seed=seed,
            flagged=flagged,
            cut_prompt=cut_prompt,
        )


def _latent_shape(pipeline: LoadedPipeline) -> tuple[int, ...]:
    """One picture's latents: (1, channels, height, width)."""
    _, channels, height, width = input_named(pipeline.unet, "sample").shape
    return 1, channels, height, width


def _chunks(pipeline: LoadedPipeline) -> int:
    """How many chunks of text the UNet attends to."""
    *_, length = input_named(pipeline.unet, "encoder_hidden_states").shape
    return length // pipeline.text_encoding.encoders[0].length


def _first_sample(
    scheduler: Scheduler, first: int, start: Start, posterior: Posterior | None
) -> Sample:
    """Noise alone, or the source picture under as much of it as the first step expects."""
    if posterior is None or start.posterior_noise is None:
        return scheduler.initial_noise_scale * start.noise
    return scheduler.noisy(posterior.sample(start.posterior_noise), start.noise, first)
