"""Which UNet takes which steps of a request, and what it is told."""

import attrs
import numpy as np

from ..domain.component import Component
from ..domain.conditioning import Conditioning
from ..domain.pictures.pixels import to_unit
from ..domain.pipelines.control import Control, GuidingPicture
from ..domain.pipelines.guidance import guidance_embedding
from ..domain.pipelines.network_call import input_named
from ..domain.pipelines.picture_encoding import Fitting
from ..domain.ports.networks import Network
from ..domain.ports.observing import Observer
from ..domain.schedulers.prediction import Sample
from .encoded_texts import EncodedTexts, TextReading
from .load_pipeline import LoadedPipeline
from .settled_request import SettledRequest

# Original size, top left of the crop and target size; for a refiner a score in the target's place.
_SIZES, _SIZES_AND_SCORE = 6, 5


@attrs.frozen(kw_only=True)
class Leg:
    """The steps from the number `first` to before the number `last`, taken by one UNet."""

    component: Component
    unet: Network = attrs.field(repr=False)
    conditioning: Conditioning
    control: Control | None = None
    first: int
    last: int


def base_leg(
    pipeline: LoadedPipeline, settled: SettledRequest, fitting: Fitting, observer: Observer
) -> tuple[Leg, EncodedTexts]:
    """The UNet's steps, and the texts that steer them."""
    reading = TextReading(
        encoding=pipeline.text_encoding,
        observer=observer,
        room=_room(pipeline, settled),
        zeros_for_none=pipeline.facts.force_zeros_for_empty_prompt,
    )
    texts = reading.encode(settled.request, settled.guidance.rows)
    leg = Leg(
        component=settled.unet,
        unet=pipeline.networks.of(settled.unet),
        conditioning=_conditioning(pipeline, settled, texts, scored=False),
        control=_control(pipeline, settled, fitting),
        first=settled.first,
        last=settled.base_end,
    )
    return leg, texts


def refiner_leg(pipeline: LoadedPipeline, settled: SettledRequest, observer: Observer) -> Leg:
    """The refiner's steps; it reads the same prompts with the last text encoder alone."""
    reading = TextReading(
        encoding=pipeline.refiner_text_encoding,
        observer=observer,
        room=_room(pipeline, settled),
    )
    texts = reading.encode(settled.request, settled.guidance.rows)
    return Leg(
        component=Component.REFINER,
        unet=pipeline.networks.of(Component.REFINER),
        conditioning=_conditioning(pipeline, settled, texts, scored=True),
        first=settled.base_end,
        last=len(settled.scheduler.timesteps),
    )


def _room(pipeline: LoadedPipeline, settled: SettledRequest) -> int:
    """How many chunks of text the UNet attends to."""
    unet = pipeline.networks.of(settled.unet)
    *_, length = input_named(unet, "encoder_hidden_states").shape
    return length // pipeline.text_encoding.encoders[0].length


def _conditioning(
    pipeline: LoadedPipeline, settled: SettledRequest, texts: EncodedTexts, *, scored: bool
) -> Conditioning:
    facts, rows = pipeline.facts, settled.guidance.rows
    embedding, time_ids = None, None
    if facts.guidance_embedding_width is not None:
        one = guidance_embedding(settled.guidance.scale, facts.guidance_embedding_width)
        embedding = np.repeat(one, rows, axis=0)
    if facts.family.is_xl:
        count = _SIZES_AND_SCORE if scored or facts.requires_aesthetics_score else _SIZES
        time_ids = _time_ids(settled, count)
    return attrs.evolve(
        Conditioning.of(*texts.rows), time_ids=time_ids, guidance_embedding=embedding
    )


def _time_ids(settled: SettledRequest, count: int) -> Sample:
    sizes, rows = settled.request.sizes, settled.guidance.rows
    negative = sizes.time_ids(settled.size, count, negative=True)
    return np.concatenate([*[negative] * (rows - 1), sizes.time_ids(settled.size, count)])


def _control(pipeline: LoadedPipeline, settled: SettledRequest, fitting: Fitting) -> Control | None:
    request = settled.request
    if not request.controls:
        return None
    pictures = tuple(
        GuidingPicture(
            network=pipeline.networks.controlnet(name),
            picture=to_unit(fitting.fitted(control.pixels)).transpose(2, 0, 1)[np.newaxis],
            scale=control.scale,
        )
        for name, control in zip(settled.controlnets, request.controls, strict=True)
    )
    return Control(pictures=pictures, guess_mode=request.guess_mode)
