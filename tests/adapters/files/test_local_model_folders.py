"""pipeline.json as a document: its form, and what is wrong with one that cannot be read."""

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from coreml_stable_diffusion.adapters.files.manifest_document import from_document, to_document
from coreml_stable_diffusion.adapters.files.model_folders import LocalModelFolders
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.errors import IncompleteModelFolder, NotAModelFolder
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from fakes.checkpoints import fake_checkpoint
from samples.manifests import manifest


@pytest.fixture
def model_folders() -> LocalModelFolders:
    return LocalModelFolders(LocalWorkspace())


def document(**changes: Any) -> dict[str, Any]:
    return to_document(manifest()) | changes


def test_the_document_says_its_version_first() -> None:
    assert next(iter(document())) == "version"


def test_the_document_survives_json() -> None:
    assert from_document(json.loads(json.dumps(document()))) == manifest()


def test_keys_come_in_the_same_order_after_a_round_trip() -> None:
    again = to_document(from_document(json.loads(json.dumps(document()))))

    assert json.dumps(again) == json.dumps(document())


def test_a_manifest_without_a_safety_checker_survives() -> None:
    whole = manifest()
    facts = attrs.evolve(whole.facts, safety_preprocessing=None, revision=None, licence=None)
    without = attrs.evolve(whole, facts=facts)

    assert from_document(json.loads(json.dumps(to_document(without)))) == without


def test_a_manifest_without_revisions_of_what_goes_with_a_model_is_read() -> None:
    earlier = document()
    for each in (*earlier["packages"], *earlier["changes"]):
        del each["revision"]

    read = from_document(earlier)

    assert {each.revision for each in read.packages} == {None}
    assert {each.revision for each in read.facts.changes} == {None}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        (json.dumps(document(version=1)), "version is 1 where this program reads 2"),
        (json.dumps({}), "version is None"),
        (json.dumps(document(family="stable-diffusion-9")), "stable-diffusion-9"),
        (json.dumps(document(latent_height="16")), "latent_height is '16'"),
        (json.dumps(document(surprise=1)), "surprise"),
        (json.dumps({k: v for k, v in document().items() if k != "packages"}), "lacks packages"),
    ],
)
def test_a_manifest_that_cannot_be_read_says_why(
    model_folders: LocalModelFolders, tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "pipeline.json").write_text(text)

    with pytest.raises(NotAModelFolder, match=problem):
        model_folders.read_manifest(tmp_path)


def test_a_single_tokenizer_file_is_taken_apart(
    model_folders: LocalModelFolders, tmp_path: Path
) -> None:
    # What transformers 5 writes instead of vocab.json and merges.txt.
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "tokenizer" / "tokenizer.json").write_text(
        json.dumps(
            {
                "added_tokens": [
                    {"id": 3, "content": "<|startoftext|>"},
                    {"id": 4, "content": "<|endoftext|>"},
                ],
                "model": {"vocab": {"a": 0, "b</w>": 1, "ab</w>": 2}, "merges": [["a", "b</w>"]]},
            }
        )
    )

    checkpoint = attrs.evolve(fake_checkpoint(), folder=tmp_path)
    model_folders.copy_tokenizer(checkpoint, tmp_path / "packages")

    assert model_folders.read_vocabulary(tmp_path / "packages") == parse_vocabulary(
        '{"a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4}',
        "#version: 0.2\na b</w>\n",
    )


def test_a_vocabulary_that_is_no_text_is_incomplete(
    model_folders: LocalModelFolders, tmp_path: Path
) -> None:
    (tmp_path / "vocab.json").write_bytes(b"\xff\xfe\xfa")

    with pytest.raises(IncompleteModelFolder, match="cannot be read"):
        model_folders.read_vocabulary(tmp_path)
