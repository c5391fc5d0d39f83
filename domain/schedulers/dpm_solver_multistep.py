"""DPM-Solver++ with earlier steps' predictions, as an equation (2M, 3M) or with noise (2M SDE).

Lu et al. (2022), "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models",
algorithm 2 and appendix B; lower orders at both ends as in diffusers' DPMSolverMultistepScheduler.
"""

import enum
import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, ClassVar, Self

import attrs
import numpy as np

from .known_settings import chosen, require_known
from .log_ratio_solver import LogRatioSolver
from .prediction import Sample
from .run import Run
from .scheduler import History, Step, fresh
from .sigmas import Sigmas, shifted

#: Settings of diffusers' class that change what it computes, and the one value known here.
_KNOWN_VALUES: dict[str, object] = {
    "thresholding": False,
    "lambda_min_clipped": -math.inf,
    "use_dynamic_shifting": False,
}
#: What configurations of other schedulers say, and what diffusers makes of it here.
_ALGORITHMS = {"dpmsolver++": False, "deis": False, "sde-dpmsolver++": True}
_RULES = {
    "midpoint": "midpoint",
    "heun": "heun",
    "bh1": "midpoint",
    "bh2": "midpoint",
    "logrho": "midpoint",
}
_ORDERS = {1: 1, 2: 2, 3: 3}
_FEW_STEPS = 15


class SecondOrderRule(enum.Enum):
    """How a step of second order weighs the slope of the clean pictures."""

    MIDPOINT = "midpoint"
    HEUN = "heun"


@attrs.frozen(kw_only=True)
class DpmSolverMultistep(LogRatioSolver):
    """As many predictions a step as `order` says, fewer in the first steps.

    With `lowers_final_order` fewer in the last steps, too, where a run has less than 15; the last
    one is of first order also with `ends_with_euler` and where it ends without noise.
    """

    order: int = 2
    rule: SecondOrderRule = SecondOrderRule.MIDPOINT
    stochastic: bool = False
    lowers_final_order: bool = True
    ends_with_euler: bool = False

    _ends_where_spacing_ends: ClassVar[bool] = False

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> Self:
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        require_known("DPMSolverMultistep", config, **_KNOWN_VALUES)
        run.refuse_own_sigmas("DPMSolverMultistep takes timesteps")
        return attrs.evolve(
            super().from_config(config, run),
            order=chosen(config, "solver_order", _ORDERS, default=2),
            rule=SecondOrderRule(chosen(config, "solver_type", _RULES, default="midpoint")),
            stochastic=chosen(config, "algorithm_type", _ALGORITHMS, default="dpmsolver++"),
            lowers_final_order=bool(config.get("lower_order_final", True)),
            ends_with_euler=bool(config.get("euler_at_final", False)),
        )

    @staticmethod
    def flow_sigmas(config: Mapping[str, Any], steps: int, timestep_count: int) -> Sigmas:
        """So many sigmas of a flow, from noise to picture."""
        sigmas = 1 - np.linspace(1, 1 / timestep_count, steps + 1)[:0:-1]
        return shifted(sigmas, float(config.get("flow_shift", 1.0)))

    def draws_noise(self, index: int) -> bool:
        """Whether the step of this index adds fresh noise."""
        return self.stochastic and self.levels[index + 1].noise > 0

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        here, there = self.levels[index], self.levels[index + 1]
        denoised = self.prediction_type.denoised(prediction, sample, here)
        predictions = (*history.predictions, denoised)
        # e^-h, with h the step in the logarithm of signal to noise.
        decay = there.noise / here.noise * here.signal / there.signal
        shrink = there.noise / here.noise * (decay if self.stochastic else 1)
        order = min(len(predictions), self._highest_order(index))
        target = self._target(predictions[-order:], index, decay)
        following = shrink * sample + there.signal * target
        if self.draws_noise(index):
            following = following + there.noise * math.sqrt(1 - decay**2) * fresh(noise)
        kept = predictions[max(len(predictions) - self.order + 1, 0) :]
        return Step(sample=following, denoised=denoised, history=History(predictions=kept))

    def _highest_order(self, index: int) -> int:
        remaining = len(self.timesteps) - index
        few = self.lowers_final_order and len(self.timesteps) < _FEW_STEPS
        if remaining == 1 and (few or self.ends_with_euler or self.ends_without_curve):
            return 1
        return min(self.order, 2) if remaining == 2 and few else self.order

    def _target(self, predictions: tuple[Sample, ...], index: int, decay: float) -> Sample:
        """The clean picture integrated over the step, as a Taylor series at its start."""
        decay = decay**2 if self.stochastic else decay
        newest = (1 - decay) * predictions[-1]
        if len(predictions) == 1:
            return newest
        span = -math.log(decay)
        slope_weight = 1 - (1 - decay) / span
        slopes = self._slopes(predictions, index)
        if len(predictions) == 2:
            if self.rule is SecondOrderRule.MIDPOINT:
                slope_weight = (1 - decay) / 2
            return newest + slope_weight * slopes[0]
        near, far = self._steps_before(index)
        bend = (slopes[0] - slopes[1]) / (near + far)
        # With noise, diffusers has the wrong sign before the half; its pictures are what counts.
        bend_weight = (1 - decay - span) / span**2 + (-0.5 if self.stochastic else 0.5)
        return newest + slope_weight * (slopes[0] + near * bend) + bend_weight * bend

    def _slopes(self, predictions: tuple[Sample, ...], index: int) -> list[Sample]:
        """How much the clean picture changed in a time as long as this step, newest first."""
        newer_and_older = zip(predictions[:0:-1], predictions[-2::-1], strict=True)
        steps = self._steps_before(index)
        return [
            (new - old) / step for (new, old), step in zip(newer_and_older, steps, strict=False)
        ]

    def _steps_before(self, index: int) -> list[float]:
        """How long the two steps before were, in lengths of this one, the last first."""
        ratios = [level.log_ratio for level in self.levels[max(index - 2, 0) : index + 2]]
        *before, this = (later - earlier for earlier, later in pairwise(ratios))
        return [step / this for step in reversed(before)]
