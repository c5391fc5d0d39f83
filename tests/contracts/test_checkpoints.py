"""The promises of domain/ports/checkpoints.py, kept by the fake and by every source."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.adapters.huggingface.hub_source import HubSource
from coreml_stable_diffusion.adapters.pocket.pocket_source import PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import CheckpointError, MissingComponent
from coreml_stable_diffusion.domain.ports.checkpoints import CheckpointSource
from fakes.checkpoints import COMPONENTS, FakeCheckpointSource, fake_checkpoint
from samples.hub import REPOSITORY, local_hub


@attrs.frozen
class Case:
    """A source, a name that it knows and one that it does not."""

    source: CheckpointSource
    known: str
    unknown: str


@pytest.fixture(params=["fake", "folder", "pocket", "hub"])
def case(request: pytest.FixtureRequest, tiny_checkpoint: Path, tmp_path: Path) -> Iterator[Case]:
    folders = DiffusersFolder()
    match request.param:
        case "fake":
            fake = FakeCheckpointSource({"owner/model": fake_checkpoint("owner/model")})
            yield Case(fake, "owner/model", "owner/other")
        case "folder":
            yield Case(folders, str(tiny_checkpoint), str(tmp_path / "absent"))
        case "pocket":
            yield Case(PocketSource(folders, tiny_checkpoint), "pocket", "pockets")
        case _:
            with local_hub(tiny_checkpoint) as hub:
                source = HubSource(folders, endpoint=hub.endpoint, cache=tmp_path)
                yield Case(source, REPOSITORY, "model")


def test_a_source_knows_its_own_and_no_other(case: Case) -> None:
    assert case.source.knows(case.known)
    assert not case.source.knows(case.unknown)


def test_a_checkpoint_keeps_the_name_that_it_was_asked_by(case: Case) -> None:
    assert case.source.open(case.known).model == case.known


def test_a_checkpoint_has_every_component(case: Case) -> None:
    assert set(COMPONENTS) - {Component.CONTROL_UNET} <= set(
        case.source.open(case.known).components
    )


def test_a_fingerprint_is_of_files_so_both_halves_of_the_vae_share_it(case: Case) -> None:
    checkpoint = case.source.open(case.known)

    unet = case.source.fingerprint(checkpoint, Component.UNET)
    assert unet == case.source.fingerprint(case.source.open(case.known), Component.UNET)
    assert case.source.fingerprint(checkpoint, Component.VAE_DECODER) == case.source.fingerprint(
        checkpoint, Component.VAE_ENCODER
    )


def test_what_the_checkpoint_lacks_has_no_fingerprint(case: Case) -> None:
    without = attrs.evolve(case.source.open(case.known), components=(Component.UNET,))

    with pytest.raises(MissingComponent, match="safety_checker; it has: unet"):
        case.source.fingerprint(without, Component.SAFETY_CHECKER)


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()

    for source in (DiffusersFolder(), FakeCheckpointSource({})):
        with pytest.raises(CheckpointError, match="is not a diffusers checkpoint"):
            source.open(str(tmp_path))
