"""The whole way from prompt to picture beside diffusers' pipeline, on the same tiny networks."""

import json
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.conditioning import Conditioning
from coreml_stable_diffusion.domain.fidelity import psnr_db
from coreml_stable_diffusion.domain.guidance import Guidance
from coreml_stable_diffusion.domain.latents import LatentScaling
from coreml_stable_diffusion.domain.pipelines.denoise import denoise
from coreml_stable_diffusion.domain.pipelines.noise_prediction import noise_predictor
from coreml_stable_diffusion.domain.pipelines.picture_decoding import PictureDecoding
from coreml_stable_diffusion.domain.pipelines.text_encoding import TextEncoder
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.tensor import Tensors
from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from diffusers import (
    AutoencoderKL,
    DPMSolverMultistepScheduler,
    PNDMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from fakes.networks import FakeNetwork, spec
from numpy.typing import NDArray
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

LENGTH, WIDTH, LATENTS = 16, 32, (4, 8, 8)
SCHEDULER = {"beta_schedule": "scaled_linear", "skip_prk_steps": True, "steps_offset": 1}
CLASSES = {"PNDM": PNDMScheduler, "DPMSolverMultistep": DPMSolverMultistepScheduler}
PROMPT, NEGATIVE = "a red circle, on blue", "green"
NOISE = np.random.default_rng(1).standard_normal((1, *LATENTS)).astype(np.float32)


@attrs.frozen
class Walks:
    """The two ways from prompt to picture."""

    theirs: StableDiffusionPipeline
    encoder: TextEncoder
    unet: FakeNetwork
    decoding: PictureDecoding

    def expected(self, scheduler: str, *, steps: int, scale: float) -> NDArray[np.uint8]:
        self.theirs.scheduler = CLASSES[scheduler].from_config(SCHEDULER)
        pictures = self.theirs(
            PROMPT,
            negative_prompt=NEGATIVE,
            num_inference_steps=steps,
            guidance_scale=scale,
            latents=torch.from_numpy(NOISE),
        )
        return np.asarray(pictures.images[0])

    def drawn(self, scheduler: str, *, steps: int, scale: float) -> NDArray[np.uint8]:
        guidance = Guidance(scale=scale)
        texts = [NEGATIVE, PROMPT] if guidance.guides else [PROMPT]
        encoded = [self.encoder.encode(self.encoder.tokenize(text)) for text in texts]
        predict = noise_predictor(self.unet, Conditioning.of(*encoded), guidance)
        *_, last = denoise(predict, scheduler_from_config(SCHEDULER, steps, scheduler), NOISE)
        return self.decoding.decode(last.sample)


def write_tokenizer(folder: Path) -> None:
    symbols = [chr(code) for code in range(0x21, 0x7F)]
    tokens = [*symbols, *(f"{symbol}</w>" for symbol in symbols)]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    ids = {token: index for index, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")


def tiny_pipeline(folder: Path) -> StableDiffusionPipeline:
    torch.manual_seed(0)
    write_tokenizer(folder)
    tokenizer = CLIPTokenizer.from_pretrained(folder, model_max_length=LENGTH)
    text = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=2,
        max_position_embeddings=LENGTH,
        eos_token_id=tokenizer.eos_token_id,
    )
    unet = UNet2DConditionModel(
        block_out_channels=(16, 32),
        layers_per_block=1,
        sample_size=LATENTS[1],
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
        norm_num_groups=8,
    )
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderKL(block_out_channels=(16,), latent_channels=4, norm_num_groups=8),
        text_encoder=CLIPTextModel(text),
        tokenizer=tokenizer,
        unet=unet,
        scheduler=PNDMScheduler.from_config(SCHEDULER),
        safety_checker=None,
        feature_extractor=None,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def both_walks(theirs: StableDiffusionPipeline, folder: Path) -> Walks:
    """The same weights behind Apple's names and layouts."""
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("vocab.json", "merges.txt")]
    states = spec("last_hidden_state", (1, LENGTH, WIDTH), "float32")
    image = spec("image", (1, 3, *LATENTS[1:]), "float32")
    return Walks(
        theirs=theirs,
        encoder=TextEncoder(
            tokenizer=ClipTokenizer(vocabulary=parse_vocabulary(*texts)),
            network=FakeNetwork(
                inputs=(spec("input_ids", (1, LENGTH), "float32"),),
                outputs=(states,),
                script=lambda inputs: _encode(theirs, inputs),
            ),
        ),
        unet=FakeNetwork(
            inputs=(
                spec("sample", (2, *LATENTS), "float32"),
                spec("timestep", (2,), "float32"),
                spec("encoder_hidden_states", (2, WIDTH, 1, LENGTH), "float32"),
            ),
            outputs=(spec("noise_pred", (2, *LATENTS), "float32"),),
            script=lambda inputs: _predict_noise(theirs, inputs),
        ),
        decoding=PictureDecoding(
            network=FakeNetwork(
                inputs=(spec("z", (1, *LATENTS), "float32"),),
                outputs=(image,),
                script=lambda inputs: _decode(theirs, inputs),
            ),
            latent_scaling=LatentScaling(factor=theirs.vae.config.scaling_factor),
        ),
    )


def _tensor(inputs: Tensors, name: str) -> torch.Tensor:
    return torch.from_numpy(inputs[name])


@torch.no_grad()
def _encode(pipeline: StableDiffusionPipeline, inputs: Tensors) -> dict[str, Any]:
    states = pipeline.text_encoder(_tensor(inputs, "input_ids").long()).last_hidden_state
    return {"last_hidden_state": states.numpy()}


@torch.no_grad()
def _predict_noise(pipeline: StableDiffusionPipeline, inputs: Tensors) -> dict[str, Any]:
    states = _tensor(inputs, "encoder_hidden_states").squeeze(2).transpose(1, 2)
    sample, timestep = _tensor(inputs, "sample"), _tensor(inputs, "timestep")
    return {"noise_pred": pipeline.unet(sample, timestep, states).sample.numpy()}


@torch.no_grad()
def _decode(pipeline: StableDiffusionPipeline, inputs: Tensors) -> dict[str, Any]:
    return {"image": pipeline.vae.decode(_tensor(inputs, "z")).sample.numpy()}


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Walks:
    folder = tmp_path_factory.mktemp("tokenizer")
    theirs = tiny_pipeline(folder)
    return both_walks(theirs, folder)


@pytest.mark.parametrize("scale", [1.0, 7.5])
@pytest.mark.parametrize("steps", [1, 2, 12])
@pytest.mark.parametrize("scheduler", CLASSES)
def test_the_picture_is_that_of_diffusers(
    walks: Walks, scheduler: str, steps: int, scale: float
) -> None:
    expected = walks.expected(scheduler, steps=steps, scale=scale)

    assert expected.std() > 1
    assert psnr_db(walks.drawn(scheduler, steps=steps, scale=scale), expected) > 60
