"""The repository's root is the package: what has to hold so that it stays one."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("adapters", "application", "domain", "entrypoints", "training")


def test_pyproject_lists_exactly_the_folders_that_hold_python_files() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {file.parent.relative_to(ROOT) for layer in LAYERS for file in _python_files(layer)}
    found = {".".join(("coreml_stable_diffusion", *folder.parts)) for folder in folders}

    assert set(project["tool"]["setuptools"]["packages"]) == found | {"coreml_stable_diffusion"}


def test_the_root_holds_no_other_module() -> None:
    assert {file.name for file in ROOT.glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("layer", LAYERS)
def test_every_package_says_what_it_is(layer: str) -> None:
    folders = {file.parent for file in _python_files(layer)}

    assert [folder for folder in folders if not _opens_with_docstring(folder / "__init__.py")] == []


@pytest.mark.parametrize("folder", [*LAYERS, "tests", "benchmarks"])
def test_no_file_has_more_than_300_lines(folder: str) -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in _python_files(folder)
    }

    assert {name: length for name, length in lengths.items() if length > 300} == {}


def _python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def _opens_with_docstring(module: Path) -> bool:
    return module.exists() and module.read_text(encoding="utf-8").startswith('"""')
