"""What a model is converted with besides itself."""

import attrs

from .changes import Lora
from .component import Component


@attrs.frozen(kw_only=True)
class Additions:
    """ControlNets, a refiner and a VAE, each named as models are, and files of LoRAs.

    ControlNets and the refiner become packages of their own beside the model's, ControlNets with
    the UNet that takes what they give. The others change the weights of the model.
    """

    controlnets: tuple[str, ...] = ()
    refiner: str | None = None
    vae: str | None = None
    loras: tuple[Lora, ...] = ()

    @property
    def demanded(self) -> tuple[Component, ...]:
        """Which components of the model itself this takes that are not made otherwise."""
        return (Component.CONTROL_UNET,) if self.controlnets else ()


#: What most models are converted with.
NOTHING = Additions()
