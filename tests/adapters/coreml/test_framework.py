"""Importing coremltools says nothing, and what it logs afterwards is heard again."""

import logging
import subprocess
import sys

import pytest
from coreml_stable_diffusion.adapters.coreml.framework import quiet_coremltools


def test_the_first_import_says_nothing() -> None:
    statement = (
        "from coreml_stable_diffusion.adapters.coreml.framework import quiet_coremltools\n"
        "with quiet_coremltools() as coremltools: print(coremltools.__name__)"
    )

    finished = subprocess.run(
        [sys.executable, "-c", statement], capture_output=True, text=True, check=True
    )

    assert (finished.stdout, finished.stderr) == ("coremltools\n", "")


def test_errors_are_heard_inside_and_warnings_again_outside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("coremltools")
    with quiet_coremltools():
        log.warning("unheard")
        log.error("heard")
    log.warning("heard again")

    assert caplog.messages == ["heard", "heard again"]
