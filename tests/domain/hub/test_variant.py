"""What repositories hold."""

from pathlib import PurePosixPath

from coreml_stable_diffusion.domain.hub.listing import Listing, RepositoryFile
from coreml_stable_diffusion.domain.hub.variant import Kind, variants

#: As in Apple's repositories.
APPLE = (
    "README.md",
    "coreml-model_original_compiled.zip",
    "coreml-model_split_einsum_v2_packages.zip",
    "original/compiled/TextEncoder.mlmodelc/coremldata.bin",
    "original/compiled/Unet.mlmodelc/weights/weight.bin",
    "original/compiled/controlnet/Canny.mlmodelc/model.mil",
    "original/compiled/merges.txt",
    "original/compiled/vocab.json",
    "original/packages/Stable_Diffusion_version_model_unet.mlpackage/Manifest.json",
    "split_einsum/compiled/Unet.mlmodelc/model.mil",
)


def listing(*paths: str) -> Listing:
    files = (RepositoryFile(path=path, size_bytes=10, git_oid="1") for path in paths)
    return Listing(repository="owner/model", commit="c", files=tuple(files))


def test_apples_layout_has_a_variant_for_each_attention_and_kind() -> None:
    assert [each.name for each in variants(listing(*APPLE))] == [
        "original/compiled",
        "original/packages",
        "split_einsum/compiled",
        "original/compiled/zip",
        "split_einsum_v2/packages/zip",
    ]


def test_a_variant_takes_its_networks_and_what_stands_beside_them() -> None:
    compiled = variants(listing(*APPLE))[0]

    assert compiled.folder == PurePosixPath("original/compiled")
    assert [file.path for file in compiled.files] == list(APPLE[3:8])
    assert compiled.size_bytes == 50
    assert compiled.networks == ("TextEncoder", "Unet", "Canny")


def test_a_flat_folder_of_packages_is_one_variant_without_the_zips() -> None:
    (only,) = variants(
        listing("README.md", "a_unet.mlpackage/Manifest.json", "other.zip", "pipeline.json")
    )

    assert only.attention is None
    assert only.kind is Kind.PACKAGES
    assert only.folder == PurePosixPath()
    assert [file.path for file in only.files] == [
        "README.md",
        "a_unet.mlpackage/Manifest.json",
        "pipeline.json",
    ]


def test_packages_and_bundles_in_one_folder_are_two_variants() -> None:
    packages, compiled = variants(listing("a.mlmodelc/model.mil", "a.mlpackage/Manifest.json"))

    assert {packages.kind, compiled.kind} == set(Kind)
    assert len(packages.files) == len(compiled.files) == 1


def test_a_zip_is_known_by_the_name_that_the_swift_app_downloads() -> None:
    (found,) = variants(listing("my-model_split_einsum_compiled.zip", "weights.zip"))

    assert found.is_zip
    assert (found.attention, found.kind) == ("split_einsum", Kind.COMPILED)


def test_a_checkpoint_has_no_variants() -> None:
    assert variants(listing("model_index.json", "unet/diffusion_pytorch_model.safetensors")) == ()
