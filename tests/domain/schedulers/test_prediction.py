"""Laws of reading noise and clean picture off what a network predicts."""

import math

import numpy as np
import pytest
from coreml_stable_diffusion.domain.schedulers.noise_level import NoiseLevel
from coreml_stable_diffusion.domain.schedulers.noise_schedule import NoiseSchedule
from coreml_stable_diffusion.domain.schedulers.prediction import PredictionType, Sample
from hypothesis import given
from hypothesis import strategies as st

RNG = np.random.default_rng(5)
PICTURE, NOISE = RNG.standard_normal((2, 3, 4))
LEVELS = st.floats(0.05, 0.999).map(
    lambda signal: NoiseLevel(signal=signal, noise=math.sqrt(1 - signal**2))
)


def perfect_prediction(kind: PredictionType, level: NoiseLevel) -> Sample:
    predictions: dict[PredictionType, Sample] = {
        PredictionType.EPSILON: NOISE,
        PredictionType.SAMPLE: PICTURE,
        PredictionType.V_PREDICTION: level.signal * NOISE - level.noise * PICTURE,
        PredictionType.FLOW_PREDICTION: NOISE - PICTURE,
    }
    return predictions[kind]


@pytest.mark.parametrize("kind", PredictionType)
@given(level=LEVELS)
def test_a_perfect_prediction_gives_back_picture_and_noise(
    kind: PredictionType, level: NoiseLevel
) -> None:
    sample = level.signal * PICTURE + level.noise * NOISE
    prediction = perfect_prediction(kind, level)

    np.testing.assert_allclose(kind.denoised(prediction, sample, level), PICTURE, atol=1e-9)
    np.testing.assert_allclose(kind.noise(prediction, sample, level), NOISE, atol=1e-9)


@pytest.mark.parametrize("schedule", ["linear", "scaled_linear", "squaredcos_cap_v2"])
def test_every_timestep_is_noisier_than_the_one_before(schedule: str) -> None:
    made = NoiseSchedule.from_config({"beta_schedule": schedule, "num_train_timesteps": 400})
    levels = [made.level(timestep) for timestep in range(made.timestep_count)]

    ratios = [level.log_ratio for level in levels]
    assert ratios == sorted(ratios, reverse=True)
    assert len(set(ratios)) == 400


def test_signal_and_noise_keep_the_variance_at_one() -> None:
    made = NoiseSchedule.from_config({"beta_schedule": "scaled_linear"})
    for level in (made.level(0), made.level(500), made.level(999)):
        assert level.signal**2 + level.noise**2 == pytest.approx(1)


def test_noise_levels_are_those_that_apple_ships() -> None:
    config = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
    powers = NoiseSchedule.from_config(config).signal_powers

    np.testing.assert_allclose(
        powers[[0, 1, 500, 999]], [0.99915, 0.998296, 0.27633256, 0.0046600895], rtol=2e-6
    )
