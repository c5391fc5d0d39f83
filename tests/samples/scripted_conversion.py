"""A conversion that takes no time."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from samples.model_folder import write_model_folder


@attrs.define
class ScriptedConversion:
    """Stands for the use case: writes the sample model folder and remembers what was asked."""

    asked: list[tuple[str, Path, ConversionPlan, str | None]] = attrs.field(factory=list)

    def __call__(
        self, model: str, destination: Path, plan: ConversionPlan, revision: str | None = None
    ) -> None:
        self.asked.append((model, destination, plan, revision))
        if not destination.exists():
            write_model_folder(destination)
