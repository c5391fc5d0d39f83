"""How noise levels are spaced between the highest and the lowest."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.schedulers.beta_quantile import beta_quantile
from coreml_stable_diffusion.domain.schedulers.noise_schedule import NoiseSchedule
from coreml_stable_diffusion.domain.schedulers.sigmas import (
    SigmaSpacing,
    sigmas_at,
    timesteps_at,
)
from hypothesis import given
from hypothesis import strategies as st

PROBABILITIES = np.linspace(0, 1, 101)


@pytest.mark.parametrize("spacing", SigmaSpacing)
@given(highest=st.floats(2, 100), lowest=st.floats(0.001, 1), steps=st.integers(2, 60))
def test_sigmas_fall_from_the_highest_to_the_lowest(
    spacing: SigmaSpacing, highest: float, lowest: float, steps: int
) -> None:
    sigmas = spacing.between(highest, lowest, steps)

    assert len(sigmas) == steps
    assert (np.diff(sigmas) < 0).all()
    np.testing.assert_allclose(sigmas[[0, -1]], [highest, lowest], rtol=1e-12)


def test_the_timestep_of_a_timesteps_sigma_is_that_timestep() -> None:
    schedule = NoiseSchedule.from_config({"beta_schedule": "scaled_linear"})
    visited = np.array([999.0, 700.0, 31.0, 0.0])

    found = timesteps_at(schedule, sigmas_at(schedule, visited))

    np.testing.assert_allclose(found, visited, atol=1e-3)


def test_half_the_beta_distribution_is_that_of_an_arc() -> None:
    found = beta_quantile(PROBABILITIES, shape=0.5)

    np.testing.assert_allclose(found, np.sin(PROBABILITIES * np.pi / 2) ** 2, atol=1e-14)


def test_twice_the_beta_distribution_is_a_cubic() -> None:
    found = beta_quantile(PROBABILITIES, shape=2.0)

    np.testing.assert_allclose(3 * found**2 - 2 * found**3, PROBABILITIES, atol=1e-14)


def test_beta_quantiles_are_those_of_scipy() -> None:
    """Made by `scipy.stats.beta.ppf(probabilities, 0.6, 0.6)`, SciPy 1.17.1."""
    probabilities = np.array([0.01, 0.1, 0.25, 0.4, 0.5, 0.75, 0.999])
    expected = [
        *(0.0008612388215429059, 0.03958440558878085, 0.17568037865269498),
        *(0.3627009907532143, 0.5, 0.824319621347305, 0.9999814412614826),
    ]

    np.testing.assert_allclose(beta_quantile(probabilities, shape=0.6), expected, rtol=1e-12)


def test_with_zero_terminal_snr_nothing_is_left_of_the_picture() -> None:
    config = {"beta_schedule": "scaled_linear"}
    plain = NoiseSchedule.from_config(config)
    rescaled = NoiseSchedule.from_config(config, zero_terminal_snr=True)

    assert rescaled.level(999).signal == 0
    assert rescaled.level(0).signal == pytest.approx(plain.level(0).signal)
    assert np.isfinite(rescaled.sigmas).all()
