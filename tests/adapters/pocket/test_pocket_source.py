"""The pocket model is opened under its own name, wherever it lies."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.pocket.pocket_source import PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.errors import InvalidRequest


@pytest.fixture
def source(tiny_checkpoint: Path) -> PocketSource:
    return PocketSource(DiffusersFolder(), tiny_checkpoint)


def test_file_names_say_pocket(source: PocketSource) -> None:
    assert source.open("pocket").facts.model_version == "pocket"


def test_pocket_has_no_revisions(source: PocketSource) -> None:
    with pytest.raises(InvalidRequest, match=r"^--revision: "):
        source.open("pocket", "main")
