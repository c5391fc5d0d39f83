"""Own timesteps and sigmas, beside diffusers, and what is refused of them."""

from typing import Any

import diffusers
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.run import Run
from samples.scheduler_runs import STABLE_DIFFUSION, assert_equal_courses, assert_equal_steps

ALIGNED = (999, 845, 730, 587, 443, 310, 193, 116, 53, 13)


@pytest.mark.parametrize(
    "name", ["DPMSolverMultistep", "EulerDiscrete", "HeunDiscrete", "LCM", "TCD"]
)
def test_own_timesteps_are_visited_as_diffusers_does(name: str) -> None:
    theirs = getattr(diffusers, f"{name}Scheduler").from_config(dict(STABLE_DIFFUSION))
    theirs.set_timesteps(timesteps=list(ALIGNED))
    ours = scheduler_from_config(STABLE_DIFFUSION, Run.at(50, timesteps=ALIGNED), name)

    assert_equal_courses(ours, theirs)
    assert_equal_steps(ours, theirs)


def test_own_sigmas_are_visited_as_diffusers_does() -> None:
    sigmas = (14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.38, 0.234, 0.113, 0.0)
    theirs = diffusers.EulerDiscreteScheduler.from_config(dict(STABLE_DIFFUSION))
    theirs.set_timesteps(sigmas=list(sigmas))
    ours = scheduler_from_config(STABLE_DIFFUSION, Run.at(50, sigmas=sigmas), "Euler")

    assert_equal_courses(ours, theirs)
    assert_equal_steps(ours, theirs)


def test_own_sigmas_of_a_flow_are_visited_as_diffusers_does() -> None:
    theirs = diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0)
    theirs.set_timesteps(sigmas=[1.0, 0.7, 0.4, 0.1])
    run = Run.at(50, sigmas=(1.0, 0.7, 0.4, 0.1, 0.0))
    ours = scheduler_from_config({"shift": 3.0}, run, "FlowMatchEulerDiscrete")

    assert_equal_courses(ours, theirs)
    assert_equal_steps(ours, theirs)


def test_own_timesteps_decide_the_number_of_steps() -> None:
    assert Run.at(50, timesteps=(999, 499)).steps == 2
    assert Run.at(50, sigmas=(14.6, 1.0, 0.0)).steps == 2
    assert Run.at(50).steps == 50


@pytest.mark.parametrize(
    ("option", "asked"),
    [
        ("--timesteps", {"timesteps": (10, 20)}),
        ("--timesteps", {"timesteps": (10, 10)}),
        ("--timesteps", {"timesteps": ()}),
        ("--timesteps", {"timesteps": (float("nan"),)}),
        ("--timesteps", {"timesteps": (10,), "sigmas": (1, 0)}),
        ("--sigmas", {"sigmas": (1.0,)}),
        ("--sigmas", {"sigmas": (1.0, -1.0)}),
        ("--eta", {"eta": 1.1}),
        ("--eta", {"eta": -0.1}),
        ("--eta", {"eta": float("nan")}),
    ],
    ids=str,
)
def test_what_no_scheduler_can_meet_is_refused(option: str, asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match=f"^{option}: "):
        Run.at(4, **asked)


def test_a_run_takes_a_step_at_least() -> None:
    with pytest.raises(InvalidRequest, match=r"^--steps: 0 is less than 1$"):
        Run(steps=0)


@pytest.mark.parametrize(
    ("name", "option", "asked"),
    [
        ("PNDM", "--timesteps", {"timesteps": (999, 499)}),
        ("DDIM", "--timesteps", {"timesteps": (999, 499)}),
        ("UniPC", "--timesteps", {"timesteps": (999, 499)}),
        ("Euler Karras", "--timesteps", {"timesteps": (999, 499)}),
        ("DPM++ 2M Karras", "--timesteps", {"timesteps": (999, 499)}),
        ("Euler", "--timesteps", {"timesteps": (1000, 499)}),
        ("DPM++ 2M", "--sigmas", {"sigmas": (14.6, 0.0)}),
        ("LCM", "--sigmas", {"sigmas": (14.6, 0.0)}),
        ("FlowMatchEulerDiscrete", "--sigmas", {"sigmas": (1.5, 0.0)}),
    ],
)
def test_what_this_scheduler_cannot_meet_is_refused(
    name: str, option: str, asked: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest, match=f"^{option}: "):
        scheduler_from_config({}, Run.at(4, **asked), name)
