"""The promises of domain/ports/originals.py, kept by the fake and by PyTorch."""

from pathlib import Path

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.pytorch.original_networks import TorchOriginals
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.errors import MissingComponent, PredictionError
from coreml_stable_diffusion.domain.ports.originals import OriginalNetworks
from fakes.networks import fake_vae_decoder, spec
from fakes.originals import FakeOriginals


@pytest.fixture
def checkpoint(tiny_checkpoint: Path) -> Checkpoint:
    return DiffusersFolder().open(str(tiny_checkpoint))


@pytest.fixture(params=["fake", "torch"])
def originals(request: pytest.FixtureRequest) -> OriginalNetworks:
    if request.param == "torch":
        return TorchOriginals()
    decoder = fake_vae_decoder(
        lambda inputs: {"image": inputs["z"].mean()}, latents=(4, 8, 8), factor=8
    )
    return FakeOriginals({Component.VAE_DECODER: decoder})


def test_an_original_has_the_edge_of_its_package(
    originals: OriginalNetworks, checkpoint: Checkpoint
) -> None:
    network = originals.load(checkpoint, Component.VAE_DECODER, ConversionPlan())

    (taken,), (given,) = network.inputs, network.outputs
    assert taken == spec("z", (1, 4, 8, 8), "float16")
    assert given == spec("image", (1, 3, 64, 64), "float32")


def test_an_original_predicts_as_a_package_does(
    originals: OriginalNetworks, checkpoint: Checkpoint
) -> None:
    network = originals.load(checkpoint, Component.VAE_DECODER, ConversionPlan())
    latents = np.ones((1, 4, 8, 8), np.float16)

    outputs = network.predict({"z": latents})

    assert outputs["image"].shape == (1, 3, 64, 64)
    assert outputs["image"].dtype == np.float32
    assert np.array_equal(network.predict({"z": latents})["image"], outputs["image"])


def test_an_original_refuses_what_a_package_refuses(
    originals: OriginalNetworks, checkpoint: Checkpoint
) -> None:
    network = originals.load(checkpoint, Component.VAE_DECODER, ConversionPlan())

    with pytest.raises(PredictionError, match="input z is missing"):
        network.predict({})


def test_what_the_checkpoint_lacks_has_no_original(
    originals: OriginalNetworks, checkpoint: Checkpoint
) -> None:
    without = attrs.evolve(checkpoint, components=(Component.UNET,))

    with pytest.raises(MissingComponent, match="vae_decoder; it has: unet"):
        originals.load(without, Component.VAE_DECODER, ConversionPlan())
