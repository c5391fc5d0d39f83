"""Trains the pocket model from nothing and writes it as a diffusers checkpoint.

Every stage keeps its result in the working folder, so a stopped run goes on where it was:

    python -m coreml_stable_diffusion.training.train_pocket --work WORK -o CHECKPOINT
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from transformers import CLIPTokenizer

from ..domain.pocket.scene import Combination, Scene, training_combinations
from .autoencoder import standardise_latents, train_autoencoder
from .byte_pairs import learn_merges, write_vocabulary
from .checkpoint_folder import write_checkpoint
from .denoiser import (
    TEXT_LENGTH,
    LatentPictures,
    Training,
    build_scheduler,
    encode,
    tokenize,
)
from .pictures import pictures, random_scene
from .safety_checker import build_feature_extractor, train_safety_checker

_SEED = 1
_TOKENIZER = "tokenizer"
_CAPTION_RADII = (0.2, 0.3, 0.4)


@attrs.frozen(kw_only=True)
class Effort:
    """How much of everything; the defaults are those of the shipped checkpoint."""

    vae_crop_steps: int = 2600
    vae_whole_steps: int = 500
    pictures: int = 20_000
    denoiser_steps: int = 7_500
    cool_down_steps: int = 2_500
    safety_checker_steps: int = 300


def train(work: Path, effort: Effort) -> StableDiffusionPipeline:
    """Run every stage that the working folder does not hold yet."""
    work.mkdir(parents=True, exist_ok=True)
    combinations = training_combinations()
    tokenizer = _tokenizer(work, combinations)
    vae = _kept(work / "vae", AutoencoderKL, lambda: _vae(combinations, effort))
    checker = _kept(
        work / "safety_checker",
        StableDiffusionSafetyChecker,
        lambda: train_safety_checker(combinations, steps=effort.safety_checker_steps, seed=_SEED),
    )
    data = _latent_pictures(work / "latents.pt", combinations, vae, tokenizer, effort.pictures)
    denoiser = Training(tokenizer, _SEED).run(
        data,
        steps=effort.denoiser_steps,
        cool_down_steps=effort.cool_down_steps,
        kept_in=work / "denoiser.pt",
    )
    return StableDiffusionPipeline(
        vae=vae,
        text_encoder=denoiser.text_encoder,
        tokenizer=tokenizer,
        unet=denoiser.unet,
        scheduler=build_scheduler(),
        safety_checker=checker,
        feature_extractor=build_feature_extractor(),
    )


def _tokenizer(work: Path, combinations: tuple[Combination, ...]) -> CLIPTokenizer:
    captions = [
        Scene(combination=each, radius=radius).caption()
        for each in combinations
        for radius in _CAPTION_RADII
    ]
    write_vocabulary(learn_merges(captions), work / _TOKENIZER)
    return CLIPTokenizer.from_pretrained(work / _TOKENIZER, model_max_length=TEXT_LENGTH)


def _vae(combinations: tuple[Combination, ...], effort: Effort) -> AutoencoderKL:
    vae = train_autoencoder(
        combinations,
        crop_steps=effort.vae_crop_steps,
        whole_steps=effort.vae_whole_steps,
        seed=_SEED,
    )
    rng = np.random.default_rng(_SEED)
    standardise_latents(vae, pictures([random_scene(rng, each) for each in combinations]))
    return vae


def _kept(folder: Path, kind: Any, make: Callable[[], Any]) -> Any:
    if not folder.exists():
        make().save_pretrained(folder)
    return kind.from_pretrained(folder).eval()


def _latent_pictures(
    path: Path,
    combinations: tuple[Combination, ...],
    vae: AutoencoderKL,
    tokenizer: CLIPTokenizer,
    count: int,
) -> LatentPictures:
    rng = np.random.default_rng(_SEED)
    scenes = [
        random_scene(rng, combinations[index])
        for index in rng.integers(len(combinations), size=count)
    ]
    if not path.exists():
        batches = [
            encode(vae, pictures(scenes[first : first + 50])) for first in range(0, count, 50)
        ]
        torch.save(torch.cat(batches), path)
    return LatentPictures(
        latents=torch.load(path, weights_only=True),
        tokens=tokenize(tokenizer, [scene.caption() for scene in scenes]),
        no_tokens=tokenize(tokenizer, [""]),
    )


def main() -> None:
    """Read the command line, train, and write the checkpoint in float16."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="folder for unfinished work")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the checkpoint's folder")
    defaults = Effort()
    for field in attrs.fields(Effort):
        option = "--" + field.name.replace("_", "-")
        parser.add_argument(option, type=int, default=getattr(defaults, field.name))
    options = vars(parser.parse_args())
    work, output = options.pop("work"), options.pop("output")
    write_checkpoint(train(work, Effort(**options)), work / _TOKENIZER, output)
    print(output)


if __name__ == "__main__":
    main()
