"""Drawing from Python: `StableDiffusion` with the argument names of diffusers."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Self, TypeVar, Unpack, final

import attrs
from numpy.typing import ArrayLike
from PIL import Image

from ..application.denoise import Denoise
from ..application.generate import Generate
from ..application.load_pipeline import LoadedPipeline
from ..application.settled_request import settle
from ..application.watching import Watcher
from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.errors import InvalidRequest
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.pipelines.preview import preview
from ..domain.prompt.syntax import PromptSyntax
from ..domain.request import GenerationRequest
from ..domain.schedulers.prediction import Sample
from .argument_names import naming_arguments
from .choices import chosen
from .container import Container
from .converted_folder import converted_folder
from .further_arguments import FurtherArguments, size_conditions
from .generation import (
    Generation,
    OutputType,
    generation_of_latents,
    generation_of_pictures,
)
from .given_arrays import given_array, given_numbers
from .given_pixels import GivenPictures, given_controls, given_sources
from .given_seeds import Generator, given_seeds
from .prompt_batch import PromptBatch
from .published_model import published_model
from .settings import RuntimeChoice, Settings
from .step_callback import watcher
from .this_machine import this_machine

#: Called as in diffusers: with the pipeline, the step's index, its timestep and {"latents": ...}.
StepCallback = Callable[["StableDiffusion", int, float, dict[str, Sample]], object]
Drawn = TypeVar("Drawn")


@final
class StableDiffusion:
    """A model whose networks are loaded, ready to draw as often as wanted."""

    # Whoever sets a scheduler as on a pipeline of diffusers hears that there is none to set.
    __slots__ = ("__weakref__", "_denoise", "_generate", "_interrupt", "_pipeline")

    def __init__(self, generate: Generate, denoise: Denoise, pipeline: LoadedPipeline) -> None:
        """Draw with a pipeline that was loaded; `from_pretrained` is the shorter way."""
        self._generate = generate
        self._denoise = denoise
        self._pipeline = pipeline
        # Callbacks set it, under this very name, where they know diffusers.
        self._interrupt = False

    @classmethod
    @naming_arguments()
    def from_pretrained(
        cls,
        model: str | Path = "pocket",
        *,
        runtime: str = "auto",
        compute_unit: str = "ALL",
        revision: str | None = None,
        model_version: str | None = None,
        check_safety: bool = True,
        low_memory: bool = False,
        quiet: bool = False,
    ) -> Self:
        """Load a folder of packages, or a checkpoint, which is converted once into the cache.

        `runtime` is "auto", "coreml", "reference" or "openvino", `compute_unit` has Apple's names,
        `revision` is for models on the Hub, `model_version` the checkpoint that packages of other
        tools were made of, whose configuration and tokenizer they go with. With `low_memory` each
        network is loaded when it is needed and released after. Raises CoremlStableDiffusionError
        in one of its kinds.
        """
        settings = Settings.from_environment(
            runtime=chosen(RuntimeChoice, "runtime", runtime), quiet=quiet
        )
        unit = chosen(ComputeUnit, "compute_unit", compute_unit)
        container = Container(settings=settings)
        folder = converted_folder(
            str(model),
            revision,
            fetch=partial(published_model, container.download(), this_machine(settings, unit)),
            convert=container.convert_into_cache(),
            cache=settings.cache,
        )
        load = container.load_pipeline()
        pipeline = load(
            folder,
            model_version=model_version,
            compute_unit=unit,
            check_safety=check_safety,
            low_memory=low_memory,
        )
        pipeline.networks.load(pipeline.drawing_components)
        return cls(container.generate(), container.denoise(), pipeline)

    @property
    def manifest(self) -> PipelineManifest:
        """The facts of the model: where it comes from, its sizes, its scheduler."""
        return self._pipeline.manifest

    @naming_arguments()
    def __call__(
        self,
        prompt: str | Sequence[str] | None = None,
        *,
        negative_prompt: str | Sequence[str] | None = None,
        prompt_syntax: str = "plain",
        clip_skip: int | None = None,
        prompt_embeds: ArrayLike | None = None,
        negative_prompt_embeds: ArrayLike | None = None,
        pooled_prompt_embeds: ArrayLike | None = None,
        negative_pooled_prompt_embeds: ArrayLike | None = None,
        height: int | None = None,
        width: int | None = None,
        num_inference_steps: int = 25,
        guidance_scale: float | None = None,
        guidance_rescale: float = 0.0,
        num_images_per_prompt: int = 1,
        seed: int | None = None,
        generator: Generator | Sequence[Generator] | None = None,
        rng: str | None = None,
        scheduler: str | None = None,
        timesteps: Sequence[float] | None = None,
        sigmas: Sequence[float] | None = None,
        eta: float | None = None,
        latents: ArrayLike | None = None,
        image: GivenPictures | None = None,
        strength: float | None = None,
        mask_image: GivenPictures | None = None,
        keep_outside: bool | None = None,
        image_guidance_scale: float | None = None,
        control_image: GivenPictures | None = None,
        controlnet: str | Sequence[str] | None = None,
        controlnet_conditioning_scale: float | Sequence[float] = (),
        guess_mode: bool = False,
        refiner_start: float | None = None,
        output_type: str = "pil",
        callback_on_step_end: StepCallback | None = None,
        **further: Unpack[FurtherArguments],
    ) -> Generation:
        """Draw pictures from a prompt, or from several one after another.

        Seeds: picture number i is drawn from `seed` + i, a random one where left out, or from
        `latents`, (pictures, channels, height, width) with a deviation of 1. `rng` says whose
        random numbers a seed starts: numpy, torch or cuda. A `generator` of PyTorch stands for its
        seed, and a list of them for one each.

        Steps: `timesteps` or `sigmas`, which end with the level to be reached, take the place of a
        number of steps. The callback is given the pipeline, as an object of this call alone, the
        step's index and timestep, and the `latents` with what they are heading for as `denoised`,
        which `preview` shows. It may return a dictionary with other `latents` to go on from, and
        set that object's `_interrupt` to have the picture as it is; where it returns False, or
        raises, nothing more is drawn. A guidance scale left out is the model's.

        Pictures are Pillow images, or (height, width, 3) pixels, uint8 or floating from 0 to 1. An
        `image` is changed as far as `strength` allows, above 0 to 1 and 0.8 where left out; with a
        `mask_image` of the same size only where that is white; `keep_outside=False` lets the VAE
        change all else a little, as diffusers does. Several are changed by a prompt each. Models
        that change pictures by instructions heed it by `image_guidance_scale`. Each
        `control_image` is read by the `controlnet` of its place, which a single one need not name.

        Texts: with a `prompt_syntax` of "a1111" brackets in prompts are weights. A `clip_skip` of 1
        leaves the text encoder's last layer out, where it was converted so. Embeddings have
        diffusers' shapes, with a row for each prompt. A refiner takes over when `refiner_start` of
        the noise is gone, 0.8 where there is one; 1 is never. The further sizes are told to Stable
        Diffusion XL. Raises InvalidRequest, for what only diffusers can do as well, and
        MissingComponent for what was not converted.
        """
        form = chosen(OutputType, "output_type", output_type)
        batch = PromptBatch.of(
            prompt,
            negative_prompt,
            prompt_embeds=prompt_embeds,
            negative_prompt_embeds=negative_prompt_embeds,
            pooled_prompt_embeds=pooled_prompt_embeds,
            negative_pooled_prompt_embeds=negative_pooled_prompt_embeds,
        )
        settings = GenerationRequest(
            prompt_syntax=chosen(PromptSyntax, "prompt_syntax", prompt_syntax),
            clip_skip=clip_skip or 0,
            height=height,
            width=width,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            guidance_rescale=guidance_rescale,
            images_per_prompt=num_images_per_prompt,
            seed=0,  # each picture's own takes its place
            scheduler=scheduler,
            timesteps=given_numbers("timesteps", timesteps),
            sigmas=given_numbers("sigmas", sigmas),
            eta=eta,
            image_guidance_scale=image_guidance_scale,
            controls=given_controls(control_image, controlnet, controlnet_conditioning_scale),
            guess_mode=guess_mode,
            refiner_start=refiner_start,
            sizes=size_conditions(further, signature(self).parameters),
        )
        count = len(batch.prompts)
        sources = given_sources(image, mask_image, strength, keep_outside=keep_outside, count=count)
        seeds, kind = given_seeds(seed, generator, rng, count * num_images_per_prompt)
        settings = attrs.evolve(settings, rng=kind)
        requests = list(batch.requests(settings, seeds, latents, sources))
        settled = settle(self._pipeline, requests[0])
        if form is OutputType.LATENT:
            denoised = self._drawn(self._denoise, requests, callback_on_step_end)
            return generation_of_latents(denoised, settled.latent_shape)
        drawn = self._drawn(self._generate, requests, callback_on_step_end)
        return generation_of_pictures(drawn, form, settled.size)

    def preview(self, latents: Sample) -> Image.Image:
        """A small picture of latents at any step, a pixel for each, without the VAE.

        Best of what the callback gives as `denoised`, which has no noise in it. Raises
        InvalidRequest for what is not (1, channels, height, width).
        """
        return Image.fromarray(preview(given_array("latents", latents), self.manifest.facts))

    def _drawn(
        self,
        draw: Callable[[LoadedPipeline, GenerationRequest, Watcher | None], Iterator[Drawn]],
        requests: Sequence[GenerationRequest],
        callback: StepCallback | None,
    ) -> list[Drawn]:
        watch = None if callback is None else self._watcher(callback)
        drawn = list[Drawn]()
        for request in requests:
            pictures = list(draw(self._pipeline, request, watch))
            drawn += pictures
            if len(pictures) < request.images_per_prompt:
                break
        return drawn

    def _watcher(self, callback: StepCallback) -> Watcher:
        if not callable(callback):
            raise InvalidRequest("callback_on_step_end", f"{callback!r} cannot be called")
        self._interrupt = False
        # The networks are the same; an interruption is of one call, whoever else draws meanwhile.
        caller = copy(self)

        def told(index: int, timestep: float, values: dict[str, Sample]) -> object:
            if index == 0:
                caller._interrupt = False  # noqa: SLF001 - it is a copy of this object
            return callback(caller, index, timestep, values)

        def interrupted() -> bool:
            return self._interrupt or caller._interrupt  # noqa: SLF001 - as above

        return watcher(told, interrupted)
