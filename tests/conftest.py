"""What several folders of tests share: one checkpoint, and its packages, made once a session."""

import collections
import os
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.coreml.network_converter import CoremltoolsConverter
from coreml_stable_diffusion.adapters.files.model_folders import LocalModelFolders
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.packages.model_decoder import MlModelDecoder
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.pytorch.network_tracer import TorchTracer
from coreml_stable_diffusion.application.convert import Convert
from coreml_stable_diffusion.application.part_sources import PartSources
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from fakes.changing import FakeChanging
from fakes.observing import FakeObserver
from fakes.turns import FakeTurns
from hypothesis import settings

# A machine that does other things as well is slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# The Hub of the tests speaks Git LFS; its client reads this when it is imported.
os.environ["HF_HUB_DISABLE_XET"] = "1"


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small checkpoint with random weights; nobody may change it."""
    # The frameworks are imported only by the sessions that need them.
    from samples.checkpoints import write_checkpoint  # noqa: PLC0415 - see above

    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    write_checkpoint(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_packages(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small checkpoint's packages; nobody may change it."""
    folder = tmp_path_factory.mktemp("packages") / "tiny"
    workspace = LocalWorkspace()
    convert = Convert(
        parts=PartSources([DiffusersFolder()], [], FakeChanging()),
        tracer=TorchTracer(),
        converter=CoremltoolsConverter(MlModelDecoder()),
        writer=MlPackageWriter(),
        workspace=workspace,
        model_folders=LocalModelFolders(workspace),
        turns=FakeTurns(),
        observer=FakeObserver(),
    )
    convert(str(tiny_checkpoint), folder, ConversionPlan())
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many cases were generated, as the tests recorded it."""
    generated = collections.Counter[str]()
    for report in terminalreporter.getreports("passed"):
        generated.update(dict(report.user_properties))
    for what, count in generated.items():
        terminalreporter.write_line(f"{count:,} {what}")
