"""The tokenizer's `vocab.json` and `merges.txt`, from a checkpoint old or new.

transformers 5 saves a single `tokenizer.json` in their stead; it holds the same two tables.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...domain.checkpoint import Checkpoint
from ...domain.errors import NotACheckpoint
from ...domain.tokenizer.vocabulary import MERGES_FILE, TOKENS_FILE

# What was added to the vocabulary after training, such as the tokens of textual inversion.
_ADDED_FILE = "added_tokens.json"


def tokenizer_files(checkpoint: Checkpoint) -> dict[str, str]:
    """The texts of both files by their names. Raises NotACheckpoint where there are none.

    Where there are two tokenizers they have one vocabulary, and differ in what pads.
    """
    found = (checkpoint.folder / name for name in ("tokenizer", "tokenizer_2"))
    folder = next((each for each in found if each.is_dir()), checkpoint.folder / "tokenizer")
    try:
        if (folder / TOKENS_FILE).is_file():
            files = {name: _text(folder / name) for name in (TOKENS_FILE, MERGES_FILE)}
        else:
            files = _from_single(json.loads(_text(folder / "tokenizer.json")))
        return _with_added(files, folder / _ADDED_FILE)
    except FileNotFoundError as error:
        problem = f"tokenizer has neither {TOKENS_FILE} and {MERGES_FILE} nor tokenizer.json"
        raise NotACheckpoint(checkpoint.model, problem) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"its tokenizer cannot be read: {error}"
        raise NotACheckpoint(checkpoint.model, problem) from error


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _with_added(files: dict[str, str], added: Path) -> dict[str, str]:
    if not added.is_file():
        return files
    vocabulary = json.loads(files[TOKENS_FILE]) | json.loads(_text(added))
    return files | {TOKENS_FILE: json.dumps(vocabulary, ensure_ascii=False)}


def _from_single(document: Mapping[str, Any]) -> dict[str, str]:
    vocabulary = dict(document["model"]["vocab"])
    vocabulary |= {token["content"]: token["id"] for token in document.get("added_tokens", ())}
    pairs = [
        pair if isinstance(pair, str) else " ".join(pair) for pair in document["model"]["merges"]
    ]
    return {
        TOKENS_FILE: json.dumps(vocabulary, ensure_ascii=False),
        MERGES_FILE: "\n".join(["#version: 0.2", *pairs, ""]),
    }
