"""A conversion that takes no time."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.application.convert import Requirement
from coreml_stable_diffusion.domain.additions import NOTHING, Additions
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from samples.model_folder import MANIFEST, write_model_folder


@attrs.define
class ScriptedConversion:
    """Stands for the use case: writes the sample model folder, remembers what was asked."""

    additions: list[Additions] = attrs.field(factory=list)
    converted: list[str] = attrs.field(factory=list)
    asked: list[tuple[str, Path, ConversionPlan, str | None]] = attrs.field(factory=list)

    def __call__(
        self,
        model: str,
        destination: Path,
        plan: ConversionPlan,
        revision: str | None = None,
        additions: Additions = NOTHING,
        *,
        require: Requirement | None = None,
    ) -> None:
        self.asked.append((model, destination, plan, revision))
        self.additions.append(additions)
        if require is not None:
            require(MANIFEST)
        self.converted.append(model)
        if not destination.exists():
            write_model_folder(destination)
