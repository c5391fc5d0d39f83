"""Apple's flags reach the plan with their meaning, and what cannot be done is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.conversion.plan import AttentionImplementation, ConversionPlan
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.entrypoints.cli.main import app
from coreml_stable_diffusion.entrypoints.container import Container
from dependency_injector import providers
from samples.scripted_conversion import ScriptedConversion
from typer.testing import CliRunner, Result


@pytest.fixture(autouse=True)
def conversion() -> Iterator[ScriptedConversion]:
    scripted = ScriptedConversion()
    with Container.convert.override(providers.Object(scripted)):
        yield scripted


def run(checkpoint: Path, *arguments: str | Path) -> Result:
    flags = ["torch2coreml", "--model-version", checkpoint, *arguments]
    return CliRunner().invoke(app, [*map(str, flags)])


def test_only_what_is_asked_for_is_converted_with_apples_defaults(
    conversion: ScriptedConversion, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    result = run(tiny_checkpoint, "--convert-unet", "--convert-text-encoder", "-o", tmp_path / "o")

    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'o'}\n")
    [(model, folder, plan, _)] = conversion.asked
    assert (model, folder) == (str(tiny_checkpoint), tmp_path / "o")
    assert set(plan.components or ()) == {Component.UNET, Component.TEXT_ENCODER}
    usual = ConversionPlan(
        components=plan.components, attention=AttentionImplementation.SPLIT_EINSUM
    )
    assert plan == usual


def test_every_setting_reaches_the_plan(
    conversion: ScriptedConversion, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    run(
        tiny_checkpoint,
        *("-o", tmp_path / "o", "--convert-vae-decoder", "--convert-vae-encoder"),
        *("--convert-safety-checker", "--convert-unet", "--unet-support-controlnet"),
        *("--attention-implementation", "ORIGINAL", "--compute-unit", "CPU_AND_NE"),
        *("--latent-h", "16", "--latent-w", "24", "--unet-batch-one", "--quantize-nbits", "6"),
        *("--min-deployment-target", "iOS17", "--text-token-sequence-length", "154"),
    )

    [(_, _, plan, _)] = conversion.asked
    assert plan == ConversionPlan(
        components=(
            Component.VAE_DECODER,
            Component.VAE_ENCODER,
            Component.SAFETY_CHECKER,
            Component.CONTROL_UNET,
        ),
        attention=AttentionImplementation.ORIGINAL,
        deployment_target=DeploymentTarget.IOS17,
        compute_unit=ComputeUnit.CPU_AND_NE,
        latent_height=16,
        latent_width=24,
        unet_batch_one=True,
        text_chunks=2,
        palettization=Palettization(bits=6),
    )


def test_several_controlnets_follow_one_flag(
    conversion: ScriptedConversion, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    run(tiny_checkpoint, "--convert-controlnet", "me/edges", "me/depth", "-o", tmp_path / "o")

    [additions] = conversion.additions
    assert additions.controlnets == ("me/edges", "me/depth")
    assert conversion.asked[0][2].components == ()


def test_a_refiner_goes_with_the_unet_alone(
    conversion: ScriptedConversion, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    refiner = ("--refiner-version", "me/refiner", "-o", tmp_path / "o")
    run(tiny_checkpoint, "--convert-unet", *refiner)
    run(tiny_checkpoint, "--convert-vae-decoder", *refiner)

    assert [each.refiner for each in conversion.additions] == ["me/refiner", None]


def test_a_target_that_nobody_knows_is_the_oldest_and_it_is_told(
    conversion: ScriptedConversion, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    unknown = ("--min-deployment-target", "macOS99", "-o", tmp_path / "o")
    result = run(tiny_checkpoint, "--convert-unet", *unknown)

    assert "macOS99 is not known" in result.stderr
    assert conversion.asked[0][2].deployment_target is DeploymentTarget.MACOS13


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--sd3-version"], "--sd3-version: Stable Diffusion 3 cannot be converted yet"),
        (["--convert-mmdit"], "--convert-mmdit: Stable Diffusion 3"),
        (["--include-t5"], "--include-t5: Stable Diffusion 3"),
        (["--convert-unet", "--xl-version"], "--xl-version: "),
        (
            ["--convert-unet", "--text-encoder-hidden-size", "768"],
            "--text-encoder-hidden-size: the UNet takes 32; leave it out",
        ),
        (["--text-encoder-merges-url", "http://x"], "--text-encoder-merges-url: the tokenizer's"),
        (
            ["--convert-unet", "--text-token-sequence-length", "100"],
            "--text-token-sequence-length: 100 is no multiple of",
        ),
        (["--quantize-nbits", "3"], "torch2coreml: argument --quantize-nbits: invalid choice: 3"),
        (["--surprise"], "torch2coreml: unrecognized arguments: --surprise"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    arguments: list[str], complaint: str, conversion: ScriptedConversion, tiny_checkpoint: Path
) -> None:
    result = run(tiny_checkpoint, *arguments)

    [line] = result.stderr.splitlines()
    assert line.startswith(f"coreml-sd: {complaint}")
    assert (result.exit_code, conversion.asked) == (2, [])


def test_the_flags_explain_themselves() -> None:
    result = CliRunner().invoke(app, ["torch2coreml", "--help"])

    assert result.exit_code == 0
    assert "--bundle-resources-for-swift-cli" in result.stdout
