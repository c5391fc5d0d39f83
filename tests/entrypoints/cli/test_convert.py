"""`coreml-sd convert`: from options to a plan."""

import shutil
from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.conversion.plan import (
    AttentionImplementation,
    ComputePrecision,
    ConversionPlan,
)
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.scripted_conversion import ScriptedConversion
from typer.testing import CliRunner, Result


def convert(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["convert", *map(str, arguments)])


def test_without_options_the_plan_is_the_default(
    conversion: ScriptedConversion, tmp_path: Path
) -> None:
    result = convert("owner/name", "-o", tmp_path / "out")

    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'out'}\n")
    assert conversion.asked == [("owner/name", tmp_path / "out", ConversionPlan(), None)]


def test_every_option_reaches_the_plan(conversion: ScriptedConversion, tmp_path: Path) -> None:
    convert(
        *("owner/name", "-o", tmp_path / "out", "--components", "unet, vae-decoder"),
        *("--latent-height", "8", "--latent-width", "12", "--min-deployment-target", "iOS17"),
        *("--compute-unit", "CPU_ONLY", "--precision", "float32", "--unet-batch-one"),
        *("--text-chunks", "2", "--offer-clip-skip"),
        *("--revision", "v1", "--attention-implementation", "SPLIT_EINSUM"),
        *("--vae-precision", "float16"),
    )

    [(_, _, plan, revision)] = conversion.asked
    assert revision == "v1"
    assert plan == ConversionPlan(
        components=(Component.UNET, Component.VAE_DECODER),
        attention=AttentionImplementation.SPLIT_EINSUM,
        deployment_target=DeploymentTarget.IOS17,
        compute_unit=ComputeUnit.CPU_ONLY,
        precision=ComputePrecision.FLOAT32,
        vae_precision=ComputePrecision.FLOAT16,
        latent_height=8,
        latent_width=12,
        unet_batch_one=True,
        text_chunks=2,
        offer_clip_skip=True,
    )


def test_what_goes_with_a_model_is_passed_on(
    conversion: ScriptedConversion, tmp_path: Path
) -> None:
    convert(
        *("owner/name", "-o", tmp_path / "out", "--refiner", "owner/refiner"),
        *("--controlnet", "owner/edges", "--controlnet", "owner/depth"),
    )

    [additions] = conversion.additions
    assert additions.refiner == "owner/refiner"
    assert additions.controlnets == ("owner/edges", "owner/depth")


def test_the_prediction_type_reaches_the_plan(
    conversion: ScriptedConversion, tmp_path: Path
) -> None:
    convert("owner/name", "-o", tmp_path / "out", "--prediction-type", "v_prediction")

    assert conversion.asked[0][2] == ConversionPlan(prediction_type="v_prediction")


def test_palettes_reach_the_plan(conversion: ScriptedConversion, tmp_path: Path) -> None:
    to = ("-o", tmp_path / "out")
    convert("owner/name", *to, "--quantize-nbits", "6")
    convert("owner/name", *to, "--quantize-nbits", "8", "--quantize-vae", "--quantize-embeddings")

    first, second = (plan for _, _, plan, _ in conversion.asked)
    eight = Palettization(bits=8, include_embeddings=True)
    assert first == ConversionPlan(palettization=Palettization(bits=6))
    assert second == ConversionPlan(palettization=eight, vae_palettization=eight)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--quantize-nbits", "5"], "--quantize-nbits: 5 is none of 1, 2, 3, 4, 6, 8"),
        (["--quantize-embeddings"], "--quantize-nbits: say how many bits a"),
        (["--quantize-vae"], "--quantize-nbits: say how many bits a"),
        (["--quantize-nbits", "3"], "--quantize-nbits: 3 bits need a program for iOS 18"),
        (["--quantize-nbits", "4", "--quantize-group-size", "16"], "need a program for iOS 18"),
        (["--quantize-nbits", "4", "--precision", "float32"], "palettes hold float16"),
        (
            ["--components", "unet,t5"],
            "--components: 't5' is none of text_encoder, text_encoder_2, unet, ",
        ),
        (["--components", ""], "--components: '' is none of "),
        (["--latent-width", "0"], "0 is too small"),
        (["--size", "60x64"], "--size: 60x64 is not made of multiples of 8"),
        (["--size", "64x64", "--latent-width", "8"], "--size: it says what --latent-height"),
        (
            ["--size", "64x64", "--size", "96x64", "--attention-implementation", "SPLIT_EINSUM_V2"],
            "SPLIT_EINSUM_V2 cuts attention for one size; take SPLIT_EINSUM",
        ),
        (["--text-chunks", "0"], "--text-chunks: 0 is not a whole number from 1 to 8"),
    ],
)
def test_what_cannot_be_met_is_told_in_one_line(
    arguments: list[str], complaint: str, conversion: ScriptedConversion, tmp_path: Path
) -> None:
    result = convert("owner/name", "-o", tmp_path / "out", *arguments)

    [line] = result.stderr.splitlines()
    assert line.startswith("coreml-sd: ")
    assert complaint in line
    assert result.exit_code == 2
    assert conversion.asked == []


def test_a_folder_that_is_no_checkpoint_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    result = convert(tmp_path / "empty", "-o", tmp_path / "out")

    [line] = result.stderr.splitlines()
    assert "empty is not a diffusers checkpoint" in line
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_an_unknown_option_ends_with_2_too() -> None:
    assert convert("owner/name", "--no-such-option").exit_code == 2


def test_sizes_reach_the_plan(conversion: ScriptedConversion, tmp_path: Path) -> None:
    convert("owner/name", "-o", tmp_path / "out", "--size", "96x64", "--size", "64x64")

    plan = conversion.asked[0][2]
    assert (plan.latent_height, plan.latent_width) == (8, 12)
    assert plan.further_sizes == ((8, 8),)


@pytest.mark.parametrize(
    ("arguments", "opened"),
    [
        ([], ("sample", "4f2a")),
        (["sample"], ("sample", "4f2a")),
        (["owner/mirror"], ("owner/mirror", None)),
        (["owner/mirror", "--revision", "v1"], ("owner/mirror", "v1")),
        (["sample", "--revision", "v1"], ("sample", "v1")),
    ],
)
def test_a_recipe_tells_the_revision_of_its_own_model_alone(
    arguments: list[str],
    opened: tuple[str, str | None],
    conversion: ScriptedConversion,
    model_folder: Path,
    tmp_path: Path,
) -> None:
    result = convert(*arguments, "--recipe", model_folder, "-o", tmp_path / "out")

    assert result.exit_code == 0, result.output
    assert {(model, revision) for model, _, _, revision in conversion.asked} == {opened}


def test_a_revision_beside_a_recipe_is_that_of_a_model(
    conversion: ScriptedConversion, model_folder: Path, tmp_path: Path
) -> None:
    result = convert("--recipe", model_folder, "--revision", "v1", "-o", tmp_path / "out")

    [line] = result.stderr.splitlines()
    assert "--revision: the recipe has it; leave it out, or give MODEL, too" in line
    assert (result.exit_code, conversion.asked) == (2, [])


def test_a_recipe_is_the_file_that_was_named(
    conversion: ScriptedConversion, model_folder: Path, tmp_path: Path
) -> None:
    recipe = shutil.copy(model_folder / "pipeline.json", model_folder / "other.json")
    (model_folder / "pipeline.json").write_text("broken")

    result = convert("--recipe", recipe, "-o", tmp_path / "out")

    assert result.exit_code == 0, result.output
    assert conversion.asked


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("nowhere.json", "nowhere.json is not there"),
        ("broken.json", "broken.json is no recipe: broken.json cannot be read"),
        ("empty.json", "empty.json is no recipe: empty.json lacks packages"),
        (".", "is no recipe: it has no pipeline.json"),
    ],
)
def test_what_is_no_recipe_is_named(
    name: str, problem: str, conversion: ScriptedConversion, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("broken")
    (tmp_path / "empty.json").write_text('{"version": 2}')

    result = convert("--recipe", tmp_path / name, "-o", tmp_path / "out")

    [line] = result.stderr.splitlines()
    assert "--recipe: " in line
    assert problem in line
    assert (result.exit_code, conversion.asked) == (2, [])


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ("nope", "nope is not a folder of converted packages: it has no pipeline.json"),
        ("./out", "--share-weights-with: "),
    ],
)
def test_weights_that_cannot_be_shared_are_refused_before_converting(
    other: str, problem: str, conversion: ScriptedConversion, tmp_path: Path
) -> None:
    result = convert("pocket", "-o", tmp_path / "out", "--share-weights-with", tmp_path / other)

    assert (result.exit_code, result.stdout, conversion.asked) == (2, "", [])
    assert problem in result.stderr
