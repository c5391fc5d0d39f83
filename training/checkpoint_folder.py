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
    for config in [output / "model_index.json", *output.glob("*/config.json")]:
        _rewrite(config)
    for file in output.rglob("*.*"):
        file.chmod(_READABLE_BY_ALL)


def _rewrite(path: Path) -> None:
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    config.pop("_name_or_path", None)
    if "feature_extractor" in config:
        # Without torchvision transformers says CLIPImageProcessorPil, which version 4 lacks.
        config["feature_extractor"] = ["transformers", "CLIPImageProcessor"]
    if "dtype" in config:
        # transformers loads as this says, diffusers in float32, and both have to fit together.
        config["dtype"] = "float32"
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
