"""Every scheduler beside the one of diffusers that it stands for, with the same predictions."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest
from diffusers.utils import is_scipy_available
from samples.scheduler_runs import STABLE_DIFFUSION, Configuration, assert_equal_runs

SPACINGS = ("linspace", "leading", "trailing")
PREDICTIONS = ("epsilon", "v_prediction", "sample")
#: One, fewer than any order, and both sides of the 15 from which on DPM-Solver keeps its order.
A_FEW_STEPS = (1, 2, 3, 5, 14, 16)
ALL_STEPS = range(1, 61)
#: What was distilled has no more than it was distilled from.
MOST_STEPS = {"LCM": 40, "TCD": 40}

KARRAS, EXPONENTIAL, BETA = (
    {f"use_{spacing}_sigmas": True} for spacing in ("karras", "exponential", "beta")
)
RESCALED = {"rescale_betas_zero_snr": True}
SOLVERS = tuple(
    {"algorithm_type": algorithm, "solver_order": order, "solver_type": rule}
    for algorithm, order, rule in product(
        ("dpmsolver++", "sde-dpmsolver++"), (1, 2, 3), ("midpoint", "heun")
    )
)
#: Diffusers' bh1 multiplies infinity by 0 where a run ends without noise.
UNIFIED = (
    *(
        {"solver_order": order, "solver_type": "bh1", "final_sigmas_type": "sigma_min"}
        for order in (1, 2, 3)
    ),
    *({"solver_order": order, "solver_type": "bh2"} for order in (1, 2, 3)),
)
KEPT_NOISE = {"final_sigmas_type": "sigma_min", "lower_order_final": False}

#: Settings by scheduler; each goes with each spacing and prediction.
VARIANTS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "DDIM": ({}, {"clip_sample": True}, {"set_alpha_to_one": False}),
    "DPMSolverMultistep": (
        *SOLVERS,
        *({**SOLVERS[each], **KEPT_NOISE} for each in (2, 4, 8)),
        *(SOLVERS[2] | more for more in (KARRAS, EXPONENTIAL, RESCALED, {"use_lu_lambdas": True})),
        {"euler_at_final": True},
    ),
    "EulerDiscrete": (
        *({}, KARRAS, EXPONENTIAL, RESCALED),
        *({"final_sigmas_type": "sigma_min"}, {"use_lu_lambdas": True}),
    ),
    "EulerAncestralDiscrete": ({}, RESCALED),
    "HeunDiscrete": ({}, KARRAS, EXPONENTIAL, {"clip_sample": True}, {"beta_schedule": "exp"}),
    "PNDM": ({}, {"set_alpha_to_one": True}),
    "UniPCMultistep": (
        *UNIFIED,
        {"predict_x0": False, "final_sigmas_type": "sigma_min"},
        {"disable_corrector": [0, 1]},
        KARRAS | {"final_sigmas_type": "sigma_min"},
        *(KARRAS, EXPONENTIAL, RESCALED),
    ),
}
DISTILLED: tuple[Mapping[str, Any], ...] = ({}, {"original_inference_steps": 40})
FLOWS: tuple[Mapping[str, Any], ...] = (
    {},
    {"shift": 3.0},
    KARRAS,
    EXPONENTIAL,
    {"stochastic_sampling": True},
)
#: Those whose predictions or timesteps are of their own kind.
OTHERS = (
    *(
        Configuration(name=name, settings={"prediction_type": prediction, **more})
        for name in ("LCM", "TCD")
        for prediction in PREDICTIONS
        for more in DISTILLED
    ),
    *(
        Configuration(
            name=name,
            settings={"timestep_spacing": spacing, "prediction_type": prediction, **RESCALED},
        )
        for name, spacing, prediction in product(("DDIM", "LCM", "TCD"), SPACINGS, PREDICTIONS[1:])
    ),
    *(Configuration(name="FlowMatchEulerDiscrete", settings=more) for more in FLOWS),
    *(
        Configuration(
            name=name,
            settings={"prediction_type": kind, "use_flow_sigmas": True, "flow_shift": shift},
        )
        for name, shift, kind in product(
            ("DPMSolverMultistep", "UniPCMultistep"), (1.0, 3.0), ("flow_prediction", "epsilon")
        )
    ),
    *(
        Configuration(name=name, settings=STABLE_DIFFUSION, eta=eta)
        for name, eta in product(("DDIM", "TCD"), (0.0, 0.6, 1.0))
    ),
)
#: What diffusers itself refuses or divides by zero for.
NOT_THEIRS = {("EulerAncestralDiscrete", "sample"), ("PNDM", "sample")}


def configurations(name: str) -> Iterator[Configuration]:
    for more, spacing, prediction in product(VARIANTS[name], SPACINGS, PREDICTIONS):
        if (name, prediction) not in NOT_THEIRS:
            settings = {"timestep_spacing": spacing, "prediction_type": prediction}
            yield Configuration(name=name, settings={**STABLE_DIFFUSION, **settings, **more})


EVERYTHING = [*(each for name in VARIANTS for each in configurations(name)), *OTHERS]
EVERY_COUNT = [
    Configuration(name=name, settings=STABLE_DIFFUSION)
    for name in ("DDIM", "DPMSolverMultistep", "EulerDiscrete", "PNDM")
]


@pytest.mark.parametrize("name", sorted({each.name for each in EVERYTHING}))
def test_each_configuration_goes_where_diffusers_goes(name: str) -> None:
    for number, configuration in enumerate(EVERYTHING):
        if configuration.name == name:
            # One more number of steps, so that all from 1 to 60 have their turn.
            turn = 1 + number * 7 % MOST_STEPS.get(name, len(ALL_STEPS))
            assert_equal_runs(configuration, (*A_FEW_STEPS, turn))


@pytest.mark.parametrize("configuration", EVERY_COUNT, ids=lambda each: each.name)
def test_each_number_of_steps_goes_where_diffusers_goes(configuration: Configuration) -> None:
    assert_equal_runs(configuration, ALL_STEPS)


def test_at_least_1500_runs_are_compared(record_property: Any) -> None:
    runs = len(EVERYTHING) * (len(A_FEW_STEPS) + 1) + len(EVERY_COUNT) * len(ALL_STEPS)
    record_property("runs compared with diffusers", runs)
    print(f"{len(EVERYTHING)} configurations, {runs} runs compared with diffusers")  # noqa: T201 -- asked for

    assert runs >= 1500


@pytest.mark.parametrize("steps", [4, 5, 11, 50])
@pytest.mark.parametrize("spacing", SPACINGS)
def test_pndm_warms_up_where_diffusers_does(spacing: str, steps: int) -> None:
    settings = {"timestep_spacing": spacing, "skip_prk_steps": False}
    configuration = Configuration(name="PNDM", settings={**STABLE_DIFFUSION, **settings})

    assert_equal_runs(configuration, [steps])


@pytest.mark.parametrize(
    "settings",
    [
        {"beta_schedule": "linear"},
        {"beta_schedule": "squaredcos_cap_v2"},
        {"trained_betas": np.linspace(0.001, 0.02, 300).tolist(), "num_train_timesteps": 300},
        {"num_train_timesteps": 250},
        {"steps_offset": 0},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", VARIANTS)
def test_every_beta_schedule_means_what_it_means_to_diffusers(
    name: str, settings: dict[str, Any]
) -> None:
    assert_equal_runs(
        Configuration(name=name, settings={**STABLE_DIFFUSION, **settings}), [1, 3, 20]
    )


@pytest.mark.parametrize("name", [*VARIANTS, "LCM", "TCD", "FlowMatchEulerDiscrete"])
def test_an_empty_configuration_has_the_defaults_of_diffusers(name: str) -> None:
    assert_equal_runs(Configuration(name=name, settings={}), [12])


@pytest.mark.skipif(not is_scipy_available(), reason="diffusers needs SciPy for these")
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("LMSDiscrete", {}),
        ("LMSDiscrete", KARRAS),
        ("LMSDiscrete", BETA),
        ("EulerDiscrete", BETA),
        ("HeunDiscrete", BETA),
        ("DPMSolverMultistep", BETA),
        ("UniPCMultistep", BETA),
        ("FlowMatchEulerDiscrete", BETA),
    ],
    ids=str,
)
def test_what_diffusers_needs_scipy_for_goes_where_diffusers_goes(
    name: str, settings: dict[str, Any], spacing: str
) -> None:
    config = {**STABLE_DIFFUSION, "timestep_spacing": spacing, **settings}

    assert_equal_runs(Configuration(name=name, settings=config), A_FEW_STEPS)
