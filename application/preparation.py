"""What is computed once for all pictures of a request, before their first step."""

import attrs

from ..domain.component import Component
from ..domain.pipelines.denoise import Steps, denoise_from
from ..domain.pipelines.encoded_source import EncodedSource, encode_source
from ..domain.pipelines.latents import Start
from ..domain.pipelines.noise_prediction import noise_predictor
from ..domain.pipelines.picture_encoding import Fitting
from ..domain.ports.observing import Observer
from ..domain.schedulers.prediction import Sample
from .legs import Leg, base_leg, refiner_leg
from .load_pipeline import LoadedPipeline
from .networks import Networks
from .settled_request import SettledRequest


@attrs.frozen(kw_only=True, eq=False)
class Preparation:
    """Encoded texts and pictures, and who takes which steps."""

    settled: SettledRequest
    networks: Networks
    legs: tuple[Leg, ...]
    source: EncodedSource | None
    cut_prompt: str

    def first_sample(self, start: Start) -> Sample:
        """What a picture's first step sets out from."""
        scheduler = self.settled.scheduler
        if self.source is None:
            return scheduler.initial_noise_scale * start.noise
        return self.source.first_sample(scheduler, self.settled.first, start)

    def denoise(self, sample: Sample, start: Start) -> Steps:
        """Take all steps of a picture, one after another; each UNet is released after its last."""
        for leg in self.legs:
            try:
                sample = yield from self._steps(leg, sample, start)
            finally:
                self.networks.release(leg.component)
                self.networks.release_controlnets(self.settled.controlnets)
        return sample

    def _steps(self, leg: Leg, sample: Sample, start: Start) -> Steps:
        conditioning, source = leg.conditioning, self.source
        # Refiners are of one kind whatever the model is, and take no channels beside the sample's.
        if source is not None and leg.component is not Component.REFINER:
            channels = source.channels(start, conditioning.rows)
            conditioning = attrs.evolve(conditioning, channels=channels)
        return denoise_from(
            noise_predictor(leg.unet, conditioning, self.settled.guidance, leg.control),
            self.settled.scheduler,
            sample,
            start.source,
            first=leg.first,
            last=leg.last,
            inlay=None if source is None else source.inlay(start),
        )


def prepare(pipeline: LoadedPipeline, settled: SettledRequest, observer: Observer) -> Preparation:
    """Encode the texts, then the pictures; networks are released as soon as their work is done.

    Raises PredictionError where one fails.
    """
    fitting = Fitting(size=settled.size, resizer=pipeline.resizer)
    base, texts = base_leg(pipeline, settled, fitting, observer)
    legs = [base]
    if settled.refiner_start is not None:
        legs.append(refiner_leg(pipeline, settled, observer))
    pipeline.networks.release(*pipeline.text_encoders)
    source = _source(pipeline, settled, fitting, observer)
    pipeline.networks.release(Component.VAE_ENCODER)
    return Preparation(
        settled=settled,
        networks=pipeline.networks,
        legs=tuple(leg for leg in legs if leg.first < leg.last),
        source=source,
        cut_prompt=texts.cut_prompt,
    )


def _source(
    pipeline: LoadedPipeline, settled: SettledRequest, fitting: Fitting, observer: Observer
) -> EncodedSource | None:
    source = settled.request.source
    if source is None:
        return None
    (rows, columns, _), (height, width) = source.pixels.shape, settled.size
    if (rows, columns) != (height, width):
        stretched = ", which changes its shape" if rows * width != columns * height else ""
        observer.note(
            f"The picture was resized from {columns} x {rows} to {width} x {height} pixels"
            + stretched
        )
    return encode_source(settled.kind, source, fitting, pipeline.picture_encoding)
