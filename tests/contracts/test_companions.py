"""The promises of domain/ports/companions.py, kept by the fake and by every source."""

import shutil
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
from samples.changed_json import change_json
from samples.checkpoints import build_vae
from samples.controlnets import write_controlnet, write_xl_controlnet
from samples.hub import COMMIT, REPOSITORY, local_hub
from samples.hub.server import Hub, serving


@attrs.frozen
class Case:
    """A source, ControlNets and VAEs of the right and of another form, and what is neither."""

    source: CompanionSource
    fitting: str
    other: str
    none: str
    vae: str
    other_vae: str


@pytest.fixture(params=["fake", "folder"])
def case(request: pytest.FixtureRequest, tiny_checkpoint: Path, tmp_path: Path) -> Case:
    if request.param == "fake":
        controlnets = {"a": ModelFamily.SD1, "b": ModelFamily.SDXL}
        fake = FakeCompanionSource(controlnets, vaes={"v": 4, "w": 16})
        return Case(fake, "a", "b", "c", "v", "w")
    write_controlnet(tmp_path / "edges")
    write_xl_controlnet(tmp_path / "xl")
    build_vae().save_pretrained(tmp_path / "vae")
    shutil.copytree(tmp_path / "vae", tmp_path / "wide")
    change_json(tmp_path / "wide" / "config.json", latent_channels=16)
    edges, xl, vae, wide = (tmp_path / name for name in ("edges", "xl", "vae", "wide"))
    folders = [edges, xl, tiny_checkpoint, vae, wide]
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


def test_a_vae_keeps_its_name(case: Case, base: Checkpoint) -> None:
    assert case.source.knows(case.vae)
    assert case.source.open_vae(case.vae, base).name == case.vae


def test_a_vae_of_other_latents_is_refused(case: Case, base: Checkpoint) -> None:
    with pytest.raises(MismatchedCheckpoint, match="its latents have 16 channels"):
        case.source.open_vae(case.other_vae, base)


def test_what_is_no_vae_is_refused(case: Case, base: Checkpoint) -> None:
    with pytest.raises(NotACheckpoint):
        case.source.open_vae(case.fitting, base)


def test_a_controlnet_of_the_hub_goes_by_its_id(hub: HubSource, base: Checkpoint) -> None:
    found = hub.open_controlnet(REPOSITORY, base)

    assert found.model == found.facts.model_version == REPOSITORY
    assert found.facts.revision == COMMIT
    assert hub.fingerprint(found, Component.CONTROLNET)
    assert not list(found.folder.glob("*.bin"))


@pytest.mark.parametrize("kind", ["controlnet", "vae"])
def test_what_was_there_before_its_branch_moved_on_is_found(
    kind: str, base: Checkpoint, tmp_path: Path
) -> None:
    write_controlnet(tmp_path / "controlnet")
    build_vae().save_pretrained(tmp_path / "vae")
    files = {each.name: each.read_bytes() for each in (tmp_path / kind).iterdir()}
    with serving(Hub()) as served:
        earlier = served.repository(REPOSITORY).add(files)
        served.repository(REPOSITORY).add({"config.json": b"{}"})
        source = HubSource(DiffusersFolder(), endpoint=served.endpoint, cache=tmp_path / "cache")

        if kind == "vae":
            assert source.open_vae(REPOSITORY, base, earlier).revision == earlier
        else:
            found = source.open_controlnet(REPOSITORY, base, earlier)
            assert found.facts.revision == earlier
