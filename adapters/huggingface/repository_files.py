"""Which files of a repository a conversion needs: no pickles, no second variant of the weights.

All are patterns as `huggingface_hub.snapshot_download` takes them.
"""

import re
from collections.abc import Iterable

#: Everything but the weights.
SMALL_FILES = (
    "README.md",
    "model_index.json",
    "feature_extractor/*.json",
    "safety_checker/*.json",
    "scheduler/*.json",
    "text_encoder/*.json",
    "text_encoder_2/*.json",
    "tokenizer/*.json",
    "tokenizer/*.txt",
    "tokenizer_2/*.json",
    "tokenizer_2/*.txt",
    "unet/*.json",
    "vae/*.json",
)

#: All but the weights of a repository that is one ControlNet or VAE.
SINGLE_FILES = ("README.md", "config.json", "diffusion_pytorch_model.safetensors.index*.json")

#: What the weight files' names of each network begin with.
NETWORKS = (
    "safety_checker/model",
    "text_encoder/model",
    "text_encoder_2/model",
    "unet/diffusion_pytorch_model",
    "vae/diffusion_pytorch_model",
)
#: The same of a repository that is one ControlNet or VAE.
SINGLE = ("diffusion_pytorch_model",)

_FULL = ("", "-?????-of-?????")
_HALF = (".fp16", ".fp16-?????-of-?????", "-?????-of-?????.fp16")


def full_weights(stems: Iterable[str]) -> list[str]:
    """The weights in one file or in shards.

    >>> full_weights(["vae/model"])
    ['vae/model.safetensors', 'vae/model-?????-of-?????.safetensors']
    """
    return [f"{stem}{ending}.safetensors" for stem in stems for ending in _FULL]


def half_weights(stems: Iterable[str]) -> list[str]:
    """The float16 variant of the weights."""
    return [f"{stem}{ending}.safetensors" for stem in stems for ending in _HALF]


def pickled_weights(stems: Iterable[str]) -> list[str]:
    """The weights in pickles, which transformers calls otherwise.

    >>> pickled_weights(["text_encoder/model"])[0]
    'text_encoder/pytorch_model.bin'
    """
    named = [re.sub(r"/model$", "/pytorch_model", stem) for stem in stems]
    return [f"{stem}{ending}.bin" for stem in named for ending in (*_FULL, ".fp16")]
