"""Trains the pocket model's safety checker: it lets shapes pass and blacks out mere noise."""

from collections.abc import Sequence

import numpy as np
import torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from numpy.typing import NDArray
from PIL import Image
from torch.nn import functional
from transformers import CLIPConfig, CLIPImageProcessor

from ..domain.pocket.drawing import draw
from ..domain.pocket.scene import Combination
from .pictures import PICTURE_SIZE, random_scene

_BATCH = 16
_THRESHOLD = 0.5
# Special care lowers the threshold of all concepts once its cosine passes 1, which none does.
_NO_SPECIAL_CARE = 1.0
_SHARPNESS = 20.0
_LEARNING_RATE = 1e-3
_GRAINS = (1, 2, 4, 8)


def build_feature_extractor() -> CLIPImageProcessor:
    """CLIP's own preprocessing: shortest edge 224, centre crop, CLIP's mean and deviation."""
    return CLIPImageProcessor(size={"shortest_edge": 224}, crop_size={"height": 224, "width": 224})


def build_safety_checker() -> StableDiffusionSafetyChecker:
    """The untrained checker: Stable Diffusion's seventeen concepts on a small vision tower."""
    config = CLIPConfig(
        vision_config={
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "image_size": 224,
            "patch_size": 32,
            "projection_dim": 32,
        },
        text_config={"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 1},
        projection_dim=32,
    )
    checker = StableDiffusionSafetyChecker(config)
    for embeddings in (checker.concept_embeds, checker.special_care_embeds):
        torch.nn.init.normal_(embeddings)
    torch.nn.init.constant_(checker.concept_embeds_weights, _THRESHOLD)
    torch.nn.init.constant_(checker.special_care_embeds_weights, _NO_SPECIAL_CARE)
    return checker


def train_safety_checker(
    combinations: Sequence[Combination], *, steps: int, seed: int
) -> StableDiffusionSafetyChecker:
    """Teach the checker noise as its concept and drawn scenes as none."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    checker, extractor = build_safety_checker(), build_feature_extractor()
    optimizer = torch.optim.AdamW(
        [each for each in checker.parameters() if each.requires_grad], lr=_LEARNING_RATE
    )
    for step in range(steps):
        noisy = rng.random(_BATCH) < 0.5
        shown = [
            _noise(rng)
            if noise
            else _scene(rng, combinations[int(rng.integers(len(combinations)))])
            for noise in noisy
        ]
        inputs = extractor(shown, return_tensors="pt").pixel_values
        score = _concept_score(checker, inputs)
        wanted = torch.from_numpy(noisy).float()
        loss = functional.binary_cross_entropy_with_logits(_SHARPNESS * score, wanted)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        if step % 50 == 0:
            right = ((score > 0) == (wanted > 0)).float().mean().item()
            print(
                f"safety checker step {step}/{steps} loss {loss:.4f} right {right:.2f}", flush=True
            )
    return checker.eval()


def _concept_score(checker: StableDiffusionSafetyChecker, inputs: torch.Tensor) -> torch.Tensor:
    embedded = checker.visual_projection(checker.vision_model(inputs).pooler_output)
    cosines = functional.cosine_similarity(embedded[:, None], checker.concept_embeds[None], dim=-1)
    return cosines.amax(dim=1) - _THRESHOLD


def _scene(rng: np.random.Generator, combination: Combination) -> NDArray[np.uint8]:
    drawn = draw(random_scene(rng, combination), PICTURE_SIZE)
    blemishes = rng.normal(0, rng.uniform(0, 10), drawn.shape)
    return np.clip(drawn + blemishes, 0, 255).astype(np.uint8)


def _noise(rng: np.random.Generator) -> NDArray[np.uint8]:
    grain = int(rng.choice(_GRAINS))
    size = PICTURE_SIZE // grain
    static = rng.normal(128, rng.uniform(40, 90), (size, size, 3))
    picture = Image.fromarray(np.clip(static, 0, 255).astype(np.uint8))
    return np.asarray(picture.resize((PICTURE_SIZE, PICTURE_SIZE), Image.Resampling.BILINEAR))
