"""Every documented example is run.

`pytest --doctest-modules` would import the root a second time, under the checkout's folder name.
"""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("adapters", "application", "domain", "entrypoints")


def _with_examples(files: list[Path]) -> list[str]:
    return sorted(
        str(file.relative_to(ROOT)) for file in files if ">>> " in file.read_text(encoding="utf-8")
    )


MODULES = _with_examples([file for layer in LAYERS for file in (ROOT / layer).rglob("*.py")])
DOCUMENTS = _with_examples([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("file", MODULES)
def test_the_examples_of_a_module_come_true(file: str) -> None:
    name = ".".join(("coreml_stable_diffusion", *Path(file).with_suffix("").parts))

    result = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("file", DOCUMENTS)
def test_the_examples_of_a_document_come_true(file: str) -> None:
    assert doctest.testfile(str(ROOT / file), module_relative=False).failed == 0
