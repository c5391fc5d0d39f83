"""Frameworks are imported when they are used, and never by the domain."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"coremltools", "diffusers", "huggingface_hub", "safetensors", "torch", "transformers"}
FRAMEWORKS = HEAVY | {"PIL", "dependency_injector", "google", "rich", "typer"}


@pytest.mark.parametrize("layer", ["domain", "application"])
def test_importing_everything_inside_loads_no_framework(layer: str) -> None:
    modules = [
        ".".join(("coreml_stable_diffusion", *file.relative_to(ROOT).with_suffix("").parts))
        for file in sorted((ROOT / layer).rglob("*.py"))
    ]

    assert _packages_loaded_by(*(f"import {module}" for module in modules)) & FRAMEWORKS == set()


@pytest.mark.parametrize("command", [[], ["generate"], ["convert"], ["chunk"], ["torch2coreml"]])
def test_help_is_answered_without_a_framework(command: list[str]) -> None:
    loaded = _packages_loaded_by(
        f"sys.argv = ['coreml-sd', *{command}, '--help']",
        "from coreml_stable_diffusion.entrypoints.cli.main import main",
        "try: main()",
        "except SystemExit as end: assert end.code == 0",
    )

    assert "typer" in loaded
    assert loaded & (FRAMEWORKS - {"typer"} | {"numpy"}) == set()


def test_wiring_everything_loads_no_heavy_framework() -> None:
    loaded = _packages_loaded_by("from coreml_stable_diffusion.entrypoints import container, api")

    assert "dependency_injector" in loaded
    assert loaded & HEAVY == set()


def test_the_front_door_opens_without_loading_a_room() -> None:
    loaded = _packages_loaded_by("import coreml_stable_diffusion as front", "print(dir(front))")

    assert loaded & (FRAMEWORKS | {"numpy"}) == set()


def _packages_loaded_by(*statements: str) -> set[str]:
    report = "print('loaded:', *{name.split('.')[0] for name in sys.modules})"
    finished = subprocess.run(
        [sys.executable, "-c", "\n".join(["import sys", *statements, report])],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(finished.stdout.rpartition("loaded:")[2].split())
