"""UniPC: every step is predicted, and corrected once the network has seen where it led.

Zhao et al. (2023), "UniPC: A Unified Predictor-Corrector Framework for Fast Sampling of Diffusion
Models", algorithms 5 to 8 (multistep), as diffusers' UniPCMultistepScheduler.
"""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from .known_settings import chosen, require_known
from .log_ratio_solver import LogRatioSolver
from .prediction import Sample
from .run import Run
from .scheduler import History, Step
from .sigmas import Sigmas, shifted

_KNOWN_VALUES: dict[str, object] = {
    "thresholding": False,
    "solver_p": None,
    "use_dynamic_shifting": False,
    "shift_terminal": None,
}
#: Whether B(h) is e^h - 1; also for what configurations of other schedulers say.
_RULES = {"bh1": False, "bh2": True, "midpoint": True, "heun": True, "logrho": True}
_ORDERS = {1: 1, 2: 2, 3: 3}
#: How far from pure noise a flow begins, where there would be no signal to divide by.
_NEARLY_NOISE = 1e-6


@attrs.frozen(kw_only=True)
class UniPc(LogRatioSolver):
    """As many predictions a step as `order` says, fewer in the first and, if so asked, last steps.

    `predicts_picture` combines clean pictures, else noises; `exponential_rule` is B2(h), else B1;
    after the steps in `uncorrected` nothing is corrected.
    """

    order: int = 2
    predicts_picture: bool = True
    exponential_rule: bool = True
    lowers_final_order: bool = True
    uncorrected: frozenset[int] = frozenset()

    _ends_where_spacing_ends: ClassVar[bool] = True

    @classmethod
    def from_config(cls, config: Mapping[str, Any], run: Run) -> Self:
        """The scheduler that diffusers makes of a configuration.

        Raises InvalidRequest for what the configuration or the run asks in vain.
        """
        require_known("UniPCMultistep", config, **_KNOWN_VALUES)
        run.refuse_own_timesteps("UniPCMultistep takes none, since it needs spaced ones")
        run.refuse_own_sigmas("UniPCMultistep takes none, since it needs spaced ones")
        heeded = {name: value for name, value in config.items() if name != "use_lu_lambdas"}
        made = super().from_config(heeded, run)
        if not (config.get("predict_x0", True) or made.levels[-1].noise):
            problem = "UniPCMultistep with predict_x0 = False has to end at sigma_min"
            raise InvalidRequest("--scheduler", f"{problem}; set final_sigmas_type to it")
        return attrs.evolve(
            made,
            order=chosen(config, "solver_order", _ORDERS, default=2),
            predicts_picture=bool(config.get("predict_x0", True)),
            exponential_rule=chosen(config, "solver_type", _RULES, default="bh2"),
            lowers_final_order=bool(config.get("lower_order_final", True)),
            uncorrected=frozenset(config.get("disable_corrector") or ()),
        )

    @staticmethod
    def flow_sigmas(config: Mapping[str, Any], steps: int, timestep_count: int) -> Sigmas:
        """So many sigmas of a flow, from noise to picture."""
        sigmas = np.linspace(1, 1 / timestep_count, steps + 1)[:-1]
        return np.minimum(shifted(sigmas, float(config.get("flow_shift", 1.0))), 1 - _NEARLY_NOISE)

    def step(
        self,
        prediction: Sample,
        index: int,
        sample: Sample,
        history: History,
        noise: Sample | None = None,  # noqa: ARG002 -- no noise is added
    ) -> Step:
        """Take the step of this index, given what the network predicted for the sample."""
        here = self.levels[index]
        denoised = self.prediction_type.denoised(prediction, sample, here)
        seen = denoised
        if not self.predicts_picture:
            seen = self.prediction_type.noise(prediction, sample, here)
        if history.sample is not None and index - 1 not in self.uncorrected:
            order = min(self._highest_order(index - 1), len(history.predictions))
            sample = self._move(history.sample, index - 1, history.predictions[-order:], seen)
        predictions = (*history.predictions, seen)[-self.order :]
        order = min(self._highest_order(index), len(predictions))
        following = self._move(sample, index, predictions[-order:])
        kept = History(predictions=predictions, sample=sample)
        return Step(sample=following, denoised=denoised, history=kept)

    def _highest_order(self, index: int) -> int:
        remaining = len(self.timesteps) - index
        if remaining == 1 and self.ends_without_curve:
            return 1
        return min(self.order, remaining) if self.lowers_final_order else self.order

    def _move(
        self,
        sample: Sample,
        index: int,
        predictions: tuple[Sample, ...],
        arrived: Sample | None = None,
    ) -> Sample:
        """Lead the sample through a step: UniP, or UniC given what was seen where it `arrived`."""
        *earlier, newest = predictions
        ratios = self._ratios(index, len(earlier))
        others = earlier[::-1]
        if arrived is not None:
            ratios, others = [*ratios, 1.0], [*others, arrived]
        here, there = self.levels[index], self.levels[index + 1]
        step = there.log_ratio - here.log_ratio
        if self.predicts_picture:
            step, kept, gained = -step, there.noise / here.noise, there.signal
        else:
            kept, gained = there.signal / here.signal, there.noise
        curve = math.expm1(step) * newest
        if others:
            scale = math.expm1(step) if self.exponential_rule else step
            weights = _weights(np.array(ratios), step, scale)
            for weight, other, ratio in zip(weights.tolist(), others, ratios, strict=True):
                curve = curve + scale * weight / ratio * (other - newest)
        return kept * sample - gained * curve

    def _ratios(self, index: int, earlier: int) -> list[float]:
        """Where the earlier levels lie, newest first, if this step goes from 0 to 1."""
        here = self.levels[index].log_ratio
        step = self.levels[index + 1].log_ratio - here
        return [
            (self.levels[index - back].log_ratio - here) / step for back in range(1, earlier + 1)
        ]


def _weights(ratios: NDArray[np.float64], step: float, scale: float) -> NDArray[np.float64]:
    """The coefficients rho of formula 12 and its like for the predictor."""
    if len(ratios) == 1:
        return np.array([0.5])
    powers = ratios ** np.arange(len(ratios))[:, np.newaxis]
    integrals = np.array(_integrals(step, len(ratios)))
    return np.asarray(np.linalg.solve(powers, integrals / scale), dtype=np.float64)


def _integrals(step: float, count: int) -> list[float]:
    """The functions phi of the paper, times k! and the step, for k from 1."""
    integrals, value = [], math.expm1(step) / step - 1
    for order in range(1, count + 1):
        integrals.append(value * math.factorial(order))
        value = value / step - 1 / math.factorial(order + 1)
    return integrals
