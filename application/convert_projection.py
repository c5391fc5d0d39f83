"""Convert the projection that lets a model understand other languages."""

from pathlib import Path

from ..domain.conversion.plan import ConversionPlan
from ..domain.coreml.deployment_target import DeploymentTarget
from ..domain.ports.compiling import BundleCompiler
from ..domain.ports.converting import NetworkConverter
from ..domain.ports.packages import PackageWriter
from ..domain.ports.projections import ProjectionSource
from ..domain.ports.workspace import Workspace

_NAME = "MultilingualTextEncoderProjection"
# The oldest that has the text encoder whose states are projected.
_PLAN = ConversionPlan(deployment_target=DeploymentTarget.MACOS14)


class ConvertProjection:
    """Makes the package and the bundle that Apple's Swift package looks for."""

    def __init__(
        self,
        *,
        projections: ProjectionSource,
        converter: NetworkConverter,
        writer: PackageWriter,
        compiler: BundleCompiler,
        workspace: Workspace,
    ) -> None:
        self._projections = projections
        self._converter = converter
        self._writer = writer
        self._compiler = compiler
        self._workspace = workspace

    def __call__(self, file: Path, folder: Path) -> tuple[Path, Path]:
        """Write both into the folder and give their paths.

        Raises NotAProjection, ConversionFailed and UnwritableOutput.
        """
        program = self._converter.convert(self._projections.record(file), _PLAN)
        package, bundle = folder / f"{_NAME}.mlpackage", folder / f"{_NAME}.mlmodelc"
        with self._workspace.replacing(package) as partial:
            self._writer.write(program, partial)
        with self._workspace.replacing(bundle) as partial:
            self._compiler.compile(package, partial)
        return package, bundle
