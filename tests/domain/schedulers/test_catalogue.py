"""The names that schedulers are found by."""

import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.dpm_solver_multistep import DpmSolverMultistep
from coreml_stable_diffusion.domain.schedulers.pndm import Pndm
from diffusers import DPMSolverMultistepScheduler


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
    ],
)
def test_a_scheduler_answers_to_its_names(name: str, kind: type) -> None:
    assert type(scheduler_from_config({}, 20, name)) is kind


def test_the_configuration_names_the_scheduler_where_nobody_else_does() -> None:
    config = {"_class_name": "DPMSolverMultistepScheduler"}

    assert isinstance(scheduler_from_config(config, 20), DpmSolverMultistep)


def test_a_name_goes_before_the_configuration() -> None:
    config = {"_class_name": "DPMSolverMultistepScheduler"}

    assert isinstance(scheduler_from_config(config, 20, "PNDM"), Pndm)


def test_somebody_has_to_name_a_scheduler() -> None:
    with pytest.raises(InvalidRequest, match=r"^--scheduler: "):
        scheduler_from_config({}, 20)


@pytest.mark.parametrize(
    ("name", "nearest"), [("PNDMS", "PNDM"), ("dpmsolver", "DPMSolverMultistep")]
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"--scheduler: {name} .* nearest is {nearest}$"):
        scheduler_from_config({}, 20, name)


@pytest.mark.parametrize("name", ["PNDM", "DPMSolverMultistep"])
@pytest.mark.parametrize(
    "settings",
    [{"beta_schedule": "cubic"}, {"prediction_type": "flow"}, {"timestep_spacing": "golden"}],
    ids=str,
)
def test_a_setting_that_nobody_knows_is_refused(name: str, settings: dict[str, str]) -> None:
    (value,) = settings.values()
    with pytest.raises(InvalidRequest, match=f"--scheduler: .* {value} is not one of"):
        scheduler_from_config(settings, 20, name)


@pytest.mark.parametrize("setting", ["use_karras_sigmas", "thresholding"])
def test_dpm_solver_refuses_a_variant_that_it_is_not(setting: str) -> None:
    with pytest.raises(InvalidRequest, match=f"with {setting} = True; choose PNDM"):
        scheduler_from_config({setting: True}, 20, "DPMSolverMultistep")


def test_a_saved_configuration_of_diffusers_is_known() -> None:
    saved = dict(DPMSolverMultistepScheduler().config)
    assert len(scheduler_from_config(saved, 20, "DPMSolverMultistep").timesteps) == 20


@pytest.mark.parametrize("steps", [1000, 5000, 10**12])
@pytest.mark.parametrize("name", ["PNDM", "DPMSolverMultistep"])
def test_more_steps_than_the_training_had_are_refused(name: str, steps: int) -> None:
    config = {"steps_offset": 1, "skip_prk_steps": True}
    with pytest.raises(InvalidRequest, match=r"^--steps: .* ask for fewer$"):
        scheduler_from_config(config, steps, name)


def test_a_warm_up_needs_four_steps() -> None:
    with pytest.raises(InvalidRequest, match=r"^--steps: .* 4 or more$"):
        scheduler_from_config({"skip_prk_steps": False}, 3, "PNDM")
