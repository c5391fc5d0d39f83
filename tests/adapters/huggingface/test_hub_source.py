"""The Hub's client against a Hub on this machine: what is fetched, and what is refused how."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.huggingface.hub_source import HubSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import (
    NotACheckpoint,
    UnreachableCheckpoint,
    UnsupportedCheckpoint,
)
from samples.hub import COMMIT, GATED, REPOSITORY, LocalHub, local_hub


@pytest.fixture
def repository(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of the small checkpoint with what repositories have besides."""
    folder = tmp_path / "repository"
    shutil.copytree(tiny_checkpoint, folder)
    (folder / "README.md").write_text("---\nlicense: creativeml-openrail-m\n---\n# A model\n")
    (folder / "v1-5-pruned.safetensors").write_bytes(b"all in one")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")
    (folder / "unet" / "diffusion_pytorch_model.fp16.safetensors").write_bytes(b"half")
    (folder / "unet" / "diffusion_pytorch_model.non_ema.safetensors").write_bytes(b"other")
    return folder


@pytest.fixture
def hub(repository: Path) -> Iterator[LocalHub]:
    with local_hub(repository) as hub:
        yield hub


@pytest.fixture
def source(hub: LocalHub, tmp_path: Path) -> HubSource:
    return HubSource(DiffusersFolder(), endpoint=hub.endpoint, cache=tmp_path / "cache")


def test_a_repository_is_opened_under_its_id_and_commit(source: HubSource) -> None:
    checkpoint = source.open(REPOSITORY)

    assert checkpoint.model == checkpoint.facts.model_version == REPOSITORY
    assert checkpoint.facts.revision == COMMIT
    assert checkpoint.facts.licence == "creativeml-openrail-m"


def test_the_configuration_alone_is_fetched_where_nobody_needs_weights(
    hub: LocalHub, tmp_path: Path
) -> None:
    source = HubSource(
        DiffusersFolder(), weights=False, endpoint=hub.endpoint, cache=tmp_path / "cache"
    )

    checkpoint = source.open(REPOSITORY)

    assert checkpoint.facts.revision == COMMIT
    assert list((checkpoint.folder / "tokenizer").iterdir())
    assert not [name for name in hub.served if not name.endswith(("json", "txt", "md"))]


def test_one_variant_of_the_weights_is_fetched_and_no_pickle(
    source: HubSource, hub: LocalHub
) -> None:
    source.open(REPOSITORY)

    assert sorted(name for name in hub.served if not name.endswith(("json", "txt", "md"))) == [
        "safety_checker/model.safetensors",
        "text_encoder/model.safetensors",
        "unet/diffusion_pytorch_model.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
    ]


def test_the_float16_variant_is_fetched_where_there_is_no_other(
    source: HubSource, hub: LocalHub, repository: Path
) -> None:
    full = repository / "vae" / "diffusion_pytorch_model.safetensors"
    full.rename(full.with_name("diffusion_pytorch_model.fp16.safetensors"))

    checkpoint = source.open(REPOSITORY)

    assert "vae/diffusion_pytorch_model.fp16.safetensors" in hub.served
    assert source.fingerprint(checkpoint, Component.VAE_DECODER)


def test_what_was_fetched_is_not_fetched_again(source: HubSource, hub: LocalHub) -> None:
    source.open(REPOSITORY)
    hub.served.clear()

    source.open(REPOSITORY)

    assert hub.served == []


def test_a_quiet_source_shows_no_bars(
    hub: LocalHub, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = HubSource(DiffusersFolder(), endpoint=hub.endpoint, cache=tmp_path, quiet=True)

    source.open(REPOSITORY)

    assert capfd.readouterr().err == ""


def test_what_was_fetched_opens_without_the_hub(
    source: HubSource, hub: LocalHub, tmp_path: Path
) -> None:
    source.open(REPOSITORY)
    assert hub.served
    away = HubSource(DiffusersFolder(), endpoint="http://127.0.0.1:9", cache=tmp_path / "cache")

    assert away.open(REPOSITORY).facts.revision == COMMIT


def test_no_weights_are_fetched_of_what_cannot_be_converted(
    source: HubSource, hub: LocalHub, repository: Path
) -> None:
    index = repository / "model_index.json"
    parts = '"text_encoder_3": ["transformers", "T5EncoderModel"],'
    index.write_text(index.read_text().replace("{", "{" + parts, 1))

    with pytest.raises(UnsupportedCheckpoint, match=rf"^{REPOSITORY} .*Stable Diffusion 3"):
        source.open(REPOSITORY)
    assert not [name for name in hub.served if name.endswith("safetensors")]


def test_a_repository_that_is_no_pipeline_is_refused_by_its_id(
    source: HubSource, repository: Path
) -> None:
    (repository / "model_index.json").unlink()

    with pytest.raises(NotACheckpoint, match=rf"^{REPOSITORY} .*model_index\.json is missing"):
        source.open(REPOSITORY)


def test_a_repository_of_weights_alone_is_not_taken_for_a_file(
    source: HubSource, repository: Path
) -> None:
    for path in repository.rglob("*.*"):
        if path.suffix != ".safetensors":
            path.unlink()

    with pytest.raises(NotACheckpoint, match=rf"^{REPOSITORY} .*model_index\.json is missing"):
        source.open(REPOSITORY)


@pytest.mark.parametrize(
    ("model", "revision", "problem"),
    [
        ("owner/absent", None, "no such repository"),
        (GATED, None, f"gated; accept its terms at http://127.0.0.1:[0-9]+/{GATED}"),
        (REPOSITORY, "v9", "no revision v9"),
    ],
)
def test_what_the_hub_does_not_hand_over_is_refused_in_one_line(
    source: HubSource, model: str, revision: str | None, problem: str
) -> None:
    with pytest.raises(UnreachableCheckpoint, match=problem) as refusal:
        source.open(model, revision)
    assert "\n" not in str(refusal.value)


def test_without_a_network_the_cache_is_named(tmp_path: Path) -> None:
    away = HubSource(DiffusersFolder(), endpoint="http://127.0.0.1:9", cache=tmp_path)

    with pytest.raises(UnreachableCheckpoint, match="cannot be reached, and the cache"):
        away.open(REPOSITORY)
