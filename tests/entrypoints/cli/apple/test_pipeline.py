"""Apple's pipeline draws what `generate` draws, into the file that Apple's tool would write."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_name
from coreml_stable_diffusion.entrypoints.cli.apple.pipeline import parser
from coreml_stable_diffusion.entrypoints.cli.main import app
from coreml_stable_diffusion.entrypoints.container import Container
from dependency_injector import providers
from fakes.networks import FakeNetworkRuntime
from fakes.packages import FakePackageReader
from samples.model_folder import sample_runtime, write_model_folder
from samples.programs import program
from typer.testing import CliRunner, Result

LATENTS = np.zeros((2, 4, 3, 5), np.float16)
# Of packages that others made, what they take and give is all that is known.
EDGES = {
    Component.TEXT_ENCODER.package_name("sample"): program([], {}, {}),
    Component.UNET.package_name("sample"): program(
        [],
        {"sample": LATENTS, "encoder_hidden_states": np.zeros((2, 8, 1, 77), np.float16)},
        {"noise_pred": LATENTS},
    ),
    Component.VAE_DECODER.package_name("sample"): program(
        [], {"z": LATENTS[:1]}, {"image": np.zeros((1, 3, 24, 40), np.float32)}
    ),
}
BUNDLES = ("TextEncoder.mlmodelc", "Unet.mlmodelc", "VAEDecoder.mlmodelc")
# Packages and bundles, by the packages that they are.
NAMES = dict(zip((*EDGES, *BUNDLES), (*EDGES, *EDGES), strict=True))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["pipeline", *map(str, arguments)])


@pytest.fixture
def packages(model_folder: Path) -> Path:
    (model_folder / "Stable_Diffusion_version_sample_unet.mlpackage").mkdir()
    return model_folder


@pytest.mark.usefixtures("runtime")
def test_the_picture_has_the_name_that_apples_tool_gives(packages: Path, tmp_path: Path) -> None:
    result = run(
        *("--prompt", "a cat/dog on mars", "-i", packages, "-o", tmp_path / "out"),
        *("--num-inference-steps", "2", "--scheduler", "EulerAncestralDiscrete", "-s", "7"),
        *("--compute-unit", "CPU_AND_NE", "--model-version", "me/sample"),
    )

    name = (
        "randomSeed_7_computeUnit_CPU_AND_NE_modelVersion_me_sample"
        "_customScheduler_EulerAncestralDiscrete_numInferenceSteps2.png"
    )
    file = tmp_path / "out" / "a_cat_dog_on_mars" / name
    assert (result.exit_code, result.stdout) == (0, f"{file}\n")
    assert file.is_file()


def test_apples_settings_are_the_usual_ones(
    packages: Path, runtime: FakeNetworkRuntime, tmp_path: Path
) -> None:
    result = run("--prompt", "a", "-i", packages, "-o", tmp_path)

    assert "Seed 93" in result.stderr
    unet = runtime.networks["Stable_Diffusion_version_sample_unet.mlpackage"]
    assert len(getattr(unet, "calls")) == 51  # noqa: B009 - PNDM takes one step more than asked


@pytest.fixture
def both_kinds(tmp_path: Path) -> Path:
    """What Apple's tools leave in one folder: each network as a package and as a bundle."""
    folder = write_model_folder(tmp_path / "both")
    (folder / "pipeline.json").unlink()
    for name in NAMES:
        (folder / name).mkdir()
    return folder


@pytest.mark.parametrize(
    ("sources", "unet"),
    [
        ("packages", "Stable_Diffusion_version_sample_unet.mlpackage"),
        ("compiled", "Unet.mlmodelc"),
    ],
)
def test_the_networks_of_the_kind_that_was_asked_for_draw(
    sources: str, unet: str, both_kinds: Path, tmp_path: Path
) -> None:
    networks = sample_runtime().networks
    runtime = FakeNetworkRuntime({name: networks[own] for name, own in NAMES.items()})
    reader = FakePackageReader({name: EDGES[own] for name, own in NAMES.items()})
    with (
        Container.network_runtime.override(providers.Object(runtime)),
        Container.package_reader.override(providers.Object(reader)),
    ):
        result = run("--prompt", "a", "-i", both_kinds, "-o", tmp_path, "--model-sources", sources)

    assert result.exit_code == 0, result.stderr
    assert unet in dict(runtime.loaded)


@pytest.mark.usefixtures("runtime")
def test_a_manifest_has_decided_what_draws(packages: Path, tmp_path: Path) -> None:
    (packages / "Unet.mlmodelc").mkdir()

    result = run("--prompt", "a", "-i", packages, "-o", tmp_path, "--model-sources", "compiled")

    assert result.exit_code == 2
    assert result.stderr.endswith(".mlpackage; leave it out\n")


def test_every_scheduler_of_apples_is_known() -> None:
    [schedulers] = [each.choices for each in parser()._actions if each.dest == "scheduler"]

    for name in schedulers or ():
        assert scheduler_name(name)


@pytest.mark.parametrize(
    ("there", "arguments", "complaint"),
    [
        ([], [], "-i: "),
        (["a.mlpackage", "b.mlmodelc"], [], "--model-sources: "),
        (["a.mlpackage"], ["--model-sources", "compiled"], "--model-sources: "),
    ],
)
def test_a_folder_of_another_form_is_refused(
    there: list[str], arguments: list[str], complaint: str, tmp_path: Path
) -> None:
    for name in there:
        (tmp_path / name).mkdir()

    result = run("--prompt", "a", "-i", tmp_path, "-o", tmp_path / "out", *arguments)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"coreml-sd: {complaint}{tmp_path} has")
