"""What is told of a variant before it is fetched."""

from pathlib import PurePosixPath
from typing import Any

import pytest
from coreml_stable_diffusion.domain.hub.listing import RepositoryFile
from coreml_stable_diffusion.domain.hub.sheet import Sheet, sheet, telling_file
from coreml_stable_diffusion.domain.hub.variant import Kind, Variant

PIPELINE: dict[str, Any] = {
    "vae_scale_factor": 8,
    "latent_height": 64,
    "latent_width": 96,
    "packages": [
        {
            "component": "unet",
            "plan": {
                "precision": "float16",
                "deployment_target": "iOS18",
                "palettization": {"bits": 6},
            },
        }
    ],
}
UNET = [
    {
        "outputSchema": [{"shape": "[2, 4, 64, 96]"}],
        "storagePrecision": "Mixed (Float16, Palettized (6 bits))",
        "availability": {"iOS": "16.0", "macOS": "13.0", "watchOS": "9.0"},
    }
]


def variant(*paths: str, kind: Kind = Kind.COMPILED, is_zip: bool = False) -> Variant:
    files = (RepositoryFile(path=f"original/x/{path}", size_bytes=1, git_oid="") for path in paths)
    return Variant(
        attention="original",
        kind=kind,
        folder=PurePosixPath("original/x"),
        is_zip=is_zip,
        files=tuple(files),
    )


def test_our_own_folders_tell_by_their_pipeline() -> None:
    found = variant("pipeline.json", "Unet.mlmodelc/metadata.json")

    path = telling_file(found)

    assert path == "original/x/pipeline.json"
    assert sheet(found, path, PIPELINE) == Sheet(
        variant=found, weights="6 bits", pictures="768 x 512", systems="iOS18"
    )


def test_compiled_folders_of_others_tell_by_their_unet() -> None:
    found = variant("Unet.mlmodelc/metadata.json")

    path = telling_file(found)

    assert path == "original/x/Unet.mlmodelc/metadata.json"
    told = sheet(found, path, UNET)
    assert told.weights == "Mixed (Float16, Palettized (6 bits))"
    assert (told.pictures, told.systems) == ("768 x 512", "iOS 16.0, macOS 13.0")
    assert told.runs_best_on == "GPU"


def test_zips_and_packages_of_others_tell_nothing() -> None:
    for found in (variant("pipeline.json", is_zip=True), variant("a.mlpackage/x")):
        assert telling_file(found) is None
        assert sheet(found, None, None) == Sheet(variant=found)


@pytest.mark.parametrize("document", [{}, [], "text", None, [{"outputSchema": 1}]])
def test_nonsense_of_strangers_tells_nothing(document: Any) -> None:
    found = variant("Unet.mlmodelc/metadata.json")

    assert sheet(found, telling_file(found), document) == Sheet(variant=found)


def test_words_of_strangers_are_nothing_but_words() -> None:
    found = variant("Unet.mlmodelc/metadata.json")
    hostile = [{**UNET[0], "storagePrecision": "\x1b[2J" + "x" * 1000}]

    assert sheet(found, telling_file(found), hostile).weights == "[2J" + "x" * 56
