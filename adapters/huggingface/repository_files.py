"""Which files of a repository a conversion needs: no pickles, no second variant of the weights.

All are patterns as `huggingface_hub.snapshot_download` takes them.
"""

#: Everything but the weights.
SMALL_FILES = (
    "README.md",
    "model_index.json",
    "feature_extractor/*.json",
    "safety_checker/*.json",
    "scheduler/*.json",
    "text_encoder/*.json",
    "tokenizer/*.json",
    "tokenizer/*.txt",
    "unet/*.json",
    "vae/*.json",
)

#: The folders of networks, each with what its weight files' names begin with.
NETWORKS = {
    "safety_checker": "model",
    "text_encoder": "model",
    "unet": "diffusion_pytorch_model",
    "vae": "diffusion_pytorch_model",
}

_SHARD = "-?????-of-?????"


def full_weights() -> list[str]:
    """The weights of every network, in one file or in shards.

    >>> full_weights()[2:4]
    ['text_encoder/model.safetensors', 'text_encoder/model-?????-of-?????.safetensors']
    """
    return [
        f"{folder}/{stem}{shard}.safetensors"
        for folder, stem in NETWORKS.items()
        for shard in ("", _SHARD)
    ]


def half_weights(folders: list[str]) -> list[str]:
    """The float16 variant of the weights in these folders."""
    return [
        f"{folder}/{NETWORKS[folder]}{ending}.safetensors"
        for folder in folders
        for ending in (".fp16", f".fp16{_SHARD}", f"{_SHARD}.fp16")
    ]
