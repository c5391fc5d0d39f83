"""UNets of every batch size, with guidance and without, predict the same."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.conditioning import Conditioning
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.pipelines.denoise import NoisePredictor
from coreml_stable_diffusion.domain.pipelines.guidance import Guidance
from coreml_stable_diffusion.domain.pipelines.noise_prediction import noise_predictor
from coreml_stable_diffusion.domain.schedulers.prediction import Sample
from coreml_stable_diffusion.domain.tensor import Tensors
from fakes.networks import FakeNetwork, fake_unet

RNG = np.random.default_rng(11)
SAMPLE = RNG.standard_normal((1, 4, 3, 5)).astype(np.float32)
# Halves of whole numbers, so that nothing is lost where the UNet takes float16.
NEGATIVE, POSITIVE = (RNG.integers(-8, 8, size=(2, 1, 8, 1, 77)) / 2).astype(np.float32)


def first_state_and_time(inputs: Tensors) -> Tensors:
    """A UNet whose prediction shows which condition, timestep and sample it saw."""
    sample, times, states = (
        inputs[name].astype(np.float32) for name in ("sample", "timestep", "encoder_hidden_states")
    )
    return {"noise_pred": sample + states[:, :1, :, :1] + times[:, None, None, None] / 8}


def predictor(unet: FakeNetwork, *states: Sample, scale: float) -> NoisePredictor:
    conditioning = Conditioning(hidden_states=np.concatenate(states))
    return noise_predictor(unet, conditioning, Guidance(scale=scale))


def expected(condition: Sample, timestep: float) -> Sample:
    seen = SAMPLE.astype(np.float16).astype(np.float32)
    return seen + float(condition[0, 0, 0, 0]) + timestep / 8


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_guidance_goes_from_the_negative_prompt_through_the_prompt(batch: int) -> None:
    unet = fake_unet(first_state_and_time, batch=batch)
    predict = predictor(unet, NEGATIVE, POSITIVE, scale=7.5)

    negative, positive = expected(NEGATIVE, 8), expected(POSITIVE, 8)
    np.testing.assert_allclose(
        predict(SAMPLE, 8), negative + 7.5 * (positive - negative), rtol=1e-5
    )


@pytest.mark.parametrize("batch", [1, 2])
def test_one_prompt_is_predicted_as_it_is(batch: int) -> None:
    unet = fake_unet(first_state_and_time, batch=batch)

    assert np.array_equal(predictor(unet, POSITIVE, scale=1.0)(SAMPLE, 4), expected(POSITIVE, 4))


def test_a_unet_of_batch_two_sees_the_negative_prompt_first_and_both_at_once() -> None:
    unet = fake_unet(first_state_and_time, batch=2)
    predictor(unet, NEGATIVE, POSITIVE, scale=7.5)(SAMPLE, 8)

    (inputs,) = unet.calls
    assert np.array_equal(inputs["encoder_hidden_states"], np.concatenate([NEGATIVE, POSITIVE]))
    assert np.array_equal(inputs["timestep"], [8, 8])
    assert np.array_equal(inputs["sample"][0], inputs["sample"][1])


def test_a_unet_of_batch_one_runs_twice_for_guidance() -> None:
    unet = fake_unet(first_state_and_time, batch=1)
    predictor(unet, NEGATIVE, POSITIVE, scale=7.5)(SAMPLE, 8)

    states = [inputs["encoder_hidden_states"] for inputs in unet.calls]
    assert np.array_equal(np.concatenate(states), np.concatenate([NEGATIVE, POSITIVE]))


def test_a_unet_of_batch_two_without_guidance_sees_the_prompt_twice() -> None:
    unet = fake_unet(first_state_and_time, batch=2)
    predictor(unet, POSITIVE, scale=1.0)(SAMPLE, 8)

    (inputs,) = unet.calls
    assert np.array_equal(inputs["encoder_hidden_states"], np.concatenate([POSITIVE, POSITIVE]))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1e5, 1e38, 1e300])
def test_guidance_beyond_all_numbers_is_told_and_warns_of_nothing(scale: float) -> None:
    predict = predictor(fake_unet(first_state_and_time), NEGATIVE, POSITIVE, scale=scale)

    with pytest.raises(PredictionError, match=r"UNet: .* no numbers; lower the guidance scale"):
        predict(predict(SAMPLE, 8), 8)
