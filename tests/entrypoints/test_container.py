"""Who keeps which promise under which settings."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.console.plain_lines import PlainLines
from coreml_stable_diffusion.adapters.console.silence import Silence
from coreml_stable_diffusion.adapters.coreml.coreml_runtime import CoreMLRuntime
from coreml_stable_diffusion.adapters.openvino.runtime import OpenVinoRuntime
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.entrypoints.container import Container
from coreml_stable_diffusion.entrypoints.settings import RuntimeChoice, Settings


def container(
    *, runtime: RuntimeChoice = RuntimeChoice.REFERENCE, quiet: bool = False
) -> Container:
    return Container(settings=Settings(cache=Path("cache"), runtime=runtime, quiet=quiet))


@pytest.mark.parametrize(
    ("choice", "adapter"),
    [
        (RuntimeChoice.COREML, CoreMLRuntime),
        (RuntimeChoice.REFERENCE, ReferenceRuntime),
        (RuntimeChoice.OPENVINO, OpenVinoRuntime),
    ],
)
def test_the_runtime_is_the_one_that_was_chosen(choice: RuntimeChoice, adapter: type) -> None:
    assert isinstance(container(runtime=choice).network_runtime(), adapter)


def test_a_runtime_that_is_still_open_cannot_be_wired() -> None:
    with pytest.raises(ValueError, match="auto is not decided"):
        container(runtime=RuntimeChoice.AUTO)


def test_progress_is_told_in_lines_where_stderr_is_no_terminal() -> None:
    assert isinstance(container().observer(), PlainLines)


def test_quiet_is_silent() -> None:
    assert isinstance(container(quiet=True).observer(), Silence)


@pytest.mark.parametrize(
    ("model", "adapter"),
    [
        ("pocket", "PocketSource"),
        (str(Path(__file__).parent), "DiffusersFolder"),
        ("owner/name", "HubSource"),
    ],
)
def test_the_first_source_that_knows_a_name_is_the_right_one(model: str, adapter: str) -> None:
    sources = container().checkpoints().sources()

    first = next(source for source in sources if source.knows(model))

    assert type(first).__name__ == adapter
