"""A text encoder and its tokenizer with tokens that textual inversion learned."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from ...domain.component import Component
from ...domain.errors import MismatchedCheckpoint
from ...domain.tokenizer.vocabulary import TOKENS_FILE
from .embedding_file import EmbeddingFile
from .safetensors_file import StoredTensor
from .safetensors_writer import TensorToWrite

_TABLE = "token_embedding.weight"
# The name under which transformers' tokenizers note what was added to their vocabulary.
_ADDED = "added_tokens.json"


def with_rows(
    tensors: Mapping[str, TensorToWrite],
    stored: Mapping[str, StoredTensor],
    component: Component,
    embeddings: Iterable[EmbeddingFile],
    model: str,
) -> dict[str, TensorToWrite]:
    """The text encoder's tensors with a row for each learned vector at the end of its table.

    Raises MismatchedCheckpoint.
    """
    grown = dict(tensors)
    for name, table in stored.items():
        if name.endswith(_TABLE):
            rows, width = table.shape
            added = [each.vectors_for(component, width, model) for each in embeddings]
            grown[name] = TensorToWrite(
                dtype=table.dtype,
                shape=(rows + sum(map(len, added)), width),
                make=partial(_grown, tensors[name], added),
            )
    return grown


def _grown(before: TensorToWrite, added: Iterable[torch.Tensor]) -> torch.Tensor:
    return torch.cat([before.make(), *(each.to(before.dtype) for each in added)])


def write_tokens(
    folder: Path, embeddings: Sequence[EmbeddingFile], first_id: int, model: str
) -> None:
    """Note the tokens beside a tokenizer's tables.

    Raises MismatchedCheckpoint where there is a token of such a name.
    """
    path = folder / _ADDED
    known, tokens = _read(path), _read(folder / TOKENS_FILE)
    tokens |= dict(_read(folder / "tokenizer.json").get("model", {}).get("vocab", {})) | known
    for each in embeddings:
        for name in each.tokens:
            if name in tokens:
                problem = f"it has a token {name} already; give another word behind a colon"
                raise MismatchedCheckpoint(str(each.embedding.file), model, problem)
            tokens[name] = known[name] = first_id
            first_id += 1
    path.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def write_config(path: Path, embeddings: Iterable[EmbeddingFile]) -> int:
    """Count the tokens in a text encoder's configuration, and give the number before."""
    config = _read(path)
    before = int(config["vocab_size"])
    # Older configurations mean by 2 that the end token has the largest id, which it has no more.
    ends = {"eos_token_id": before - 1} if config.get("eos_token_id") == 2 else {}
    count = sum(len(each.tokens) for each in embeddings)
    path.write_text(json.dumps(config | ends | {"vocab_size": before + count}), encoding="utf-8")
    return before
