"""Textual inversion: prompts with a learned word give what diffusers' pipelines give."""

from pathlib import Path

import pytest
import torch
from coreml_stable_diffusion.adapters.files.model_folders import LocalModelFolders
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.pytorch.changed_checkpoints import ChangedCheckpoints
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.changes import Changes, Embedding
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.errors import MismatchedCheckpoint, UnreadableWeights
from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from diffusers import StableDiffusionPipeline
from safetensors.torch import load_file, save_file
from samples.checkpoints import SECOND_WIDTH, WIDTH, write_xl_checkpoint
from transformers import CLIPTextModel

PROMPT = "A photo of <my-cat>, and<my-cat> again (style7)"


@pytest.fixture
def base(tiny_checkpoint: Path) -> Checkpoint:
    return DiffusersFolder().open(str(tiny_checkpoint))


def change(
    base: Checkpoint, cache: Path, *embeddings: Embedding, pickles: bool = False
) -> Checkpoint:
    changing = ChangedCheckpoints(DiffusersFolder(), LocalWorkspace(), cache, pickles=pickles)
    return changing.change(base, Changes(embeddings=embeddings))


def vectors(count: int, width: int = WIDTH) -> torch.Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(count))


def tokens(checkpoint: Checkpoint, folder: Path, prompt: str) -> tuple[int, ...]:
    folders = LocalModelFolders(LocalWorkspace())
    folders.copy_tokenizer(checkpoint, folder)
    tokenizer = ClipTokenizer(
        vocabulary=folders.read_vocabulary(folder), padding_token=checkpoint.facts.padding_token
    )
    return tokenizer.encode(prompt, 77).ids


def test_a_learned_word_is_what_it_is_in_diffusers(base: Checkpoint, tmp_path: Path) -> None:
    save_file({"<my-cat>": vectors(3)}, tmp_path / "cat.safetensors")
    save_file({"emb_params": vectors(1)}, tmp_path / "style7.safetensors")
    pipeline = StableDiffusionPipeline.from_pretrained(base.folder)
    pipeline.load_textual_inversion({"<my-cat>": vectors(3)}, token="<my-cat>")  # noqa: S106 - of text
    pipeline.load_textual_inversion({"style7": vectors(1)}, token="style7")  # noqa: S106 - of text
    prompt = pipeline.maybe_convert_prompt(PROMPT, pipeline.tokenizer)
    wanted_ids = pipeline.tokenizer(prompt, padding="max_length", max_length=77).input_ids

    changed = change(
        base,
        tmp_path / "cache",
        Embedding(tmp_path / "cat.safetensors"),
        Embedding(tmp_path / "style7.safetensors"),
    )

    ids = tokens(changed, tmp_path / "packages", PROMPT)
    assert list(ids) == wanted_ids
    network = CLIPTextModel.from_pretrained(changed.folder / "text_encoder")
    with torch.no_grad():
        found, wanted = (
            each(torch.tensor([ids])) for each in (network.eval(), pipeline.text_encoder)
        )
    torch.testing.assert_close(found.last_hidden_state, wanted.last_hidden_state)
    torch.testing.assert_close(found.pooler_output, wanted.pooler_output)


def test_xl_takes_vectors_for_both_text_encoders(tmp_path: Path) -> None:
    write_xl_checkpoint(tmp_path / "xl")
    base = DiffusersFolder().open(str(tmp_path / "xl"))
    both = {"clip_g": vectors(2, SECOND_WIDTH), "clip_l": vectors(2)}
    save_file(both, tmp_path / "cat.safetensors")
    save_file({"cat": vectors(2)}, tmp_path / "half.safetensors")

    changed = change(base, tmp_path / "cache", Embedding(tmp_path / "cat.safetensors", "<cat>"))

    for name, encoder in (("clip_l", "text_encoder"), ("clip_g", "text_encoder_2")):
        tensors = load_file(changed.folder / encoder / "model.safetensors")
        (table,) = (each for key, each in tensors.items() if key.endswith("token_embedding.weight"))
        assert torch.equal(table[-2:], both[name])
    assert tokens(changed, tmp_path / "packages", "<cat>")[1:3] == (521, 522)
    with pytest.raises(MismatchedCheckpoint, match="32 wide, those of the second text encoder 64"):
        change(base, tmp_path / "cache", Embedding(tmp_path / "half.safetensors"))


def test_a_pickle_of_a1111_needs_to_be_allowed(base: Checkpoint, tmp_path: Path) -> None:
    file = tmp_path / "bad-hands.pt"
    torch.save({"string_to_param": {"*": vectors(1)}, "name": "some"}, file)

    with pytest.raises(UnreadableWeights, match="read with --allow-pickle alone"):
        change(base, tmp_path / "cache", Embedding(file))
    changed = change(base, tmp_path / "cache", Embedding(file), pickles=True)

    assert tokens(changed, tmp_path / "packages", "bad-hands")[1] == 521


@pytest.mark.parametrize(
    ("trigger", "tensors", "problem"),
    [
        ("<cat>", {"a": vectors(1, 48)}, "its vectors are 48 wide, those of the text encoder 32"),
        ("a</w>", {"a": vectors(1)}, "it has a token a</w> already"),
    ],
)
def test_what_does_not_fit_is_refused(
    base: Checkpoint, tmp_path: Path, trigger: str, tensors: dict[str, torch.Tensor], problem: str
) -> None:
    save_file(tensors, tmp_path / "cat.safetensors")

    with pytest.raises(MismatchedCheckpoint, match=problem):
        change(base, tmp_path / "cache", Embedding(tmp_path / "cat.safetensors", trigger))


@pytest.mark.parametrize("content", [b"broken", {"a": vectors(1), "b": vectors(1)}, None])
def test_what_is_no_embedding_is_refused(
    base: Checkpoint, tmp_path: Path, content: bytes | dict[str, torch.Tensor] | None
) -> None:
    file = tmp_path / "odd.safetensors"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        save_file(content, file)

    with pytest.raises(UnreadableWeights, match=r"odd\.safetensors cannot be used"):
        change(base, tmp_path / "cache", Embedding(file))
