"""What every scheduler is: the timesteps of one run, and the step between two of them.

A scheduler is a value made for a number of steps. It remembers nothing: what a step leaves for the
next ones is its history, an argument and a result. It draws nothing: noise is an argument too.
"""

import abc
from typing import ClassVar

import attrs

from ..errors import InvalidRequest
from .noise_level import NoiseLevel
from .prediction import Sample


@attrs.frozen(kw_only=True)
class History:
    """What earlier steps leave for later ones.

    `predictions` are earlier outputs, oldest first, in the form that the scheduler combines;
    `sample` is where a group of steps set out from.
    """

    predictions: tuple[Sample, ...] = ()
    sample: Sample | None = None


NO_HISTORY = History()


@attrs.frozen(kw_only=True)
class Step:
    """One step's outcome: the next sample, and the clean picture that it was heading for."""

    sample: Sample
    denoised: Sample
    history: History = NO_HISTORY


class Scheduler(abc.ABC):
    """Leads a sample from noise to a picture; samples are float32 arrays of any one shape.

    Unless a scheduler says otherwise its samples have a deviation of 1 at every noise level, so
    that neither the starting noise nor what the network sees is scaled.
    """

    #: How often the network is asked within one step.
    evaluations_per_step: ClassVar[int] = 1

    @property
    @abc.abstractmethod
    def timesteps(self) -> tuple[float, ...]:
        """What the network is told at each step, in order; a timestep may come twice."""

    @property
    def initial_noise_scale(self) -> float:
        """What standard normal noise is multiplied by to be the first sample."""
        return 1.0

    @abc.abstractmethod
    def level(self, index: int) -> NoiseLevel:
        """How noisy the sample is that the step of this index sets out from."""

    def noisy(self, picture: Sample, noise: Sample, index: int) -> Sample:
        """A clean picture under noise, as the step of this index expects it."""
        level = self.level(index)
        return level.signal * picture + level.noise * noise

    def scale_input(self, sample: Sample, index: int) -> Sample:  # noqa: ARG002 -- others scale by it
        """The sample as the network wants to see it at the step of this index."""
        return sample

    def draws_noise(self, index: int) -> bool:  # noqa: ARG002 -- stochastic schedulers answer by it
        """Whether the step of this index adds fresh noise."""
        return False

    @abc.abstractmethod
    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,
    ) -> Step:
        """Take the step of this index (from 0), given what the network predicted for the sample.

        `history` is that of the step before, NO_HISTORY at the first. `noise` is standard normal,
        as the sample in shape, where `draws_noise` says so; else it is not looked at. Raises
        InvalidRequest where it is missing.
        """


def fresh(noise: Sample | None) -> Sample:
    """The noise that a step adds. Raises InvalidRequest where nobody drew it."""
    if noise is None:
        problem = "this step adds some; draw it wherever the scheduler's draws_noise says so"
        raise InvalidRequest("noise", problem)
    return noise
