"""Apple's flags, all of them, with Apple's defaults and choices, and no others."""

import argparse
from typing import Any

import pytest
from coreml_stable_diffusion.entrypoints.cli.apple import (
    chunk_mlprogram,
    multilingual_projection,
    pipeline,
    torch2coreml_flags,
)

_CLIP = "https://huggingface.co/openai/clip-vit-base-patch32/resolve/main"
_UNITS = ["ALL", "CPU_AND_GPU", "CPU_AND_NE", "CPU_ONLY"]

# As in apple/ml-stable-diffusion at its version 1.1.0; flags that are there or not are False.
FLAGS: dict[str, dict[str, Any]] = {
    "torch2coreml": {
        "--convert-text-encoder": False,
        "--convert-vae-decoder": False,
        "--convert-vae-encoder": False,
        "--convert-unet": False,
        "--convert-mmdit": False,
        "--convert-safety-checker": False,
        "--convert-controlnet": None,
        "--model-version": "required",
        "--refiner-version": None,
        "--custom-vae-version": None,
        "--compute-unit": "ALL",
        "--latent-h": None,
        "--latent-w": None,
        "--text-token-sequence-length": None,
        "--text-encoder-hidden-size": None,
        "--attention-implementation": "SPLIT_EINSUM",
        "-o": ".",
        "--check-output-correctness": False,
        "--chunk-unet": False,
        "--quantize-nbits": None,
        "--unet-support-controlnet": False,
        "--unet-batch-one": False,
        "--include-t5": False,
        "--bundle-resources-for-swift-cli": False,
        "--text-encoder-vocabulary-url": f"{_CLIP}/vocab.json",
        "--text-encoder-merges-url": f"{_CLIP}/merges.txt",
        "--text-encoder-t5-url": "https://huggingface.co/argmaxinc/"
        "coreml-stable-diffusion-3-medium/resolve/main/TextEncoderT5.mlmodelc",
        "--text-encoder-t5-config-url": "https://huggingface.co/google-t5/t5-small/"
        "resolve/main/tokenizer_config.json",
        "--text-encoder-t5-data-url": "https://huggingface.co/google-t5/t5-small/"
        "resolve/main/tokenizer.json",
        "--min-deployment-target": "macOS13",
        "--xl-version": False,
        "--sd3-version": False,
    },
    "chunk_mlprogram": {
        "--mlpackage-path": "required",
        "-o": "required",
        "--remove-original": False,
        "--check-output-correctness": False,
        "--merge-chunks-in-pipeline-model": False,
    },
    "pipeline": {
        "--prompt": "required",
        "-i": "required",
        "-o": "required",
        "--seed": 93,
        "-s": 93,
        "--model-version": "CompVis/stable-diffusion-v1-4",
        "--compute-unit": "ALL",
        "--scheduler": None,
        "--num-inference-steps": 50,
        "--guidance-scale": 7.5,
        "--controlnet": None,
        "--controlnet-inputs": None,
        "--negative-prompt": None,
        "--unet-batch-one": False,
        "--model-sources": None,
    },
    "multilingual_projection": {"--input-path": "required", "--output-dir": "required"},
}
CHOICES: dict[str, dict[str, list[Any]]] = {
    "torch2coreml": {
        "--compute-unit": _UNITS,
        "--attention-implementation": ["ORIGINAL", "SPLIT_EINSUM", "SPLIT_EINSUM_V2"],
        "--quantize-nbits": [1, 2, 4, 6, 8],
    },
    "chunk_mlprogram": {},
    "pipeline": {
        "--compute-unit": _UNITS,
        "--scheduler": [
            "DDIM",
            "DPMSolverMultistep",
            "EulerAncestralDiscrete",
            "EulerDiscrete",
            "LMSDiscrete",
            "PNDM",
        ],
        "--model-sources": ["compiled", "packages"],
    },
    "multilingual_projection": {},
}
PARSERS = {
    "torch2coreml": torch2coreml_flags.parser,
    "chunk_mlprogram": chunk_mlprogram.parser,
    "pipeline": pipeline.parser,
    "multilingual_projection": multilingual_projection.parser,
}


def actions(tool: str) -> dict[str, argparse.Action]:
    made = PARSERS[tool]()._actions
    return {name: each for each in made for name in each.option_strings if each.dest != "help"}


@pytest.mark.parametrize("tool", PARSERS)
def test_the_flags_are_apples(tool: str) -> None:
    ours = {
        name: "required" if each.required else each.default for name, each in actions(tool).items()
    }

    assert ours == FLAGS[tool]


@pytest.mark.parametrize("tool", PARSERS)
def test_the_choices_are_apples(tool: str) -> None:
    ours = {name: sorted(each.choices) for name, each in actions(tool).items() if each.choices}

    assert ours == CHOICES[tool]
