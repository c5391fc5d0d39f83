"""Apple's pipeline draws what `generate` draws, into the file that Apple's tool would write."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_name
from coreml_stable_diffusion.entrypoints.cli.apple.pipeline import parser
from coreml_stable_diffusion.entrypoints.cli.main import app
from fakes.networks import FakeNetworkRuntime
from typer.testing import CliRunner, Result


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
