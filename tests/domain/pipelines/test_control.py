"""What ControlNets are asked and how their residuals add up."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.pipelines.control import Control, GuidingPicture
from coreml_stable_diffusion.domain.schedulers.prediction import Sample
from coreml_stable_diffusion.domain.tensor import Tensors
from fakes.networks import FakeNetwork, fake_controlnet, spec

WHITE = np.ones((1, 3, 24, 40), dtype=np.float32)
NAME = "additional_residual_0"


def inputs(rows: int) -> dict[str, Sample]:
    return {
        "sample": np.zeros((rows, 4, 3, 5), dtype=np.float32),
        "timestep": np.full(rows, 9, dtype=np.float32),
        "encoder_hidden_states": np.arange(rows, dtype=np.float32)[:, None, None, None]
        * np.ones((rows, 8, 1, 77), dtype=np.float32),
        "unknown_to_controlnets": np.zeros((rows, 1), dtype=np.float32),
    }


def row_and_picture(told: Tensors) -> Tensors:
    states = told["encoder_hidden_states"].astype(np.float32)[:, :1, :, :1]
    return {NAME: states + told["controlnet_cond"].astype(np.float32).mean()}


def guiding(scale: float = 1.0, batch: int = 2) -> GuidingPicture:
    network = fake_controlnet(row_and_picture, batch=batch)
    return GuidingPicture(network=network, picture=WHITE, scale=scale)


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_every_row_is_asked_for_whatever_the_batch_of_the_network(batch: int) -> None:
    residuals = Control(pictures=(guiding(batch=batch),)).residuals(inputs(3))

    assert residuals[NAME][:, 0, 0, 0].tolist() == [1, 2, 3]


def test_residuals_are_scaled_and_added_up() -> None:
    residuals = Control(pictures=(guiding(0.5), guiding(2.0))).residuals(inputs(2))

    assert residuals[NAME][:, 0, 0, 0].tolist() == [2.5, 5.0]


def test_guessing_leaves_all_rows_but_the_prompts_alone() -> None:
    picture = guiding()
    residuals = Control(pictures=(picture,), guess_mode=True).residuals(inputs(2))

    assert not residuals[NAME][0].any()
    assert residuals[NAME][1].any()
    assert isinstance(picture.network, FakeNetwork)
    assert len(picture.network.calls) == 1


def test_guessing_counts_the_more_the_deeper() -> None:
    names = [f"additional_residual_{number}" for number in range(11)]
    network = fake_controlnet(lambda _: dict.fromkeys(names, 1.0))
    network.outputs = tuple(spec(name, (2, 4, 3, 5), "float32") for name in reversed(names))
    control = Control(pictures=(GuidingPicture(network=network, picture=WHITE),), guess_mode=True)

    residuals = control.residuals(inputs(1))

    found = [float(residuals[name].max()) for name in names]
    np.testing.assert_allclose(found, np.logspace(-1, 0, 11), rtol=1e-6)
