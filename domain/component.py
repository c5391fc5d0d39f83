"""The networks of a checkpoint and the names that Apple's ecosystem knows them by.

Package and resource names as in apple/ml-stable-diffusion (torch2coreml.py).
"""

import enum
import re

#: A component, and whose ControlNet it is.
Place = tuple["Component", str | None]


class Component(enum.Enum):
    """One network of a checkpoint; the value is the suffix of its package's file name."""

    TEXT_ENCODER = "text_encoder"
    TEXT_ENCODER_2 = "text_encoder_2"
    UNET = "unet"
    CONTROL_UNET = "control-unet"
    REFINER = "refiner"
    VAE_DECODER = "vae_decoder"
    VAE_ENCODER = "vae_encoder"
    SAFETY_CHECKER = "safety_checker"
    CONTROLNET = "controlnet"

    @property
    def label(self) -> str:
        """The component's name in sentences.

        >>> Component.VAE_DECODER.label
        'VAE decoder'
        """
        return _LABELS[self]

    @property
    def on_demand(self) -> bool:
        """Whether it is another form of a network that is there, made only where it is wanted."""
        return self is Component.CONTROL_UNET

    def package_name(self, model_version: str) -> str:
        """The file name of the component's package; a ControlNet's goes by its own model.

        >>> Component.UNET.package_name("runwayml/stable-diffusion-v1-5")
        'Stable_Diffusion_version_runwayml_stable-diffusion-v1-5_unet.mlpackage'
        >>> Component.CONTROLNET.package_name("lllyasviel/sd-controlnet-mlsd")
        'ControlNet_lllyasviel_sd-controlnet-mlsd.mlpackage'
        """
        if self is Component.CONTROLNET:
            stem = f"ControlNet_{model_version}"
        else:
            stem = f"Stable_Diffusion_version_{model_version}_{self.value}"
        return f"{stem}.mlpackage".replace("/", "_")

    def resource_name(self, model_version: str) -> str:
        """The compiled component's path, without ending, in Apple's Resources folder.

        >>> Component.UNET.resource_name("runwayml/stable-diffusion-v1-5")
        'Unet'
        >>> Component.CONTROLNET.resource_name("lllyasviel/sd-controlnet-mlsd")
        'controlnet/LllyasvielSdControlnetMlsd'
        """
        if self is Component.CONTROLNET:
            words = re.split("[-_/]", model_version)
            return "controlnet/" + "".join(word.title() for word in words)
        return _RESOURCE_NAMES[self]

    def place(self, model: str | None) -> Place:
        """What it takes in a folder of packages: one of each kind, but of ControlNets many."""
        return (self, model if self is Component.CONTROLNET else None)


_LABELS = {
    Component.TEXT_ENCODER: "text encoder",
    Component.TEXT_ENCODER_2: "second text encoder",
    Component.UNET: "UNet",
    Component.CONTROL_UNET: "control UNet",
    Component.REFINER: "refiner",
    Component.VAE_DECODER: "VAE decoder",
    Component.VAE_ENCODER: "VAE encoder",
    Component.SAFETY_CHECKER: "safety checker",
    Component.CONTROLNET: "ControlNet",
}
_RESOURCE_NAMES = {
    Component.TEXT_ENCODER: "TextEncoder",
    Component.TEXT_ENCODER_2: "TextEncoder2",
    Component.UNET: "Unet",
    Component.CONTROL_UNET: "ControlledUnet",
    Component.REFINER: "UnetRefiner",
    Component.VAE_DECODER: "VAEDecoder",
    Component.VAE_ENCODER: "VAEEncoder",
    Component.SAFETY_CHECKER: "SafetyChecker",
}
