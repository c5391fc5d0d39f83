"""A callback after each step, as diffusers' pipelines have it, as one who watches."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..application.watching import Course, Reply, Watcher
from ..domain.errors import InvalidRequest
from ..domain.pipelines.denoise import DenoisingStep
from ..domain.schedulers.prediction import Sample
from .given_arrays import given_array

#: Takes the step's index, its timestep, and the `latents` with what they head for as `denoised`.
Told = Callable[[int, float, dict[str, Sample]], object]


def watcher(told: Told, interrupted: Callable[[], bool]) -> Watcher:
    """One who does as diffusers where a callback returns other latents or wants an interruption.

    Where it returns False, Python's or NumPy's, nothing more is drawn. Raises InvalidRequest for
    latents that are no such sample.
    """

    def watch(step: DenoisingStep) -> Reply:
        values = {"latents": step.sample, "denoised": step.denoised}
        answer = told(step.index, step.timestep, values)
        if isinstance(answer, bool | np.bool_) and not answer:
            return Reply(course=Course.END)
        sample = _latents(answer, step.sample) if isinstance(answer, Mapping) else None
        return Reply(course=Course.FINISH if interrupted() else Course.ON, sample=sample)

    return watch


def _latents(answer: Mapping[str, object], sample: Sample) -> Sample:
    given: Any = answer.get("latents", sample)
    latents: Sample = given_array("callback_on_step_end", given).astype(np.float32)
    if latents.shape != sample.shape or not np.isfinite(latents).all():
        problem = f"the latents that it returned, {latents.shape}, are not {sample.shape}"
        raise InvalidRequest("callback_on_step_end", f"{problem} of finite numbers")
    return latents
