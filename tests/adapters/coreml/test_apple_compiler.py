"""Apple's compiler, as far as it can be seen without a Mac."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.coreml.apple_compiler import AppleCompiler
from coreml_stable_diffusion.domain.errors import BrokenPackage, CompilerUnavailable

XCRUN = """#!/bin/sh
[ "$1 $2" = "coremlcompiler compile" ] || exit 9
{0}
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    made = tmp_path / "X.mlpackage"
    made.mkdir()
    return made


def pretend(script: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Put a program of this name first on the path; it runs as Xcode's would."""
    program = folder / "bin" / "xcrun"
    program.parent.mkdir()
    program.write_text(XCRUN.format(script))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    patch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_without_xcode_it_says_how_to_go_on(package: Path) -> None:
    if shutil.which("xcrun"):
        pytest.skip("there is Xcode here")

    with pytest.raises(CompilerUnavailable, match="leave out --with-apple-compiler"):
        AppleCompiler().compile(package, package.with_suffix(".mlmodelc"))


def test_the_bundle_is_the_one_that_apple_s_compiler_names(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend('mkdir "$4/X.mlmodelc" && echo "$3" > "$4/X.mlmodelc/model.mil"', tmp_path, monkeypatch)

    AppleCompiler().compile(package, tmp_path / "partial.mlmodelc")

    assert (tmp_path / "partial.mlmodelc" / "model.mil").read_text() == f"{package.resolve()}\n"


def test_its_last_words_are_the_reason(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend("echo error: it is no model >&2; exit 1", tmp_path, monkeypatch)

    with pytest.raises(BrokenPackage, match="error: it is no model"):
        AppleCompiler().compile(package, tmp_path / "partial.mlmodelc")
