"""The promises of domain/ports/companions.py, kept by the fake and by every source."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.adapters.huggingface.hub_source import HubSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import MismatchedCheckpoint, NotACheckpoint
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from coreml_stable_diffusion.domain.ports.companions import CompanionSource
from fakes.companions import FakeCompanionSource
from samples.controlnets import write_controlnet, write_xl_controlnet
from samples.hub import REPOSITORY, local_hub


@attrs.frozen
class Case:
    """A source, ControlNets of the right and of another base, and what is none."""

    source: CompanionSource
    fitting: str
    other: str
    none: str


@pytest.fixture(params=["fake", "folder"])
def case(request: pytest.FixtureRequest, tiny_checkpoint: Path, tmp_path: Path) -> Case:
    if request.param == "fake":
        fake = FakeCompanionSource({"a": ModelFamily.SD1, "b": ModelFamily.SDXL})
        return Case(fake, "a", "b", "c")
    write_controlnet(tmp_path / "edges")
    write_xl_controlnet(tmp_path / "xl")
    folders = [tmp_path / "edges", tmp_path / "xl", tiny_checkpoint]
    return Case(DiffusersFolder(), *map(str, folders))


@pytest.fixture
def base(tiny_checkpoint: Path) -> Checkpoint:
    return DiffusersFolder().open(str(tiny_checkpoint))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubSource]:
    write_controlnet(tmp_path / "repository")
    (tmp_path / "repository" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")
    with local_hub(tmp_path / "repository") as hub:
        yield HubSource(DiffusersFolder(), endpoint=hub.endpoint, cache=tmp_path / "cache")


def test_a_controlnet_has_its_name_and_the_sizes_of_its_base(case: Case, base: Checkpoint) -> None:
    assert case.source.knows(case.fitting)

    found = case.source.open_controlnet(case.fitting, base)

    assert found.model == case.fitting
    assert found.components == (Component.CONTROLNET,)
    assert found.facts.text_length == base.facts.text_length


def test_a_controlnet_of_another_base_is_refused(case: Case, base: Checkpoint) -> None:
    with pytest.raises(MismatchedCheckpoint, match="does not go with"):
        case.source.open_controlnet(case.other, base)


def test_what_is_no_controlnet_is_refused(case: Case, base: Checkpoint) -> None:
    with pytest.raises(NotACheckpoint):
        case.source.open_controlnet(case.none, base)


def test_a_controlnet_of_the_hub_goes_by_its_id(hub: HubSource, base: Checkpoint) -> None:
    found = hub.open_controlnet(REPOSITORY, base)

    assert found.model == found.facts.model_version == REPOSITORY
    assert hub.fingerprint(found, Component.CONTROLNET)
    assert not list(found.folder.glob("*.bin"))
