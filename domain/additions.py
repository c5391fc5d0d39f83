"""What a model is converted with besides itself."""

import attrs

from .component import Component


@attrs.frozen(kw_only=True)
class Additions:
    """ControlNets and a refiner, each named as models are: a folder or an id on the Hub.

    They become packages of their own beside the model's, ControlNets with the UNet that takes what
    they give.
    """

    controlnets: tuple[str, ...] = ()
    refiner: str | None = None

    @property
    def demanded(self) -> tuple[Component, ...]:
        """Which components of the model itself this takes that are not made otherwise."""
        return (Component.CONTROL_UNET,) if self.controlnets else ()


#: What most models are converted with.
NOTHING = Additions()
