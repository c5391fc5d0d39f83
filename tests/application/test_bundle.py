"""The folder that Apple's Swift package loads, made of whatever packages there are."""

import json
from pathlib import Path

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.application.bundle import Bundle
from coreml_stable_diffusion.application.chunk_marks import marked
from coreml_stable_diffusion.domain.chunk_names import chunk_paths
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import InvalidRequest, NotAModelFolder
from coreml_stable_diffusion.domain.mil.program import Program
from fakes.archiving import FakeArchiver
from fakes.compiling import FakeBundleCompiler
from fakes.model_folders import FakeModelFolders
from fakes.observing import FakeObserver
from fakes.packages import FakePackageReader
from fakes.workspace import FakeWorkspace
from samples.manifests import manifest, record
from samples.programs import operation, program

X = np.zeros(2, np.float32)
MANIFEST = attrs.evolve(
    manifest(),
    packages=(
        record(Component.TEXT_ENCODER),
        record(Component.UNET),
        record(Component.CONTROL_UNET),
        attrs.evolve(
            record(Component.CONTROLNET),
            model="lllyasviel/sd-controlnet-mlsd",
            file="ControlNet_lllyasviel_sd-controlnet-mlsd.mlpackage",
        ),
    ),
)
UNET = Component.UNET.package_name("owner/model")
CONTROL_UNET = Component.CONTROL_UNET.package_name("owner/model")
CHUNK = program([operation("relu", ["y"], x="x")], {"x": X}, {"y": X})
CHUNKS = [each.name for name in (UNET, CONTROL_UNET) for each in chunk_paths(Path(name))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sd15"
    for each in MANIFEST.packages:
        (made / each.file).mkdir(parents=True)
    for name in ("vocab.json", "merges.txt"):
        (made / name).write_text(json.dumps(name))
    return made


@attrs.frozen
class Bench:
    """A use case with everything around it."""

    folders: FakeModelFolders
    observer: FakeObserver
    workspace: FakeWorkspace
    programs: dict[str, Program]
    bundle: Bundle


@pytest.fixture
def bench(folder: Path) -> Bench:
    folders, observer = FakeModelFolders(manifests={folder: MANIFEST}), FakeObserver()
    workspace, programs = FakeWorkspace(), dict.fromkeys(CHUNKS, CHUNK)
    bundle = Bundle(
        model_folders=folders,
        own_model_folders=folders,
        reader=FakePackageReader(programs),
        compiler=FakeBundleCompiler(),
        archiver=FakeArchiver(),
        workspace=workspace,
        observer=observer,
    )
    return Bench(folders, observer, workspace, programs, bundle)


def tree(place: Path) -> set[str]:
    suffixes = (".mlmodelc", ".json", ".txt")
    found = (each for each in place.rglob("*") if each.suffix in suffixes)
    return {each.relative_to(place).as_posix() for each in found}


def with_chunks(folder: Path, package: str = UNET) -> None:
    for chunk in chunk_paths(folder / package):
        chunk.mkdir()


def test_bundles_have_the_names_that_apple_looks_for(bench: Bench, folder: Path) -> None:
    assert bench.bundle(folder) == folder / "Resources"

    assert tree(folder / "Resources") == {
        "TextEncoder.mlmodelc",
        "Unet.mlmodelc",
        "ControlledUnet.mlmodelc",
        "controlnet/LllyasvielSdControlnetMlsd.mlmodelc",
        "vocab.json",
        "merges.txt",
    }


def test_chunks_stand_beside_the_whole(bench: Bench, folder: Path) -> None:
    with_chunks(folder)
    with_chunks(folder, CONTROL_UNET)

    bench.bundle(folder)

    chunks = {name for name in tree(folder / "Resources") if "Chunk" in name}
    assert chunks == {
        "UnetChunk1.mlmodelc",
        "UnetChunk2.mlmodelc",
        "ControlledUnetChunk1.mlmodelc",
        "ControlledUnetChunk2.mlmodelc",
    }


def test_chunks_alone_are_enough(bench: Bench, folder: Path) -> None:
    with_chunks(folder)
    (folder / UNET).rmdir()

    bench.bundle(folder)

    names = tree(folder / "Resources")
    assert "UnetChunk1.mlmodelc" in names
    assert "Unet.mlmodelc" not in names


def test_bundles_that_are_current_stay(bench: Bench, folder: Path) -> None:
    bench.bundle(folder)
    bench.workspace.replaced.clear()
    (folder / UNET / "changed").touch()

    bench.bundle(folder)

    remade = [each.name for each in bench.workspace.replaced if each.suffix == ".mlmodelc"]
    assert remade == ["Unet.mlmodelc"]
    assert "TextEncoder.mlmodelc: reused" in bench.observer.notes


def test_bundles_of_packages_that_are_gone_go_too(bench: Bench, folder: Path) -> None:
    with_chunks(folder)
    bench.bundle(folder)
    (folder / UNET.replace(".mlpackage", "_chunk1.mlpackage")).rmdir()

    bench.bundle(folder)

    assert not [name for name in tree(folder / "Resources") if "Chunk" in name]
    assert "UnetChunk1.mlmodelc: removed, because its package is gone" in bench.observer.notes


def test_bundles_that_nothing_tells_of_any_more_go_too(bench: Bench, folder: Path) -> None:
    with_chunks(folder, CONTROL_UNET)
    bench.bundle(folder)
    text_encoder, unet, *_ = MANIFEST.packages
    bench.folders.manifests[folder] = attrs.evolve(MANIFEST, packages=(text_encoder, unet))

    bench.bundle(folder)

    bundles = {name for name in tree(folder / "Resources") if name.endswith(".mlmodelc")}
    assert bundles == {"TextEncoder.mlmodelc", "Unet.mlmodelc"}
    assert "ControlledUnet.mlmodelc: removed, because its package is gone" in bench.observer.notes


@pytest.mark.parametrize("is_described", [False, True])
def test_bundles_of_others_stay(bench: Bench, folder: Path, *, is_described: bool) -> None:
    place = folder / "Resources"
    (place / "SafetyChecker.mlmodelc").mkdir(parents=True)
    if is_described:
        # What `coreml-sd describe` writes of networks that this program did not make.
        found = attrs.evolve(
            record(Component.SAFETY_CHECKER), file="SafetyChecker.mlmodelc", files={}, source=""
        )
        bench.folders.manifests[place] = attrs.evolve(MANIFEST, packages=(found,))

    bench.bundle(folder)

    assert "SafetyChecker.mlmodelc" in tree(place)


def test_chunks_of_an_older_package_are_left_out_and_it_is_told(bench: Bench, folder: Path) -> None:
    with_chunks(folder)
    bench.programs.update(dict.fromkeys(CHUNKS, marked(CHUNK, "another package")))

    bench.bundle(folder)

    assert not [name for name in tree(folder / "Resources") if "Chunk" in name]
    assert any("has changed since it was cut" in note for note in bench.observer.notes)


def test_the_folder_tells_what_drawing_needs(bench: Bench, folder: Path, tmp_path: Path) -> None:
    place = bench.bundle(folder, tmp_path / "elsewhere")

    told = bench.folders.manifests[place]
    assert told.facts == MANIFEST.facts
    unet = told.record(Component.UNET)
    assert unet is not None
    assert unet.file == "Unet.mlmodelc"
    assert unet.files == bench.workspace.digests(place / "Unet.mlmodelc")


def test_a_missing_tokenizer_is_told(bench: Bench, folder: Path) -> None:
    (folder / "vocab.json").unlink()

    bench.bundle(folder)

    assert any(note.startswith("vocab.json is not in") for note in bench.observer.notes)


def test_the_archive_unpacks_to_the_folder_that_the_app_looks_for(
    bench: Bench, folder: Path
) -> None:
    archive = bench.bundle.archive(bench.bundle(folder), "me/coreml-stable-diffusion-v1-5")

    title = "coreml-stable-diffusion-v1-5_original_compiled"
    assert archive == folder / f"{title}.zip"
    assert f"{title}/Unet.mlmodelc/model.mil" in archive.read_text()


def test_without_a_repository_the_archive_has_the_models_name(bench: Bench, folder: Path) -> None:
    archive = bench.bundle.archive(bench.bundle(folder))

    assert archive.name == "coreml-model_original_compiled.zip"


def test_a_folder_without_packages_is_refused(bench: Bench, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    bench.folders.manifests[empty] = MANIFEST

    with pytest.raises(InvalidRequest, match="none of the packages"):
        bench.bundle(empty)


def test_bundles_do_not_stand_among_their_packages(bench: Bench, folder: Path) -> None:
    with pytest.raises(InvalidRequest, match="name another folder"):
        bench.bundle(folder, folder.parent / "." / folder.name)


def test_a_folder_of_something_else_is_refused(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(NotAModelFolder):
        bench.bundle(tmp_path / "other")
