"""What publishing shows of itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.huggingface.publisher import HuggingFacePublisher
from coreml_stable_diffusion.domain.hub.publication import Publication
from huggingface_hub.utils.tqdm import enable_progress_bars
from samples.hub.server import TOKEN, Hub, serving


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(Hub()) as hub:
        yield hub
    enable_progress_bars()


@pytest.mark.parametrize("quiet", [False, True])
def test_bars_are_shown_unless_it_is_quiet(
    hub: Hub, tmp_path: Path, capfd: pytest.CaptureFixture[str], *, quiet: bool
) -> None:
    (tmp_path / "weight.bin").write_bytes(bytes(5000))
    publisher = HuggingFacePublisher(endpoint=hub.endpoint, token=TOKEN, quiet=quiet)

    publisher.publish(
        Publication(
            repository="owner/new",
            files={"weight.bin": tmp_path / "weight.bin"},
            metadata={},
            text="# A model\n",
        )
    )

    assert (capfd.readouterr().err == "") == quiet
