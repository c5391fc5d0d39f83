"""Folders without pipeline.json are those of one model, or refused with what they lack."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.files.apple_folders import AppleFolders
from coreml_stable_diffusion.adapters.files.model_folders import LocalModelFolders
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import IncompleteModelFolder, NotAModelFolder
from coreml_stable_diffusion.domain.hub.variant import Kind
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from fakes.packages import FakePackageReader
from samples.manifests import manifest
from samples.programs import operation, program

UNET = program(
    [operation("relu", ["noise_pred"], x="sample")],
    {
        "sample": np.zeros((2, 4, 8, 8), np.float16),
        "encoder_hidden_states": np.zeros((2, 768, 1, 77), np.float16),
    },
    {"noise_pred": np.zeros((2, 4, 8, 8), np.float32)},
)
TEXT = program([operation("relu", ["y"], x="x")], {"x": np.zeros(2)}, {"y": np.zeros(2)})
PROGRAMS: dict[str, Program] = {
    "Unet.mlmodelc": UNET,
    "UnetChunk1.mlmodelc": UNET,
    "UnetChunk2.mlmodelc": UNET,
    "TextEncoder.mlmodelc": TEXT,
    "Stable_Diffusion_version_a_unet.mlpackage": UNET,
    "Stable_Diffusion_version_b_text_encoder.mlpackage": TEXT,
}


def apple_folders(kind: Kind | None = None) -> AppleFolders:
    return AppleFolders(LocalModelFolders(LocalWorkspace()), FakePackageReader(PROGRAMS), kind)


@pytest.fixture
def folders() -> AppleFolders:
    return apple_folders()


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).mkdir(parents=True)
    return folder


def test_bundles_are_recognised_by_their_names(folders: AppleFolders, tmp_path: Path) -> None:
    place = fill(tmp_path / "sd15", "Unet.mlmodelc", "TextEncoder.mlmodelc", "Other.mlmodelc")

    told = folders.read_manifest(place)

    assert told.facts.family is ModelFamily.SD1
    assert told.facts.model == "sd15"
    files = {each.component: each.file for each in told.packages}
    assert files == {
        Component.TEXT_ENCODER: "TextEncoder.mlmodelc",
        Component.UNET: "Unet.mlmodelc",
    }


def test_chunks_are_one_network(folders: AppleFolders, tmp_path: Path) -> None:
    place = fill(tmp_path, "UnetChunk1.mlmodelc", "UnetChunk2.mlmodelc")

    assert [each.file for each in folders.read_manifest(place).packages] == ["Unet.mlmodelc"]


def test_controlnets_are_found_below(folders: AppleFolders, tmp_path: Path) -> None:
    place = fill(tmp_path, "Unet.mlmodelc", "controlnet/Edges.mlmodelc")

    controlnets = folders.read_manifest(place).controlnets(place)

    assert controlnets == {"Edges": place / "controlnet" / "Edges.mlmodelc"}


def test_a_manifest_comes_first(folders: AppleFolders, tmp_path: Path) -> None:
    folders.write_manifest(fill(tmp_path, "Unet.mlmodelc"), manifest())

    assert folders.read_manifest(tmp_path) == manifest()


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ([], "it has no pipeline.json"),
        (["TextEncoder.mlmodelc"], "and it has no UNet"),
        (
            [
                "Stable_Diffusion_version_a_unet.mlpackage",
                "Stable_Diffusion_version_b_text_encoder.mlpackage",
            ],
            "packages of a and b",
        ),
        (
            ["Stable_Diffusion_version_a_unet.mlpackage", "Unet.mlmodelc"],
            r"UNet twice, Stable_Diffusion_version_a_unet\.mlpackage and Unet\.mlmodelc",
        ),
    ],
)
def test_what_is_not_one_model_is_refused(
    names: list[str], problem: str, folders: AppleFolders, tmp_path: Path
) -> None:
    with pytest.raises(NotAModelFolder, match=problem):
        folders.read_manifest(fill(tmp_path, *names))


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        (Kind.PACKAGES, "Stable_Diffusion_version_a_unet.mlpackage"),
        (Kind.COMPILED, "Unet.mlmodelc"),
    ],
)
def test_of_both_kinds_the_one_asked_for_is_read(kind: Kind, file: str, tmp_path: Path) -> None:
    fill(tmp_path, "Stable_Diffusion_version_a_unet.mlpackage", "Unet.mlmodelc")

    told = apple_folders(kind).read_manifest(tmp_path)

    assert [each.file for each in told.packages] == [file]


def test_the_tokenizer_is_found_where_repositories_keep_it(
    folders: AppleFolders, tiny_packages: Path, tmp_path: Path
) -> None:
    packages = fill(tmp_path / "original", "packages") / "packages"
    compiled = fill(tmp_path / "original", "compiled") / "compiled"
    with pytest.raises(IncompleteModelFolder):
        folders.read_vocabulary(packages)

    for name in ("vocab.json", "merges.txt"):
        shutil.copy(tiny_packages / name, compiled)

    assert folders.read_vocabulary(packages) == folders.read_vocabulary(tiny_packages)
