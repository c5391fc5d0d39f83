"""The denoising loop, one step after another for whoever iterates."""

from collections.abc import Callable, Iterator

import attrs

from ..schedulers.prediction import Sample
from ..schedulers.scheduler import NO_HISTORY, Scheduler

#: What the network predicts for a sample at a timestep.
NoisePredictor = Callable[[Sample, float], Sample]


@attrs.frozen(kw_only=True)
class DenoisingStep:
    """A step that was taken: the sample after it, and the clean picture that it was heading for."""

    index: int
    timestep: float
    sample: Sample
    denoised: Sample


def denoise(
    predict: NoisePredictor, scheduler: Scheduler, noise: Sample
) -> Iterator[DenoisingStep]:
    """Lead standard normal noise to a picture, yielding every step of the scheduler.

    The last step's `sample` is the outcome. Progress, previews and stopping early are the caller's.
    """
    sample, history = scheduler.initial_noise_scale * noise, NO_HISTORY
    for index, timestep in enumerate(scheduler.timesteps):
        prediction = predict(scheduler.scale_input(sample, index), timestep)
        step = scheduler.step(prediction, index, sample, history)
        sample, history = step.sample, step.history
        yield DenoisingStep(index=index, timestep=timestep, sample=sample, denoised=step.denoised)
