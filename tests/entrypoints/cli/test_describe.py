"""`coreml-sd describe` with real packages that lost their pipeline.json."""

import json
import shutil
from pathlib import Path

import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from typer.testing import CliRunner, Result

OURS = ("pipeline.json", "vocab.json", "merges.txt")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["describe", *map(str, arguments)])


@pytest.fixture
def packages(tiny_packages: Path, tmp_path: Path) -> Path:
    """As Apple's tool would have left them."""
    return Path(
        shutil.copytree(tiny_packages, tmp_path / "tiny", ignore=shutil.ignore_patterns(*OURS))
    )


def told(folder: Path) -> dict[str, object]:
    document: dict[str, object] = json.loads((folder / "pipeline.json").read_text())
    return document


def test_a_checkpoint_says_what_its_packages_do_not(
    packages: Path, tiny_packages: Path, tiny_checkpoint: Path
) -> None:
    result = run(packages, "--like", tiny_checkpoint)

    assert (result.exit_code, result.stdout) == (0, f"{packages / 'pipeline.json'}\n")
    before, after = told(tiny_packages), told(packages)
    for name in before.keys() - {"packages", "licence"}:
        assert after[name] == before[name], name
    for name in OURS[1:]:
        assert (packages / name).read_bytes() == (tiny_packages / name).read_bytes()


def test_what_the_user_says_counts_most(packages: Path, tiny_checkpoint: Path) -> None:
    run(
        *(packages, "--like", tiny_checkpoint, "--prediction-type", "v_prediction"),
        *("--vae-scaling-factor", "0.5", "--guidance-scale", "3"),
    )

    document = told(packages)
    assert document["vae_scaling_factor"] == 0.5
    assert document["guidance_scale"] == 3
    scheduler = document["scheduler"]
    assert isinstance(scheduler, dict)
    assert scheduler["prediction_type"] == "v_prediction"


def test_without_a_checkpoint_the_rest_is_as_usual(packages: Path) -> None:
    run(packages)

    assert told(packages)["family"] == "stable-diffusion-1"


def test_what_is_no_folder_of_packages_is_told_in_one_line(tmp_path: Path) -> None:
    result = run(tmp_path)

    [line] = result.stderr.splitlines()
    assert result.exit_code == 2
    assert "is not a folder of converted packages" in line


def test_a_fact_that_cannot_be_leaves_the_folder_as_it_was(
    packages: Path, tiny_checkpoint: Path
) -> None:
    before = sorted(packages.iterdir())

    result = run(packages, "--like", tiny_checkpoint, "--vae-scaling-factor", "0")

    assert result.exit_code == 2
    assert sorted(packages.iterdir()) == before
