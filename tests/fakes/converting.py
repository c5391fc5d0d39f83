"""A converter whose packages are one text file."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.errors import ConversionFailed, UnwritableOutput
from coreml_stable_diffusion.domain.ports.converting import PackageConverter


@attrs.define
class FakeConverter(PackageConverter):
    """Writes the graph's text as the program.

    `broken` graphs fail; a component in `stops` is half-written when its exception comes.
    """

    broken: tuple[object, ...] = ()
    stops: dict[Component, BaseException] = attrs.field(factory=dict)

    def convert(self, network: TracedNetwork, plan: ConversionPlan, package: Path) -> None:
        del plan
        if network.graph in self.broken:
            raise ConversionFailed(network.component.label, "its graph is broken")
        try:
            package.mkdir()
        except OSError as error:
            raise UnwritableOutput(package, str(error)) from error
        (package / "Manifest.json").write_text("{}")
        if network.component in self.stops:
            raise self.stops[network.component]
        (package / "program.txt").write_text(str(network.graph))
