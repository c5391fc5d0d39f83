"""The weights of the linear multistep method."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.lms import Lms
from coreml_stable_diffusion.domain.schedulers.scheduler import NO_HISTORY
from numpy.polynomial import Polynomial


@pytest.mark.parametrize("name", ["LMS", "LMS Karras", "LMS Beta"])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_noise_that_is_a_polynomial_of_sigma_is_integrated_exactly(name: str, order: int) -> None:
    scheduler = scheduler_from_config({"beta_schedule": "scaled_linear"}, 12, name)
    assert isinstance(scheduler, Lms)
    seen = Polynomial(np.random.default_rng(order).standard_normal(order))
    sigmas = [level.noise for level in scheduler.levels]
    history = NO_HISTORY
    for index in range(12):
        step = scheduler.step(np.array([seen(sigmas[index])]), index, np.zeros(1), history)
        history = step.history
        if index + 1 >= order:
            way = seen.integ()(sigmas[index + 1]) - seen.integ()(sigmas[index])
            np.testing.assert_allclose(step.sample, [way], rtol=1e-9, atol=1e-9)


def test_no_more_than_four_levels_are_remembered() -> None:
    scheduler = scheduler_from_config({}, 12, "LMS")
    history = NO_HISTORY
    for index in range(8):
        history = scheduler.step(np.zeros(1), index, np.zeros(1), history).history

    assert len(history.predictions) == 4
