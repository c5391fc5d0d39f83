"""Pseudo numerical methods for diffusion models (PNDM), and PLMS, which skips the warm-up.

Liu et al. (2022), "Pseudo Numerical Methods for Diffusion Models on Manifolds", formulas 9 to 13,
step by step as diffusers' PNDMScheduler: predictions are combined before they are read as noise.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import attrs

from ..errors import InvalidRequest
from .noise_level import CLEAN, NoiseLevel
from .noise_schedule import NoiseSchedule
from .prediction import PredictionType, Sample
from .run import Run
from .scheduler import History, Scheduler, Step
from .timesteps import TimestepSpacing, spaced_timesteps

#: Weights of the newest and older predictions (Adams-Bashforth), by how many there are.
_ADAMS_BASHFORTH = {
    1: (1.0,),
    2: (3 / 2, -1 / 2),
    3: (23 / 12, -16 / 12, 5 / 12),
    4: (55 / 24, -59 / 24, 37 / 24, -9 / 24),
}
_RUNGE_KUTTA = (1 / 6, 1 / 3, 1 / 3, 1 / 6)
_WARM_UP_STEPS = 3


@attrs.frozen(kw_only=True)
class Pndm(Scheduler):
    """A linear multistep method of fourth order.

    `warm_up` of 0 is PLMS, whose second step repeats the first with the mean of two predictions;
    otherwise the first `warm_up` evaluations, four a step, are of the Runge-Kutta method.
    `stride` is how many of the training's timesteps a step spans.
    """

    schedule: NoiseSchedule
    prediction_type: PredictionType
    timesteps: tuple[int, ...]
    stride: int
    warm_up: int
    final_level: NoiseLevel

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> "Pndm":
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        run.refuse_own_timesteps("PNDM takes none, since it needs evenly spaced ones")
        run.refuse_own_sigmas("PNDM steps by timesteps")
        schedule = NoiseSchedule.from_config(config)
        spaced = spaced_timesteps(
            TimestepSpacing.from_config(config, default=TimestepSpacing.LEADING),
            run.steps,
            timestep_count=schedule.timestep_count,
            offset=int(config.get("steps_offset", 0)),
        )
        stride = schedule.timestep_count // run.steps
        # As diffusers' inpainting pipeline decides: the warm-up cannot be entered midway.
        skips = run.from_picture or config.get("skip_prk_steps", False)
        warm_up = () if skips else _warm_up(spaced, stride)
        return cls(
            schedule=schedule,
            prediction_type=PredictionType.from_config(config),
            timesteps=(*warm_up, *spaced[_WARM_UP_STEPS:]) if warm_up else _repeat_second(spaced),
            stride=stride,
            warm_up=len(warm_up),
            final_level=CLEAN if config.get("set_alpha_to_one", False) else schedule.level(0),
        )

    def level(self, index: int) -> NoiseLevel:
        """How noisy the sample is that the step of this index sets out from."""
        return self.schedule.level(self.timesteps[index])

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,  # noqa: ARG002 -- no noise is added
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        denoised = self.prediction_type.denoised(prediction, sample, self.level(index))
        take = self._runge_kutta if index < self.warm_up else self._multistep
        following, history = take(prediction, index, sample, history)
        return Step(sample=following, denoised=denoised, history=history)

    def _multistep(
        self, prediction: Sample, index: int, sample: Sample, history: History
    ) -> tuple[Sample, History]:
        timestep = self.timesteps[index]
        if history.sample is not None:
            (first,) = history.predictions
            start, mean = history.sample, (prediction + first) / 2
            following = self._transfer(start, mean, timestep + self.stride, timestep)
            return following, History(predictions=history.predictions)
        predictions = (*history.predictions[-3:], prediction)
        weights = _ADAMS_BASHFORTH[len(predictions)]
        combined = _weighted_sum(weights, predictions[::-1])
        following = self._transfer(sample, combined, timestep, timestep - self.stride)
        repeated = sample if not history.predictions else None
        return following, History(predictions=predictions, sample=repeated)

    def _runge_kutta(
        self, prediction: Sample, index: int, sample: Sample, history: History
    ) -> tuple[Sample, History]:
        step, stage = divmod(index, 4)
        start = sample if stage == 0 or history.sample is None else history.sample
        predictions = (*history.predictions, prediction)
        last_stage = stage == 3
        combined = _weighted_sum(_RUNGE_KUTTA, predictions[step:]) if last_stage else prediction
        span = 0 if stage % 2 else self.stride // 2
        following = self._transfer(
            start, combined, self.timesteps[4 * step], self.timesteps[index] - span
        )
        # Of a finished step only the first prediction is of use to the multistep method.
        kept = predictions[: step + 1] if last_stage else predictions
        last_of_all = index == self.warm_up - 1
        return following, History(predictions=kept, sample=None if last_of_all else start)

    def _transfer(self, sample: Sample, prediction: Sample, timestep: int, target: int) -> Sample:
        """Formula 9: move the sample to the target's noise level along the predicted noise."""
        here = self.schedule.level(timestep)
        there = self.schedule.level(target) if target >= 0 else self.final_level
        noise = self.prediction_type.noise(prediction, sample, here)
        ratio = there.signal / here.signal
        return ratio * sample + (there.noise - ratio * here.noise) * noise


def _repeat_second(spaced: tuple[int, ...]) -> tuple[int, ...]:
    return (spaced[0], *spaced[1:2], *spaced[1:])


def _warm_up(spaced: tuple[int, ...], stride: int) -> tuple[int, ...]:
    if len(spaced) <= _WARM_UP_STEPS:
        raise InvalidRequest("--steps", f"PNDM with its warm-up needs {_WARM_UP_STEPS + 1} or more")
    evaluations: list[int] = []
    for first, second in pairwise(spaced[: _WARM_UP_STEPS + 1]):
        middle = second + stride // 2
        evaluations += [first, middle, middle, second]
    return tuple(evaluations)


def _weighted_sum(weights: tuple[float, ...], arrays: tuple[Sample, ...]) -> Sample:
    first, *rest = (weight * array for weight, array in zip(weights, arrays, strict=True))
    return sum(rest, start=first)
