"""Chunks of real networks compute what the whole does, bit for bit, and coremltools reads them."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coremltools as ct
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.application.chunk import ChunkOptions
from coreml_stable_diffusion.domain.chained_network import chained
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.mil.stored_weights import stored_weights
from coreml_stable_diffusion.domain.ports.networks import Network
from coreml_stable_diffusion.domain.tensor import Tensors
from coreml_stable_diffusion.entrypoints.container import Container
from coreml_stable_diffusion.entrypoints.settings import Settings
from coremltools.converters.mil.frontend.milproto import load as milproto
from samples.packages import convert_module
from torch import Tensor, nn


class Layers(nn.Module):
    """A little of everything that is compressed, with a value that is used far below."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(4, 32, 3, padding=1)
        self.middle = nn.ModuleList(nn.Conv2d(32, 32, 3, padding=1) for _ in range(4))
        self.last = nn.Conv2d(64, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        begin = self.first(x)
        inner = begin
        for each in self.middle:
            inner = nn.functional.silu(each(inner))
        mixed = inner.flatten(2).transpose(1, 2) @ inner.flatten(2)
        inner = (inner.flatten(2) @ mixed.softmax(-1)).reshape(begin.shape)
        result: Tensor = self.last(torch.cat([inner, begin], 1))
        return result


@pytest.fixture(scope="module")
def container() -> Container:
    return Container(settings=Settings.from_environment(quiet=True, mode=Mode.EXACT))


@pytest.fixture(scope="module", params=["macOS13", "macOS13 6 bits", "macOS15 4 bits in groups"])
def package(
    request: pytest.FixtureRequest, container: Container, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A package as it was converted, or palettized in one of the two spellings."""
    target, *bits = request.param.split(" ", 1)
    made: Path = tmp_path_factory.mktemp("layers") / "Layers.mlpackage"
    torch.manual_seed(0)
    x = np.zeros((1, 4, 16, 16), np.float32)
    convert_module(Layers(), {"x": x}, ["y"], made, target=getattr(ct.target, target))
    if bits:
        groups = 8 if "groups" in request.param else None
        palettization = Palettization(bits=int(bits[0][0]), group_size=groups)
        container.compress()(made, palettization, in_place=True)
    return made


def inputs(network: Network) -> Tensors:
    rng = np.random.default_rng(1)
    return {
        each.name: rng.standard_normal(each.shape).astype(each.dtype) for each in network.inputs
    }


def weight_bytes(package: Path) -> int:
    return sum(each.stat().st_size for each in package.rglob("*.bin"))


def assert_same(whole: Path, parts: tuple[Path, ...], mode: Mode) -> None:
    runtime = ReferenceRuntime(MlPackageReader(), mode=mode)
    network = runtime.load(whole)
    given = inputs(network)
    chain = chained("chunks", tuple(runtime.load(each) for each in parts))
    wanted = network.predict(given)
    made = chain.predict({each.name: given[each.name] for each in chain.inputs})
    for name, array in wanted.items():
        assert np.array_equal(made[name], array), name


@pytest.mark.parametrize("mode", [Mode.EXACT, Mode.FAITHFUL])
def test_chunks_equal_the_whole_bit_for_bit(
    mode: Mode, package: Path, container: Container, tmp_path: Path
) -> None:
    assert_same(package, container.chunk()(package, tmp_path), mode)


@pytest.mark.parametrize("mode", [Mode.EXACT, Mode.FAITHFUL])
@pytest.mark.parametrize(
    "component", [Component.UNET, Component.TEXT_ENCODER, Component.VAE_DECODER]
)
def test_chunks_of_every_network_equal_the_whole(
    component: Component, mode: Mode, tiny_packages: Path, container: Container, tmp_path: Path
) -> None:
    package = tiny_packages / component.package_name("tiny")

    assert_same(package, container.chunk()(package, tmp_path), mode)


def test_chunks_are_near_equal_and_no_weight_is_in_both(
    package: Path, container: Container, tmp_path: Path
) -> None:
    parts = container.chunk()(package, tmp_path)

    sizes = [weight_bytes(each) for each in parts]
    assert min(sizes) > 0.6 * max(sizes)
    assert sum(sizes) < 1.05 * weight_bytes(package) + 512


def test_compressed_weights_stay_compressed(
    package: Path, container: Container, tmp_path: Path
) -> None:
    kinds = [
        {each.type.data_type for each in stored_weights(MlPackageReader().read(path))}
        for path in (package, *container.chunk()(package, tmp_path))
    ]

    assert kinds[1] | kinds[2] == kinds[0]


@pytest.fixture
def quiet_coremltools() -> Iterator[None]:
    log = logging.getLogger("coremltools")
    level = log.level
    log.setLevel(logging.ERROR)
    yield
    log.setLevel(level)


@pytest.mark.usefixtures("quiet_coremltools")
def test_coremltools_checks_and_takes_the_chunks(
    package: Path, container: Container, tmp_path: Path
) -> None:
    for path in container.chunk()(package, tmp_path):
        spec = ct.models.MLModel(str(path), skip_model_load=True).get_spec()
        weights = str(path / "Data/com.apple.CoreML/weights")
        read: Any = milproto.load(spec, spec.specificationVersion, weights)

        assert read.functions["main"].outputs


@pytest.mark.usefixtures("quiet_coremltools")
def test_the_merged_package_is_what_coremltools_would_make(
    package: Path, container: Container, tmp_path: Path
) -> None:
    parts = container.chunk()(package, tmp_path)
    [merged] = container.chunk()(package, tmp_path, ChunkOptions(merge=True))
    models = [ct.models.MLModel(str(each), skip_model_load=True) for each in parts]

    theirs = ct.utils.make_pipeline(*models).get_spec()
    ours = ct.models.MLModel(str(merged), skip_model_load=True).get_spec()

    assert ours.pipeline == theirs.pipeline
    assert ours.description.input == theirs.description.input
    assert ours.description.output == theirs.description.output
    assert ours.specificationVersion == theirs.specificationVersion
    for number, path in enumerate(parts):
        weights = f"Data/com.apple.CoreML/weights/{number}-weight.bin"
        own = path / "Data/com.apple.CoreML/weights/weight.bin"
        assert (merged / weights).read_bytes() == own.read_bytes()


def test_the_merged_package_runs_as_the_whole_does(
    package: Path, container: Container, tmp_path: Path
) -> None:
    merged = container.chunk()(package, tmp_path, ChunkOptions(merge=True, check=True))

    assert_same(package, merged, Mode.EXACT)
