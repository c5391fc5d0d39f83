"""What a model is converted with besides itself."""

from collections.abc import Iterable, Mapping

import attrs

from .changes import Embedding, Lora
from .component import Component
from .errors import InvalidRequest
from .model_facts import Change


@attrs.frozen(kw_only=True)
class Additions:
    """ControlNets, a refiner and a VAE, each named as models are, and files of LoRAs and of
    textual inversion.

    ControlNets and the refiner become packages of their own beside the model's, ControlNets with
    the UNet that takes what they give. The others change the weights of the model. `revisions` are
    those to open them at, by their names; others are opened at the usual one.
    """

    controlnets: tuple[str, ...] = ()
    refiner: str | None = None
    vae: str | None = None
    loras: tuple[Lora, ...] = ()
    embeddings: tuple[Embedding, ...] = ()
    revisions: Mapping[str, str | None] = attrs.field(factory=dict)

    @property
    def demanded(self) -> tuple[Component, ...]:
        """Which components of the model itself this takes that are not made otherwise."""
        return (Component.CONTROL_UNET,) if self.controlnets else ()

    def with_changes(self, changes: Iterable[Change]) -> "Additions":
        """What changes the weights as it was told of a model that was converted before.

        The VAE is found by its name, at its revision; of LoRAs and embeddings only the names of
        files are known, so they have to be given. Raises InvalidRequest where one is not, or counts
        for more or less.
        """
        vae, revisions = self.vae, dict(self.revisions)
        given: set[tuple[str, float | None]] = {
            *((lora.file.name, lora.scale) for lora in self.loras),
            *((str(embedding), None) for embedding in self.embeddings),
        }
        for change in changes:
            if change.kind == _VAE:
                vae = vae or change.name
                revisions[change.name] = change.revision
            elif (change.name, change.scale) not in given:
                scale = "" if change.scale is None else f":{change.scale:g}"
                problem = f"the model was made with {change.name}; give {change.name}{scale}, too"
                raise InvalidRequest(f"--{change.kind.lower()}", problem)
        return attrs.evolve(self, vae=vae, revisions=revisions)


# What a change of the VAE is called.
_VAE = "VAE"
#: What most models are converted with.
NOTHING = Additions()
