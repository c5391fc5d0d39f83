"""The Python interface: `StableDiffusion` with the argument names of diffusers, and `convert`."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self, final

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from ..application.generate import Generate, Watcher
from ..application.load_pipeline import LoadedPipeline
from ..domain.additions import NOTHING, Additions
from ..domain.conversion.plan import ConversionPlan
from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.errors import InvalidRequest
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.pixels import to_unit
from ..domain.prompt.syntax import PromptSyntax
from ..domain.randomness.kind import RandomKind
from ..domain.request import GenerationRequest
from ..domain.schedulers.prediction import Sample
from ..domain.source_picture import source_picture
from .choices import chosen
from .container import Container
from .converted_folder import converted_folder
from .given_pixels import given_pixels
from .published_model import published_model
from .random_seed import random_seed
from .settings import RuntimeChoice, Settings
from .this_machine import this_machine

#: Called as in diffusers: with the pipeline, the step's index, its timestep and {"latents": ...}.
StepCallback = Callable[["StableDiffusion", int, float, dict[str, Sample]], object]


@attrs.frozen(kw_only=True)
class Generation:
    """What a call returns, under diffusers' names; entries of the same index belong together.

    `images` are Pillow images or, for output_type="np", a (count, height, width, 3) float32 array
    from 0 to 1.
    """

    images: Any
    seeds: list[int]
    nsfw_content_detected: list[bool]


@final
class StableDiffusion:
    """A model whose networks are loaded, ready to draw as often as wanted."""

    def __init__(self, generate: Generate, pipeline: LoadedPipeline) -> None:
        """Draw with a pipeline that was loaded; `from_pretrained` is the shorter way."""
        self._generate = generate
        self._pipeline = pipeline

    @classmethod
    def from_pretrained(
        cls,
        model: str | Path = "pocket",
        *,
        runtime: str = "auto",
        compute_unit: str = "ALL",
        revision: str | None = None,
        check_safety: bool = True,
        low_memory: bool = False,
        quiet: bool = False,
    ) -> Self:
        """Load a folder of packages, or a checkpoint, which is converted once into the cache.

        `runtime` is "auto", "coreml" or "reference", `compute_unit` has Apple's names, `revision`
        is for models on the Hub. With `low_memory` each network is loaded when it is needed and
        released after. Raises CoremlStableDiffusionError in one of its kinds.
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
        pipeline = load(folder, compute_unit=unit, check_safety=check_safety, low_memory=low_memory)
        pipeline.networks.load(pipeline.drawing_components)
        return cls(container.generate(), pipeline)

    @property
    def manifest(self) -> PipelineManifest:
        """The facts of the model: where it comes from, its sizes, its scheduler."""
        return self._pipeline.manifest

    def __call__(
        self,
        prompt: str,
        *,
        negative_prompt: str | None = None,
        prompt_syntax: str = "plain",
        clip_skip: int | None = None,
        num_inference_steps: int = 25,
        guidance_scale: float | None = None,
        num_images_per_prompt: int = 1,
        seed: int | None = None,
        scheduler: str | None = None,
        rng: str = "numpy",
        timesteps: Sequence[float] | None = None,
        sigmas: Sequence[float] | None = None,
        eta: float | None = None,
        latents: ArrayLike | None = None,
        image: Image.Image | ArrayLike | None = None,
        strength: float | None = None,
        output_type: str = "pil",
        callback_on_step_end: StepCallback | None = None,
    ) -> Generation:
        """Draw pictures from a prompt.

        Picture number i is drawn from `seed` + i, a random one where left out, or from `latents`:
        (images, channels, height, width) with a deviation of 1. `rng` says whose random numbers a
        seed starts: numpy, torch or cuda. `timesteps` or `sigmas`, which end with the level to be
        reached, take the place of a number of steps. What the callback returns
        changes nothing; an exception stops the drawing. A guidance scale left out is the model's
        own. An `image` is changed as far as `strength` allows, above 0 to 1 and 0.8 where left out:
        a Pillow image, or (height, width, 3) pixels, uint8 or floating from 0 to 1.
        With a `prompt_syntax` of "a1111" brackets in prompts are weights. A `clip_skip` of 1 leaves
        the text encoder's last layer out, where it was converted so.
        Raises InvalidRequest, and MissingComponent for an image where there is no VAE encoder.
        """
        as_images = _images_maker(output_type)
        request = GenerationRequest(
            prompt=prompt,
            negative_prompt=negative_prompt or "",
            prompt_syntax=chosen(PromptSyntax, "prompt_syntax", prompt_syntax),
            clip_skip=clip_skip or 0,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=random_seed() if seed is None else seed,
            images_per_prompt=num_images_per_prompt,
            scheduler=scheduler,
            rng=chosen(RandomKind, "rng", rng),
            timesteps=None if timesteps is None else tuple(timesteps),
            sigmas=None if sigmas is None else tuple(sigmas),
            eta=eta,
            latents=None if latents is None else np.asarray(latents),
            source=source_picture(None if image is None else given_pixels(image), strength),
        )
        drawn = list(self._generate(self._pipeline, request, self._watcher(callback_on_step_end)))
        return Generation(
            images=as_images([image.pixels for image in drawn]),
            seeds=[image.seed for image in drawn],
            nsfw_content_detected=[image.flagged for image in drawn],
        )

    def _watcher(self, callback: StepCallback | None) -> Watcher | None:
        if callback is None:
            return None
        return lambda step: callback(self, step.index, step.timestep, {"latents": step.sample})


def convert(
    model: str | Path,
    destination: str | Path,
    plan: ConversionPlan | None = None,
    *,
    revision: str | None = None,
    additions: Additions = NOTHING,
    quiet: bool = False,
) -> PipelineManifest:
    """Convert a checkpoint (a folder, an id on the Hub, "pocket") to packages in `destination`.

    ControlNets and a refiner go with it as `additions`. Packages that are there and would become
    the same are kept. Raises CheckpointError,
    ConversionFailed and UnwritableOutput.
    """
    container = Container(settings=Settings.from_environment(quiet=quiet))
    return container.convert()(
        str(model), Path(destination), plan or ConversionPlan(), revision, additions
    )


def _images_maker(output_type: str) -> Callable[[list[NDArray[np.uint8]]], Any]:
    if output_type not in _IMAGES_MAKERS:
        raise InvalidRequest("output_type", f"{output_type!r} is none of pil, np")
    return _IMAGES_MAKERS[output_type]


def _pil(pictures: list[NDArray[np.uint8]]) -> list[Image.Image]:
    return [Image.fromarray(pixels) for pixels in pictures]


def _np(pictures: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
    return np.stack([to_unit(pixels) for pixels in pictures])


_IMAGES_MAKERS: dict[str, Callable[[list[NDArray[np.uint8]]], Any]] = {"pil": _pil, "np": _np}
