"""The networks of a checkpoint and the names that Apple's ecosystem knows them by.

Package and resource names as in apple/ml-stable-diffusion (torch2coreml.py).
"""

import enum


class Component(enum.Enum):
    """One network of a checkpoint; the value is the suffix of its package's file name."""

    TEXT_ENCODER = "text_encoder"
    UNET = "unet"
    VAE_DECODER = "vae_decoder"
    VAE_ENCODER = "vae_encoder"
    SAFETY_CHECKER = "safety_checker"

    @property
    def label(self) -> str:
        """The component's name in sentences.

        >>> Component.VAE_DECODER.label
        'VAE decoder'
        """
        return _LABELS[self]

    @property
    def resource_name(self) -> str:
        """The file name, without ending, of the compiled component in Apple's Resources folder."""
        return _RESOURCE_NAMES[self]

    def package_name(self, model_version: str) -> str:
        """The file name of the component's package.

        >>> Component.UNET.package_name("runwayml/stable-diffusion-v1-5")
        'Stable_Diffusion_version_runwayml_stable-diffusion-v1-5_unet.mlpackage'
        """
        stem = f"Stable_Diffusion_version_{model_version}_{self.value}".replace("/", "_")
        return f"{stem}.mlpackage"


_LABELS = {
    Component.TEXT_ENCODER: "text encoder",
    Component.UNET: "UNet",
    Component.VAE_DECODER: "VAE decoder",
    Component.VAE_ENCODER: "VAE encoder",
    Component.SAFETY_CHECKER: "safety checker",
}
_RESOURCE_NAMES = {
    Component.TEXT_ENCODER: "TextEncoder",
    Component.UNET: "Unet",
    Component.VAE_DECODER: "VAEDecoder",
    Component.VAE_ENCODER: "VAEEncoder",
    Component.SAFETY_CHECKER: "SafetyChecker",
}
