"""Writes the trained pipeline as a diffusers checkpoint that older libraries read too."""

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from diffusers import StableDiffusionPipeline

_VOCABULARY = ("vocab.json", "merges.txt")
_READABLE_BY_ALL = 0o644


def write_checkpoint(
    pipeline: StableDiffusionPipeline, vocabulary_folder: Path, output: Path
) -> None:
    """Save in float16, with CLIP's two vocabulary files and without traces of this machine."""
    pipeline.to(torch.float16).save_pretrained(output)
    for name in _VOCABULARY:
        shutil.copy(vocabulary_folder / name, output / "tokenizer" / name)
    for config in output.rglob("*.json"):
        _rewrite(config)
    for file in output.rglob("*.*"):
        file.chmod(_READABLE_BY_ALL)


def _rewrite(path: Path) -> None:
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if config.pop("_name_or_path", None) is None and path.name != "model_index.json":
        return
    if "feature_extractor" in config:
        # Without torchvision transformers says CLIPImageProcessorPil, which version 4 lacks.
        config["feature_extractor"] = ["transformers", "CLIPImageProcessor"]
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
