"""The denoising loop, one step after another for whoever iterates."""

from collections.abc import Callable, Generator

import attrs
import numpy as np

from ..randomness.source import RandomSource
from ..schedulers.prediction import Sample
from ..schedulers.scheduler import NO_HISTORY, Scheduler
from .inpainting import Inlay

#: What the network predicts for a sample at a timestep.
NoisePredictor = Callable[[Sample, float], Sample]


@attrs.frozen(kw_only=True)
class DenoisingStep:
    """A step that was taken: the sample after it, and the clean picture that it was heading for."""

    index: int
    timestep: float
    sample: Sample
    denoised: Sample


#: The steps one after another, then the outcome; whoever iterates may send a sample to go on from.
Steps = Generator[DenoisingStep, Sample | None, Sample]


def denoise(
    predict: NoisePredictor,
    scheduler: Scheduler,
    noise: Sample,
    source: RandomSource | None = None,
) -> Steps:
    """Lead standard normal noise to a picture, yielding every step of the scheduler.

    What a stochastic scheduler adds is drawn from the picture's own source, where the noise came
    from. The last step's `sample` is the outcome. Progress, previews and stopping early are the
    caller's. Raises InvalidRequest where noise is to be added and there is no source.
    """
    return denoise_from(predict, scheduler, scheduler.initial_noise_scale * noise, source)


def denoise_from(
    predict: NoisePredictor,
    scheduler: Scheduler,
    sample: Sample,
    source: RandomSource | None = None,
    *,
    first: int = 0,
    last: int | None = None,
    inlay: Inlay | None = None,
) -> Steps:
    """Lead a sample on that is as noisy as the step number `first` expects it.

    Such a sample is a picture that the scheduler's `noisy` laid under noise. The step number `last`
    is the first that is not taken any more. What an `inlay` keeps is laid into every sample.
    """
    history = NO_HISTORY
    for index, timestep in list(enumerate(scheduler.timesteps))[first:last]:
        prediction = predict(scheduler.scale_input(sample, index), timestep)
        fresh = None
        if source is not None and scheduler.draws_noise(index):
            fresh = source.standard_normal(sample.shape).astype(np.float32)
        step = scheduler.step(prediction, index, sample, history, fresh)
        sample, history = step.sample, step.history
        if inlay is not None:
            sample = inlay.laid_into(sample, scheduler, index + 1)
        sent = yield DenoisingStep(
            index=index, timestep=timestep, sample=sample, denoised=step.denoised
        )
        sample = sample if sent is None else sent
    return sample
