"""The names that schedulers are found by."""

from typing import Any

import diffusers
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.schedulers.catalogue import (
    SCHEDULER_NAMES,
    scheduler_from_config,
    scheduler_name,
)
from coreml_stable_diffusion.domain.schedulers.ddim import Ddim
from coreml_stable_diffusion.domain.schedulers.dpm_solver_multistep import (
    DpmSolverMultistep,
    SecondOrderRule,
)
from coreml_stable_diffusion.domain.schedulers.euler import Euler
from coreml_stable_diffusion.domain.schedulers.euler_ancestral import EulerAncestral
from coreml_stable_diffusion.domain.schedulers.heun import Heun
from coreml_stable_diffusion.domain.schedulers.lcm import Lcm
from coreml_stable_diffusion.domain.schedulers.lms import Lms
from coreml_stable_diffusion.domain.schedulers.pndm import Pndm
from coreml_stable_diffusion.domain.schedulers.run import Run
from coreml_stable_diffusion.domain.schedulers.tcd import Tcd
from coreml_stable_diffusion.domain.schedulers.unipc import UniPc


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PNDM", Pndm),
        ("PNDMScheduler", Pndm),
        ("plms", Pndm),
        ("DPMSolverMultistep", DpmSolverMultistep),
        ("dpmsolvermultistepscheduler", DpmSolverMultistep),
        ("DPM++ 2M", DpmSolverMultistep),
        ("dpm++2m", DpmSolverMultistep),
        ("dpmpp_2m", DpmSolverMultistep),
        ("DDIM", Ddim),
        ("Euler", Euler),
        ("Euler a", EulerAncestral),
        ("euler_a", EulerAncestral),
        ("EulerAncestralDiscreteScheduler", EulerAncestral),
        ("Heun", Heun),
        ("LMS", Lms),
        ("LMS Karras", Lms),
        ("UniPC", UniPc),
        ("LCM", Lcm),
        ("tcd", Tcd),
    ],
)
def test_a_scheduler_answers_to_its_names(name: str, kind: type) -> None:
    assert type(scheduler_from_config({}, 20, name)) is kind


@pytest.mark.parametrize(
    ("name", "order", "stochastic", "rule"),
    [
        ("DPM++ 2M", 2, False, "midpoint"),
        ("DPM++ 2M Karras", 2, False, "midpoint"),
        ("DPM++ 2M SDE", 2, True, "midpoint"),
        ("DPM++ 2M SDE Heun Exponential", 2, True, "heun"),
        ("DPM++ 3M", 3, False, "midpoint"),
    ],
)
def test_a_name_of_the_web_ui_says_which_solver_it_is(
    name: str, order: int, stochastic: bool, rule: str
) -> None:
    elsewhere = {"solver_order": 1, "algorithm_type": "sde-dpmsolver++", "solver_type": "bh2"}
    solver = scheduler_from_config(elsewhere, 20, name)

    assert isinstance(solver, DpmSolverMultistep)
    assert (solver.order, solver.stochastic) == (order, stochastic)
    assert solver.rule is SecondOrderRule(rule)


@pytest.mark.parametrize("suffix", ["Karras", "Exponential", "Beta"])
@pytest.mark.parametrize("name", ["DPM++ 2M", "Euler", "Heun", "LMS", "UniPC"])
def test_a_suffix_spaces_the_sigmas_whatever_the_model_says(name: str, suffix: str) -> None:
    setting = {f"use_{suffix.lower()}_sigmas": True}
    asked = scheduler_from_config({"use_karras_sigmas": True}, 12, f"{name} {suffix}")

    assert asked == scheduler_from_config(setting, 12, name)
    assert asked != scheduler_from_config({}, 12, name)


def test_the_configuration_names_the_scheduler_where_nobody_else_does() -> None:
    config = {"_class_name": "DPMSolverMultistepScheduler"}

    assert isinstance(scheduler_from_config(config, 20), DpmSolverMultistep)


@pytest.mark.parametrize(
    ("published", "kind", "timesteps"),
    [
        (
            {
                "_class_name": "EulerAncestralDiscreteScheduler",
                "timestep_spacing": "trailing",
                "beta_schedule": "scaled_linear",
                "steps_offset": 1,
            },
            EulerAncestral,
            (999.0, 749.0, 499.0, 249.0),
        ),
        (
            {"_class_name": "LCMScheduler", "original_inference_steps": 50},
            Lcm,
            (999, 759, 499, 259),
        ),
        (
            {"_class_name": "TCDScheduler", "timestep_scaling": 10.0},
            Tcd,
            (999, 759, 499, 259),
        ),
    ],
    ids=["turbo", "lcm", "tcd"],
)
def test_a_fast_model_brings_its_own_scheduler(
    published: dict[str, Any], kind: type, timesteps: tuple[float, ...]
) -> None:
    scheduler = scheduler_from_config(published, 4)

    assert type(scheduler) is kind
    assert scheduler.timesteps == timesteps


def test_a_name_goes_before_the_configuration() -> None:
    config = {"_class_name": "DPMSolverMultistepScheduler"}

    assert isinstance(scheduler_from_config(config, 20, "PNDM"), Pndm)


def test_somebody_has_to_name_a_scheduler() -> None:
    with pytest.raises(InvalidRequest, match=r"^--scheduler: "):
        scheduler_from_config({}, 20)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("PNDMS", "PNDM"),
        ("dpmsolver", "DPMSolverMultistep"),
        ("DPM++ 2M Karas", "DPM++ 2M Karras"),
        ("Euler b", "Euler"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        scheduler_from_config({}, 20, name)
    assert str(refused.value).startswith(f"--scheduler: {name} is not one of DDIM, ")
    assert str(refused.value).endswith(f"; the nearest is {nearest}")


def test_a_configuration_that_names_no_scheduler_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^--scheduler: no name is not one of DDIM, "):
        scheduler_from_config({}, 20)


@pytest.mark.parametrize("name", ["foo", "", "??"])
def test_a_name_that_is_near_to_none_is_refused_with_none(name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        scheduler_name(name)
    assert str(refused.value).startswith(f"--scheduler: {name or 'no name'} is not one of DDIM, ")
    assert "nearest" not in str(refused.value)


@pytest.mark.parametrize("name", sorted(set(SCHEDULER_NAMES) - {"DDIM", "TCD"}))
def test_an_eta_that_no_step_heeds_is_refused(name: str) -> None:
    config = {"skip_prk_steps": True}
    scheduler_from_config(config, Run(steps=20, eta=0.0), name)
    with pytest.raises(InvalidRequest, match=f"^--eta: steps of {name} do not heed it; leave"):
        scheduler_from_config(config, Run(steps=20, eta=1.0), name)


@pytest.mark.parametrize(
    ("offset", "steps", "most"), [(1, 1000, 999), (2, 500, 499), (2, 1000, 998), (0, 1001, 1000)]
)
def test_the_most_steps_that_fit_are_told(offset: int, steps: int, most: int) -> None:
    config = {"steps_offset": offset}
    with pytest.raises(InvalidRequest, match=f"^--steps: {steps} do .* ask for {most} or fewer$"):
        scheduler_from_config(config, steps, "DDIM")
    assert len(scheduler_from_config(config, most, "DDIM").timesteps) == most


@pytest.mark.parametrize(
    "name", ["DDIM", "DPM++ 2M SDE Karras", "Euler a", "LMSDiscrete Beta", "FlowMatchEulerDiscrete"]
)
def test_a_name_is_spelled_as_the_catalogue_does(name: str) -> None:
    spelled = scheduler_name(name.lower().replace(" ", "_"))

    assert spelled == name
    assert scheduler_name(spelled) == name


@pytest.mark.parametrize(
    "name", sorted(set(SCHEDULER_NAMES) - {"FlowMatchEulerDiscrete", "LCM", "TCD"})
)
@pytest.mark.parametrize(
    "settings",
    [{"beta_schedule": "cubic"}, {"prediction_type": "flow"}, {"timestep_spacing": "golden"}],
    ids=str,
)
def test_a_setting_that_nobody_knows_is_refused(name: str, settings: dict[str, str]) -> None:
    (value,) = settings.values()
    with pytest.raises(InvalidRequest, match=f"--scheduler: .* {value} is not one of"):
        scheduler_from_config(settings, 20, name)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("DPMSolverMultistep", {"thresholding": True}),
        ("DPMSolverMultistep", {"algorithm_type": "dpmsolver"}),
        ("DPMSolverMultistep", {"solver_order": 4}),
        ("DPMSolverMultistep", {"prediction_type": "flow_prediction"}),
        ("EulerDiscrete", {"prediction_type": "flow_prediction"}),
        ("DDIM", {"prediction_type": "flow_prediction"}),
        ("DPMSolverMultistep", {"final_sigmas_type": "one"}),
        ("DPMSolverMultistep", {"use_karras_sigmas": True, "use_beta_sigmas": True}),
        ("UniPCMultistep", {"predict_x0": False}),
        ("UniPCMultistep", {"solver_p": "DDIM"}),
        ("EulerDiscrete", {"timestep_type": "continuous"}),
        ("FlowMatchEulerDiscrete", {"use_dynamic_shifting": True}),
        ("LCM", {"thresholding": True}),
        ("LCM", {"rescale_betas_zero_snr": True}),
        ("DDIM", {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}),
    ],
    ids=str,
)
def test_a_variant_that_is_not_available_is_refused(name: str, settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match=r"^--scheduler: "):
        scheduler_from_config(settings, 20, name)


@pytest.mark.parametrize("name", sorted(set(SCHEDULER_NAMES) - {"LMSDiscrete"}))
def test_a_saved_configuration_of_diffusers_is_known(name: str) -> None:
    saved = dict(getattr(diffusers, f"{name}Scheduler")().config)

    assert len(scheduler_from_config(saved, 20, name).timesteps) >= 20


@pytest.mark.parametrize("steps", [1001, 5000, 10**12])
@pytest.mark.parametrize("name", SCHEDULER_NAMES)
def test_more_steps_than_the_training_had_are_refused(name: str, steps: int) -> None:
    config = {"steps_offset": 1, "skip_prk_steps": True}
    with pytest.raises(
        InvalidRequest, match=r"^--steps: .* (ask for fewer|ask for 1000 or fewer)$"
    ):
        scheduler_from_config(config, steps, name)


def test_a_warm_up_needs_four_steps() -> None:
    with pytest.raises(InvalidRequest, match=r"^--steps: .* 4 or more$"):
        scheduler_from_config({"skip_prk_steps": False}, 3, "PNDM")
