"""Verifying with a fake for every port."""

from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.application.departures import Departures
from coreml_stable_diffusion.application.load_pipeline import LoadPipeline
from coreml_stable_diffusion.application.part_sources import PartSources
from coreml_stable_diffusion.application.verify import Verify
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import NotACheckpoint, UnreachableCheckpoint
from coreml_stable_diffusion.domain.request import GenerationRequest
from coreml_stable_diffusion.domain.tensor import Tensors
from coreml_stable_diffusion.domain.verification.divergence import Divergence
from coreml_stable_diffusion.domain.verification.report import ComponentFidelity, Verification
from fakes.changing import FakeChanging
from fakes.checkpoints import FakeCheckpointSource, fake_checkpoint
from fakes.converting import FakeConverter
from fakes.images import FakeImageResizer
from fakes.networks import (
    FakeExaminableNetwork,
    FakeExaminingRuntime,
    FakeNetwork,
    FakeNetworkRuntime,
)
from fakes.originals import FakeOriginals
from fakes.tracing import FakeTracer
from samples.colour_world import FOLDER, World, manifest

PACKAGES = (
    Component.TEXT_ENCODER,
    Component.UNET,
    Component.VAE_DECODER,
    Component.VAE_ENCODER,
)
CHECKPOINTS = dict.fromkeys(
    ("colours", "moved"), attrs.evolve(fake_checkpoint(), components=PACKAGES)
)
REVISION = "0123abc"
REQUEST = GenerationRequest(prompt="red", seed=1, num_inference_steps=5, guidance_scale=1.0)


@attrs.frozen
class Scene:
    """PyTorch's networks are those of the world, and so are the packages but for `worse`."""

    world: World = attrs.field(factory=lambda: World(manifest=manifest(*PACKAGES)))
    worse: dict[str, FakeNetwork] = attrs.field(factory=dict)
    rounded: dict[str, FakeNetwork] = attrs.field(factory=dict)
    source: FakeCheckpointSource = attrs.field(factory=lambda: FakeCheckpointSource(CHECKPOINTS))

    def verify(self, **options: Any) -> Verification:
        originals = self.world.networks
        packages = {**originals, **self.worse}
        verify = Verify(
            parts=PartSources([self.source], [], FakeChanging()),
            originals=FakeOriginals({each: self.world.networks[each.value] for each in PACKAGES}),
            model_folders=self.world.load._model_folders,
            runtime=FakeNetworkRuntime(packages),
            exact=_examining(packages),
            rounded=_examining({**packages, **self.rounded}),
            departures=Departures(
                tracer=FakeTracer(),
                converter=FakeConverter(),
                exact=attrs.evolve(_examining(packages), programs=_examining(originals).networks),
                observer=self.world.observer,
            ),
            load_pipeline=lambda **ports: LoadPipeline(
                **ports,
                configurations=[],
                resizer=FakeImageResizer(),
                observer=self.world.observer,
            ),
            generate=self.world.generate,
            observer=self.world.observer,
        )
        return verify(FOLDER, REQUEST, **{"threshold_db": 35.0, **options})


def _examining(networks: dict[str, FakeNetwork]) -> FakeExaminingRuntime:
    return FakeExaminingRuntime(
        {name: FakeExaminableNetwork(network) for name, network in networks.items()}
    )


def off_by(network: FakeNetwork, output: str, error: float) -> FakeNetwork:
    def script(inputs: Tensors) -> dict[str, Any]:
        answers = dict(network.script(inputs))
        return {**answers, output: np.asarray(answers[output], np.float32) + error}

    return attrs.evolve(network, script=script)


def found(verification: Verification, component: Component) -> ComponentFidelity:
    (only,) = (each for each in verification.components if each.component is component)
    return only


def test_packages_that_compute_the_same_pass() -> None:
    verification = Scene().verify(swaps=True)

    assert verification.failures == ()
    assert [each.component for each in verification.components] == list(PACKAGES)
    assert verification.picture_psnr_db == float("inf")
    assert set(verification.swaps.values()) == {float("inf")}


def test_a_network_is_tried_on_several_of_its_predictions() -> None:
    verification = Scene().verify()

    assert found(verification, Component.UNET).cases == 4
    assert found(verification, Component.TEXT_ENCODER).cases == 1


def test_a_package_that_computes_something_else_is_named_with_its_error() -> None:
    scene = Scene()
    scene.worse["unet"] = off_by(scene.world.networks["unet"], "noise_pred", 0.5)

    verification = scene.verify()

    (failure,) = verification.failures
    assert failure.startswith("UNet: ")
    (output,) = found(verification, Component.UNET).outputs
    assert output.largest_error == pytest.approx(0.5, abs=1e-3)
    departure = found(verification, Component.UNET).departure
    assert departure is not None
    assert departure.result == "noise_pred"
    assert found(verification, Component.VAE_DECODER).psnr_db > 100
    assert found(verification, Component.VAE_DECODER).departure is None


def test_a_swap_tells_which_package_costs_the_picture() -> None:
    scene = Scene()
    scene.worse["vae_decoder"] = off_by(scene.world.networks["vae_decoder"], "image", 0.1)

    verification = scene.verify(swaps=True)

    assert verification.swaps[Component.UNET] == float("inf")
    assert verification.swaps[Component.VAE_DECODER] < 30
    assert verification.picture_psnr_db == verification.swaps[Component.VAE_DECODER]
    assert Component.VAE_ENCODER not in verification.swaps


def test_the_result_that_float16_spoils_is_named() -> None:
    scene = Scene()
    scene.rounded["unet"] = off_by(scene.world.networks["unet"], "noise_pred", float("inf"))

    verification = scene.verify()

    assert found(verification, Component.UNET).divergence == Divergence("noise_pred", -float("inf"))
    assert found(verification, Component.TEXT_ENCODER).divergence is None


def test_what_was_not_converted_comes_from_the_checkpoint() -> None:
    scene = Scene(world=World(manifest=manifest(Component.UNET)))

    verification = scene.verify()

    assert [each.component for each in verification.components] == [Component.UNET]
    assert verification.picture_psnr_db == float("inf")


def test_a_checkpoint_that_nobody_knows_is_asked_for() -> None:
    with pytest.raises(NotACheckpoint, match="--against"):
        Scene().verify(against="nowhere")


@pytest.mark.parametrize(
    ("against", "opened"),
    [
        (None, ("colours", REVISION)),
        ("colours", ("colours", REVISION)),
        ("moved", ("moved", None)),
    ],
)
def test_packages_are_held_against_the_revision_that_they_were_made_from(
    against: str | None, opened: tuple[str, str | None]
) -> None:
    scene = Scene(world=World(manifest=manifest(*PACKAGES, revision=REVISION)))

    scene.verify(against=against)

    assert scene.source.opened == [opened]


def test_a_revision_that_is_gone_is_asked_for() -> None:
    scene = Scene(world=World(manifest=manifest(*PACKAGES, revision=REVISION)))
    scene.source.gone = (REVISION,)

    with pytest.raises(UnreachableCheckpoint, match=f"no revision {REVISION}; say with --against"):
        scene.verify()
