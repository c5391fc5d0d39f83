"""How near converted networks are to their originals, and whether that is near enough."""

from collections.abc import Mapping

import attrs

from ..component import Component
from .divergence import Departure, Divergence
from .output_fidelity import OutputFidelity


@attrs.frozen(kw_only=True)
class ComponentFidelity:
    """One component on the inputs that drawing a picture gave it.

    `cases` is the number of inputs; each output is told at its worst. `divergence` is the first
    operation whose result leaves the tolerance in float16, where one does. `departure` is looked
    for where the component is under the threshold.
    """

    component: Component
    package: str
    cases: int
    outputs: tuple[OutputFidelity, ...]
    divergence: Divergence | None = None
    departure: Departure | None = None

    @property
    def label(self) -> str:
        """The component's name in sentences; ControlNets, of which there are many, by package."""
        is_one_of_many = self.component is Component.CONTROLNET
        return self.package.rpartition(".")[0] if is_one_of_many else self.component.label

    @property
    def psnr_db(self) -> float:
        """The worst of the outputs, by Apple's formula."""
        return min(each.psnr_db for each in self.outputs)


@attrs.frozen(kw_only=True)
class Verification:
    """What holding a folder of packages against its checkpoint has shown.

    `picture_psnr_db` compares the 8-bit picture of all packages with that of PyTorch, and
    `swaps` the picture with one package alone among PyTorch's networks. `digests` are those of the
    packages that were looked at, so that whoever reads this later knows whether they are the same.
    Raises ValueError for a threshold under 0, which everything would pass.
    """

    model: str
    threshold_db: float = attrs.field(validator=attrs.validators.ge(0))
    prompt: str
    seed: int
    steps: int
    components: tuple[ComponentFidelity, ...]
    picture_psnr_db: float
    swaps: Mapping[Component, float] = attrs.field(factory=dict)
    digests: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)

    @property
    def failures(self) -> tuple[str, ...]:
        """The components under the threshold, in words; nothing where all is well."""
        failed = (each for each in self.components if each.psnr_db < self.threshold_db)
        return tuple(f"{each.label}: {each.psnr_db:.1f} dB" for each in failed)
