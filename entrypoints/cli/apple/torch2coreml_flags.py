"""The flags of Apple's torch2coreml, as of its version 1.1.0."""

from ....domain.conversion.plan import AttentionImplementation
from .arguments import AppleParser

EXAMPLES = """\b
What Apple's README says, after the name of the tool:
  coreml-sd torch2coreml --model-version stabilityai/stable-diffusion-2-base --convert-unet \\
    --convert-text-encoder --convert-vae-decoder --convert-safety-checker -o packages

\b
What Hugging Face's guide says, for everything that Apple's Swift package needs:
  coreml-sd torch2coreml --model-version stabilityai/stable-diffusion-2-base --convert-unet \\
    --convert-text-encoder --convert-vae-decoder --convert-vae-encoder \\
    --attention-implementation SPLIT_EINSUM_V2 --bundle-resources-for-swift-cli -o packages
"""

CLIP_FILES = "https://huggingface.co/openai/clip-vit-base-patch32/resolve/main"
_T5 = "https://huggingface.co/argmaxinc/coreml-stable-diffusion-3-medium/resolve/main"
_T5_FILES = "https://huggingface.co/google-t5/t5-small/resolve/main"
_DESCRIPTION = "Convert a Stable Diffusion checkpoint with the flags of Apple's torch2coreml."
_FLAGS = {
    "--convert-text-encoder": "convert the text encoder, or both of them",
    "--convert-vae-decoder": "convert the VAE decoder",
    "--convert-vae-encoder": "convert the VAE encoder",
    "--convert-unet": "convert the UNet, and the refiner's where there is one",
    "--convert-mmdit": "refused: Stable Diffusion 3 cannot be converted yet",
    "--convert-safety-checker": "convert the safety checker where there is one",
    "--check-output-correctness": "compare the packages with PyTorch",
    "--chunk-unet": "cut UNets in two as well",
    "--unet-support-controlnet": "convert the UNet that takes what ControlNets give",
    "--unet-batch-one": "give the UNet a batch of 1 instead of 2",
    "--include-t5": "refused: Stable Diffusion 3 cannot be converted yet",
    "--bundle-resources-for-swift-cli": "make the Resources folder",
    "--xl-version": "the checkpoint is Stable Diffusion XL, which it says itself too",
    "--sd3-version": "refused: Stable Diffusion 3 cannot be converted yet",
}
_TEXTS = {
    "--refiner-version": (None, "a refiner of Stable Diffusion XL"),
    "--custom-vae-version": (None, "a VAE in place of the checkpoint's"),
    "--min-deployment-target": ("macOS13", "oldest system that has to load the packages"),
    "--text-encoder-vocabulary-url": (f"{CLIP_FILES}/vocab.json", "only as it is"),
    "--text-encoder-merges-url": (f"{CLIP_FILES}/merges.txt", "only as it is"),
    "--text-encoder-t5-url": (f"{_T5}/TextEncoderT5.mlmodelc", "without effect"),
    "--text-encoder-t5-config-url": (f"{_T5_FILES}/tokenizer_config.json", "without effect"),
    "--text-encoder-t5-data-url": (f"{_T5_FILES}/tokenizer.json", "without effect"),
}
_NUMBERS = {
    "--latent-h": "height of the pictures in latent pixels",
    "--latent-w": "width of the pictures in latent pixels",
    "--text-token-sequence-length": "how many tokens the UNet takes",
    "--text-encoder-hidden-size": "how wide the states of the text encoder are",
}


def parser() -> AppleParser:
    """All flags with Apple's defaults."""
    made = AppleParser("torch2coreml", _DESCRIPTION, EXAMPLES)
    made.add_argument("--model-version", required=True, help="an id on the Hub, or a folder")
    for name, text in _FLAGS.items():
        made.flag(name, text)
    made.add_argument(
        "--convert-controlnet", nargs="*", type=str, default=None, help="ControlNets to convert"
    )
    for name, (default, text) in _TEXTS.items():
        made.add_argument(name, type=str, default=default, help=text)
    for name, text in _NUMBERS.items():
        made.add_argument(name, type=int, default=None, help=text)
    made.compute_unit()
    made.add_argument(
        "--attention-implementation",
        choices=[each.value for each in AttentionImplementation],
        default=AttentionImplementation.SPLIT_EINSUM.value,
        help="how attention is written",
    )
    made.add_argument("-o", default=".", help="folder for the packages")
    made.add_argument(
        "--quantize-nbits", type=int, choices=(1, 2, 4, 6, 8), help="bits for each weight"
    )
    return made
