"""When networks are loaded and when their memory is given back."""

from pathlib import Path

from coreml_stable_diffusion.application.networks import LazyNetwork, Networks
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from fakes.networks import FakeNetworkRuntime, fake_unet
from fakes.observing import FakeObserver
from samples.colour_world import manifest

UNET = fake_unet(lambda _: {"noise_pred": 0.0})


def networks(runtime: FakeNetworkRuntime, *, low_memory: bool) -> Networks:
    return Networks(
        runtime=runtime,
        observer=FakeObserver(),
        manifest=manifest(),
        folder=Path("models"),
        compute_unit=ComputeUnit.ALL,
        low_memory=low_memory,
    )


def test_the_first_use_loads_and_others_do_not() -> None:
    runtime = FakeNetworkRuntime({"unet": UNET})
    network = LazyNetwork(lambda: runtime.load(Path("unet")))

    assert not network.is_loaded
    assert network.inputs == UNET.inputs
    assert network.outputs == UNET.outputs
    assert len(runtime.loaded) == 1


def test_what_was_released_is_known_without_loading_it_again() -> None:
    runtime = FakeNetworkRuntime({"unet": UNET})
    network = LazyNetwork(lambda: runtime.load(Path("unet")))
    network.load()
    _ = network.inputs
    network.release()

    assert network.inputs == UNET.inputs
    assert not network.is_loaded
    assert len(runtime.loaded) == 1


def test_loading_ahead_tells_of_each_and_releasing_keeps_it() -> None:
    runtime = FakeNetworkRuntime({"unet": UNET})
    made = networks(runtime, low_memory=False)
    made.load([Component.UNET])
    made.load([Component.UNET])
    made.release(Component.UNET)

    assert len(runtime.loaded) == 1
    assert made.of(Component.UNET).is_loaded


def test_to_save_memory_nothing_is_loaded_ahead_and_released_is_released() -> None:
    runtime = FakeNetworkRuntime({"unet": UNET})
    made = networks(runtime, low_memory=True)
    made.load([Component.UNET])
    assert runtime.loaded == []

    made.of(Component.UNET).load()
    made.release(Component.UNET, Component.REFINER)

    assert not made.of(Component.UNET).is_loaded
