"""Names of Apple's tool are told from each other and from everything else."""

import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.recognition.names import NamedNetwork, recognise


@pytest.mark.parametrize("component", [each for each in Component if each.value != "controlnet"])
def test_packages_and_bundles_of_every_component_are_known(component: Component) -> None:
    package = component.package_name("owner/model_1")
    bundle = f"{component.resource_name('owner/model_1')}.mlmodelc"

    assert recognise(package) == NamedNetwork(
        component=component, file=package, model="owner_model_1"
    )
    assert recognise(bundle) == NamedNetwork(component=component, file=bundle)


@pytest.mark.parametrize(
    ("chunk", "whole"),
    [
        (
            "Stable_Diffusion_version_x_control-unet_chunk1.mlpackage",
            "Stable_Diffusion_version_x_control-unet.mlpackage",
        ),
        ("UnetRefinerChunk2.mlmodelc", "UnetRefiner.mlmodelc"),
    ],
)
def test_a_chunk_stands_for_its_whole(chunk: str, whole: str) -> None:
    named = recognise(chunk)

    assert named is not None
    assert named == recognise(whole)
    assert named.file == whole


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("ControlNet_lllyasviel_sd-controlnet-mlsd.mlpackage", "lllyasviel_sd-controlnet-mlsd"),
        ("controlnet/LllyasvielSdControlnetMlsd.mlmodelc", "LllyasvielSdControlnetMlsd"),
    ],
)
def test_controlnets_go_by_their_own_names(path: str, model: str) -> None:
    assert recognise(path) == NamedNetwork(component=Component.CONTROLNET, file=path, model=model)


@pytest.mark.parametrize(
    "path",
    [
        "vocab.json",
        "Other.mlmodelc",
        "Unet.mlmodel",
        "deep/Unet.mlmodelc",
        "unet.mlpackage",
        "Stable_Diffusion_version_x_unet_chunk3.mlpackage",
    ],
)
def test_nothing_else_is_taken_for_a_network(path: str) -> None:
    assert recognise(path) is None
