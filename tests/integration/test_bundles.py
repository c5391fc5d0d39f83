"""Every network of a Stable Diffusion checkpoint, as a package and as the bundle made of it."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.component import Component
from samples.bundles import WEIGHTS, compiled, read_model

NETWORKS = (
    Component.TEXT_ENCODER,
    Component.UNET,
    Component.VAE_DECODER,
    Component.VAE_ENCODER,
    Component.SAFETY_CHECKER,
)


@pytest.mark.parametrize("component", NETWORKS, ids=lambda each: each.value)
def test_a_network_comes_back_from_its_bundle(
    component: Component, tiny_packages: Path, tmp_path: Path
) -> None:
    package = tiny_packages / component.package_name("tiny")
    reader = MlPackageReader()

    bundle = compiled(package, tmp_path / "network.mlmodelc")
    program = reader.read(bundle)
    MlPackageWriter().write(program, tmp_path / "back.mlpackage")

    assert program == reader.read(package) == reader.read(tmp_path / "back.mlpackage")
    assert (tmp_path / "back.mlpackage" / WEIGHTS).read_bytes() == (package / WEIGHTS).read_bytes()


def test_an_unchanged_network_keeps_its_message(tiny_packages: Path, tmp_path: Path) -> None:
    package = tiny_packages / Component.UNET.package_name("tiny")

    MlPackageWriter().write(MlPackageReader().read(package), tmp_path / "same.mlpackage")

    assert read_model(tmp_path / "same.mlpackage") == read_model(package)


def test_a_bundle_computes_what_its_package_computes(tiny_packages: Path, tmp_path: Path) -> None:
    package = tiny_packages / Component.VAE_DECODER.package_name("tiny")
    runtime = ReferenceRuntime(MlPackageReader(), threads=1)
    first = runtime.load(package)
    second = runtime.load(compiled(package, tmp_path / "decoder.mlmodelc"))
    inputs = {each.name: np.full(each.shape, 0.5, each.dtype) for each in first.inputs}

    expected, computed = first.predict(inputs), second.predict(inputs)

    assert expected.keys() == computed.keys()
    for name, array in expected.items():
        assert np.array_equal(computed[name], array)
