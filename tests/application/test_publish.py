"""What is published of real packages, and what is not; only the Hub is a fake."""

import shutil
from pathlib import Path
from typing import Any

import attrs
import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.application.publish import Publish
from coreml_stable_diffusion.domain.errors import InvalidRequest, Unpublishable
from coreml_stable_diffusion.domain.hub.publication import SamplePicture
from coreml_stable_diffusion.domain.pipeline_manifest import PipelineManifest
from coreml_stable_diffusion.domain.verification.report import Verification
from coreml_stable_diffusion.entrypoints.container import Container
from coreml_stable_diffusion.entrypoints.settings import RuntimeChoice, Settings
from fakes.publishing import FakePublisher
from samples.verifications import verification

REPOSITORY = "me/model"


@attrs.frozen
class World:
    """A folder of packages that may be published, until a test changes that."""

    folder: Path
    publisher: FakePublisher
    container: Container

    @property
    def publish(self) -> Publish:
        made: Publish = self.container.publish(publisher=self.publisher)
        return made

    def change_facts(self, **facts: Any) -> None:
        manifest: PipelineManifest = self.container.own_model_folders().read_manifest(self.folder)
        changed = attrs.evolve(manifest, facts=attrs.evolve(manifest.facts, **facts))
        self.container.own_model_folders().write_manifest(self.folder, changed)

    def verify(self, found: Verification) -> None:
        packages = self.folder.glob("*.mlpackage")
        digests = {each.name: LocalWorkspace().digests(each) for each in packages}
        self.container.verifications().write(self.folder, attrs.evolve(found, digests=digests))


@pytest.fixture
def world(tiny_packages: Path, tmp_path: Path) -> World:
    folder = Path(shutil.copytree(tiny_packages, tmp_path / "packages"))
    settings = Settings(cache=tmp_path / "cache", runtime=RuntimeChoice.REFERENCE, quiet=True)
    world = World(folder, FakePublisher(), Container(settings=settings))
    world.change_facts(model="owner/model", licence="creativeml-openrail-m")
    world.verify(verification())
    return world


def test_a_model_is_laid_out_as_apples_repositories_are(world: World) -> None:
    places = world.publish.prepare([world.folder], REPOSITORY).files

    tops = {place.rpartition(".ml")[0] or place for place in places}
    assert "original/compiled/Unet" in tops
    assert any(place.startswith("original/packages/Stable_Diffusion_version_") for place in tops)
    assert {
        "original/compiled/vocab.json",
        "original/compiled/merges.txt",
        "original/packages/pipeline.json",
        "original/packages/verify.json",
        "model_original_compiled.zip",
    } <= places.keys()
    assert all(path.is_file() for path in places.values())


def test_the_card_says_what_the_hub_filters_by_and_people_look_for(world: World) -> None:
    sample = SamplePicture(file=world.folder / "pipeline.json", prompt="a *red* circle", seed=7)

    publication = world.publish.prepare([world.folder], REPOSITORY, [sample])

    assert publication.metadata["base_model"] == "owner/model"
    assert publication.metadata["license"] == "creativeml-openrail-m"
    assert publication.metadata["library_name"] == "coreml"
    assert "| Unet | " in publication.text
    assert "iOS 16, macOS 13" in publication.text
    assert "| VAE decoder | image | 61.5 |" in publication.text
    assert "a \\*red\\* circle, seed 7" in publication.text
    assert 'StableDiffusion.from_pretrained("me/model")' in publication.text


def test_what_was_prepared_is_sent_as_it_was_asked(world: World) -> None:
    publication = world.publish.prepare([world.folder], REPOSITORY)

    world.publish(publication, private=True, create_pr=True)

    assert world.publisher.published == [(publication, True, True)]


def test_what_was_never_verified_stays(world: World) -> None:
    (world.folder / "verify.json").unlink()

    with pytest.raises(Unpublishable, match="never verified; run coreml-sd verify"):
        world.publish.prepare([world.folder], REPOSITORY)
    assert world.publish.prepare([world.folder], REPOSITORY, allow_unverified=True).files


def test_what_failed_stays(world: World) -> None:
    world.verify(verification(psnr_db=12.0))

    with pytest.raises(Unpublishable, match=r"VAE decoder: 12\.0 dB"):
        world.publish.prepare([world.folder], REPOSITORY)


def test_what_has_changed_since_it_was_verified_stays(world: World) -> None:
    package = next(world.folder.glob("*_unet.mlpackage"))
    (package / "Manifest.json").write_text("{}")

    with pytest.raises(Unpublishable, match=r"unet\.mlpackage is not what was verified"):
        world.publish.prepare([world.folder], REPOSITORY)


def test_chunks_are_published_beside_what_they_were_cut_from(world: World) -> None:
    world.container.chunk_unets()(world.folder)

    places = world.publish.prepare([world.folder], REPOSITORY).files

    tops = {place.rpartition(".ml")[0] for place in places}
    assert {"original/compiled/UnetChunk1", "original/compiled/UnetChunk2"} <= tops
    assert len([top for top in tops if top.endswith(("_unet_chunk1", "_unet_chunk2"))]) == 2


def test_chunks_of_an_older_package_stay_and_so_does_all_else(world: World) -> None:
    world.container.chunk_unets()(world.folder)
    unet = next(world.folder.glob("*_unet.mlpackage"))
    (unet / "changed").touch()
    world.verify(verification())

    with pytest.raises(Unpublishable, match=rf"cut it again with coreml-sd chunk {unet}"):
        world.publish.prepare([world.folder], REPOSITORY, allow_unverified=True)


def test_half_of_a_network_stays(world: World) -> None:
    world.container.chunk_unets()(world.folder)
    shutil.rmtree(next(world.folder.glob("*_unet_chunk2.mlpackage")))

    with pytest.raises(Unpublishable, match=r"unet\.mlpackage.* cut it again"):
        world.publish.prepare([world.folder], REPOSITORY)


@pytest.mark.parametrize(
    ("licence", "problem"),
    [
        (None, "nothing tells its licence"),
        ("cc-by-nd-4.0", "forbids changed copies"),
        ("other", "is not known to allow it"),
    ],
)
def test_what_its_licence_keeps_back_stays(world: World, licence: str | None, problem: str) -> None:
    world.change_facts(licence=licence)

    with pytest.raises(Unpublishable, match=problem):
        world.publish.prepare([world.folder], REPOSITORY)
    assert world.publish.prepare([world.folder], REPOSITORY, rights_cleared=True).files


def test_what_people_have_to_ask_for_stays(world: World) -> None:
    world.publisher.gated = ("owner/model",)

    with pytest.raises(Unpublishable, match="people have to ask for owner/model"):
        world.publish.prepare([world.folder], REPOSITORY)


def test_two_folders_of_the_same_form_are_refused(world: World) -> None:
    with pytest.raises(InvalidRequest, match="write attention alike"):
        world.publish.prepare([world.folder, world.folder], REPOSITORY)


def test_two_pictures_of_one_name_are_refused(world: World) -> None:
    samples = [SamplePicture(file=Path(name), prompt="x") for name in ("a/x.png", "b/x.png")]

    with pytest.raises(InvalidRequest, match=r"--picture: two are called x\.png; rename one"):
        world.publish.prepare([world.folder], REPOSITORY, samples)


def test_a_repository_has_an_owner(world: World) -> None:
    with pytest.raises(InvalidRequest, match="no OWNER/NAME"):
        world.publish.prepare([world.folder], "model")
