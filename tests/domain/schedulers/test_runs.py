"""Laws of whole runs: a network that knows the picture leads every scheduler to it."""

from collections.abc import Mapping

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.prediction import Sample
from coreml_stable_diffusion.domain.schedulers.run import Run
from coreml_stable_diffusion.domain.schedulers.scheduler import NO_HISTORY, Scheduler
from hypothesis import given, settings
from hypothesis import strategies as st

CONFIG: Mapping[str, object] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "skip_prk_steps": True,
    "set_alpha_to_one": True,
    "original_inference_steps": 60,
}
PICTURE = np.linspace(-1, 1, 24, dtype=np.float32).reshape(1, 2, 3, 4)
NOISE = np.random.default_rng(2).standard_normal(PICTURE.shape).astype(np.float32)

#: DDIM leaves its trajectory where its stride is not that of its timesteps.
DETERMINISTIC = (
    "DDIM",
    "DPM++ 2M",
    "DPM++ 2M Heun Karras",
    "DPM++ 3M",
    "Euler",
    "Euler Exponential",
    "FlowMatchEulerDiscrete",
    "Heun",
    "LMS",
    "LMS Beta",
    "PNDM",
    "UniPC",
    "UniPC Karras",
)
STOCHASTIC = ("DPM++ 2M SDE", "DPM++ 2M SDE Heun Karras", "Euler a", "LCM", "TCD")


def perfect_prediction(scheduler: Scheduler, index: int, sample: Sample) -> Sample:
    """What a network would say that knows the picture: the noise, or the flow, to it."""
    level = scheduler.level(index)
    noise = (sample - level.signal * PICTURE) / level.noise
    return noise - PICTURE if "Flow" in type(scheduler).__name__ else noise


@pytest.mark.parametrize("name", DETERMINISTIC)
@settings(deadline=None, max_examples=20)
@given(steps=st.integers(1, 60))
def test_a_network_that_knows_the_noise_leads_to_the_picture(name: str, steps: int) -> None:
    scheduler = scheduler_from_config(CONFIG, steps, name)
    said = NOISE - PICTURE if name.startswith("Flow") else NOISE
    sample, history = scheduler.noisy(PICTURE, NOISE, 0), NO_HISTORY
    for index in range(len(scheduler.timesteps)):
        step = scheduler.step(said, index, sample, history)
        sample, history = step.sample, step.history

    np.testing.assert_allclose(sample, PICTURE, atol=3e-4)


@pytest.mark.parametrize("name", STOCHASTIC)
@settings(deadline=None, max_examples=20)
@given(steps=st.integers(1, 60), seed=st.integers(0, 2**32 - 1))
def test_fresh_noise_does_not_lead_off_the_picture(name: str, steps: int, seed: int) -> None:
    scheduler = scheduler_from_config(CONFIG, steps, name)
    drawn = np.random.default_rng(seed)
    sample, history = scheduler.noisy(PICTURE, NOISE, 0), NO_HISTORY
    for index in range(len(scheduler.timesteps)):
        said = perfect_prediction(scheduler, index, sample)
        fresh = drawn.standard_normal(PICTURE.shape).astype(np.float32)
        step = scheduler.step(said, index, sample, history, fresh)
        np.testing.assert_allclose(step.denoised, PICTURE, atol=2e-3)
        sample, history = step.sample, step.history

    # TCD ends at the training's least noise, not without any.
    least_noise = 0.03 if name == "TCD" else 0.0
    difference = np.abs(sample - PICTURE).max()
    assert difference < 2e-3 + least_noise * np.abs(NOISE).max() * 2


@pytest.mark.parametrize("name", [*DETERMINISTIC, *STOCHASTIC])
@settings(deadline=None, max_examples=10)
@given(steps=st.integers(1, 60))
def test_noise_only_falls(name: str, steps: int) -> None:
    scheduler = scheduler_from_config(CONFIG, steps, name)
    ratios = [scheduler.level(index).log_ratio for index in range(len(scheduler.timesteps))]

    assert ratios == sorted(ratios)
    assert list(scheduler.timesteps) == sorted(scheduler.timesteps, reverse=True)


@pytest.mark.parametrize("name", ["DPM++ 2M", "DPM++ 2M SDE Heun", "DPM++ 3M", "UniPC", "Euler"])
@pytest.mark.parametrize("spacing", ["", " Karras", " Exponential", " Beta"])
@pytest.mark.parametrize("steps", [1, 3, 20])
def test_a_run_that_keeps_some_noise_stays_finite(name: str, spacing: str, steps: int) -> None:
    ending = {"final_sigmas_type": "sigma_min", "lower_order_final": False}
    scheduler = scheduler_from_config({**CONFIG, **ending}, steps, name + spacing)
    sample, history = NOISE, NO_HISTORY
    for index in range(steps):
        step = scheduler.step(PICTURE, index, sample, history, NOISE)
        sample, history = step.sample, step.history

    assert np.isfinite(sample).all()


@pytest.mark.parametrize("name", [*DETERMINISTIC, *STOCHASTIC])
def test_a_step_leaves_its_arguments_as_they_are(name: str) -> None:
    scheduler = scheduler_from_config(CONFIG, 5, name)
    sample, prediction, history = NOISE.copy(), PICTURE.copy(), NO_HISTORY
    fresh = NOISE[:, :, ::-1].copy()
    for index in range(4):
        step = scheduler.step(prediction, index, sample, history, fresh)
        again = scheduler.step(prediction, index, sample, history, fresh)

        assert np.array_equal(step.sample, again.sample)
        assert np.array_equal(sample, NOISE)
        assert np.array_equal(prediction, PICTURE)
        assert np.array_equal(fresh, NOISE[:, :, ::-1])
        history = step.history


@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_step_without_the_noise_that_it_adds_is_refused(name: str) -> None:
    scheduler = scheduler_from_config(CONFIG, 5, name)

    assert scheduler.draws_noise(0)
    with pytest.raises(InvalidRequest, match=r"^noise: .* draws_noise"):
        scheduler.step(NOISE, 0, PICTURE, NO_HISTORY)


@pytest.mark.parametrize("name", STOCHASTIC)
def test_no_noise_is_added_at_the_last_step(name: str) -> None:
    scheduler = scheduler_from_config(CONFIG, 5, name)

    assert not scheduler.draws_noise(4)


@pytest.mark.parametrize(("eta", "draws"), [(None, False), (0.0, False), (0.5, True)])
def test_ddim_adds_noise_only_where_it_is_asked_to(eta: float | None, draws: bool) -> None:
    scheduler = scheduler_from_config(CONFIG, Run(steps=4, eta=eta), "DDIM")

    assert scheduler.draws_noise(1) is draws


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_what_the_network_sees_has_a_deviation_of_one(name: str) -> None:
    scheduler = scheduler_from_config(CONFIG, 7, name)
    level = scheduler.level(3)

    if name.startswith("Flow"):
        assert level.signal + level.noise == pytest.approx(1)
    else:
        seen = scheduler.scale_input(np.array([level.signal, level.noise]), 3)
        assert float(np.hypot(*seen)) == pytest.approx(1)
