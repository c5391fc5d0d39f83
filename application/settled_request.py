"""A request next to the pipeline that is to meet it: everything decided, or refused."""

from collections.abc import Mapping
from typing import Any

import attrs

from ..domain.component import Component
from ..domain.drawable import require_drawable
from ..domain.pictures.control_picture import chosen_controlnet
from ..domain.pictures.picture_size import Size, latent_size
from ..domain.pipelines.guidance import Guidance
from ..domain.pipelines.network_call import input_named
from ..domain.request import GenerationRequest
from ..domain.schedulers.catalogue import scheduler_from_config
from ..domain.schedulers.scheduler import Scheduler
from ..domain.schedulers.strength import first_step
from ..domain.unet_kind import UnetKind
from .load_pipeline import LoadedPipeline

#: As in Apple's Swift package.
USUAL_REFINER_START = 0.8
#: As in diffusers' pipeline for InstructPix2Pix.
USUAL_IMAGE_GUIDANCE_SCALE = 1.5

_UNETS = (Component.UNET, Component.CONTROL_UNET)


@attrs.frozen(kw_only=True)
class SettledRequest:
    """What decides the pictures of a request.

    Steps are taken from the number `first` on, by the refiner from the number `refiner_start` on,
    None where there is none. `latent_shape` is that of one picture.
    """

    request: GenerationRequest
    scheduler: Scheduler = attrs.field(repr=False)
    first: int
    refiner_start: int | None
    guidance: Guidance
    kind: UnetKind
    controlnets: tuple[str, ...]
    latent_shape: tuple[int, int, int, int]
    vae_scale_factor: int

    @property
    def unet(self) -> Component:
        """Which UNet draws."""
        return Component.CONTROL_UNET if self.controlnets else Component.UNET

    @property
    def base_end(self) -> int:
        """The first step that the UNet does not take any more."""
        if self.refiner_start is None:
            return len(self.scheduler.timesteps)
        return max(self.refiner_start, self.first)

    @property
    def size(self) -> Size:
        """Height and width of the pictures in pixels."""
        _, _, height, width = self.latent_shape
        return height * self.vae_scale_factor, width * self.vae_scale_factor


def settle(pipeline: LoadedPipeline, request: GenerationRequest) -> SettledRequest:
    """Decide everything, and make the networks ready that the request needs.

    Raises InvalidRequest and MissingComponent before anything is loaded, where that is not needed
    to know, and what the runtime raises.
    """
    require_drawable(pipeline.manifest, request)
    kind = UnetKind.of(pipeline.facts)
    scheduler = scheduler_from_config(pipeline.facts.scheduler, request.run, request.scheduler)
    names = pipeline.networks.controlnet_names
    controlnets = tuple(chosen_controlnet(each.controlnet, names) for each in request.controls)
    unet = Component.CONTROL_UNET if controlnets else Component.UNET
    pipeline.networks.load(_components(pipeline, request, unet), controlnets)
    return SettledRequest(
        request=request,
        scheduler=scheduler,
        first=_first_step(scheduler, request, kind),
        refiner_start=_refiner_start(pipeline, scheduler, request),
        guidance=_guidance(pipeline, request, kind),
        kind=kind,
        controlnets=controlnets,
        latent_shape=_latent_shape(pipeline, request, unet),
        vae_scale_factor=pipeline.facts.vae_scale_factor,
    )


def _components(
    pipeline: LoadedPipeline, request: GenerationRequest, unet: Component
) -> list[Component]:
    needed = [unet if each in _UNETS else each for each in pipeline.drawing_components]
    if request.source is not None:
        needed.append(Component.VAE_ENCODER)
    if _refines(pipeline, request):
        needed.append(Component.REFINER)
    return needed


def _latent_shape(
    pipeline: LoadedPipeline, request: GenerationRequest, component: Component
) -> tuple[int, int, int, int]:
    """What the UNet's inputs have room for, of what was asked. Raises InvalidRequest."""
    facts, unet = pipeline.facts, pipeline.networks.of(component)
    if request.texts is not None:
        states = input_named(unet, "encoder_hidden_states")
        request.texts.require_fit(states, pools=facts.family.is_xl)
    size = latent_size(
        input_named(unet, "sample"),
        facts.vae_scale_factor,
        height=request.height,
        width=request.width,
    )
    pipeline.networks.release(component)
    return (1, facts.latent_channels, *size)


def _refines(pipeline: LoadedPipeline, request: GenerationRequest) -> bool:
    has_one = pipeline.manifest.record(Component.REFINER) is not None
    return has_one and request.refiner_start != 1


def _first_step(scheduler: Scheduler, request: GenerationRequest, kind: UnetKind) -> int:
    if request.source is None or kind is UnetKind.INSTRUCTED:
        return 0
    return first_step(scheduler, request.run.steps, request.source.settled_strength)


def _refiner_start(
    pipeline: LoadedPipeline, scheduler: Scheduler, request: GenerationRequest
) -> int | None:
    """The first step of the refiner; diffusers' `denoising_end` and `denoising_start`."""
    if not _refines(pipeline, request):
        return None
    config: Mapping[str, Any] = pipeline.facts.scheduler
    count = int(config.get("num_train_timesteps", 1000))
    start = USUAL_REFINER_START if request.refiner_start is None else request.refiner_start
    cutoff = round(count - start * count)
    taken_before = sum(timestep >= cutoff for timestep in scheduler.timesteps)
    return taken_before - taken_before % scheduler.evaluations_per_step


def _guidance(pipeline: LoadedPipeline, request: GenerationRequest, kind: UnetKind) -> Guidance:
    picture_scale = None
    if kind is UnetKind.INSTRUCTED:
        asked = request.image_guidance_scale
        picture_scale = USUAL_IMAGE_GUIDANCE_SCALE if asked is None else asked
    return Guidance(
        scale=request.guidance_scale_for(pipeline.manifest),
        rescale=request.guidance_rescale,
        embedded=pipeline.facts.guidance_embedding_width is not None,
        picture_scale=picture_scale,
    )
