"""Converting from Python."""

from pathlib import Path

from ..domain.additions import NOTHING, Additions
from ..domain.conversion.plan import ConversionPlan
from ..domain.pipeline_manifest import PipelineManifest
from .argument_names import naming_arguments
from .container import Container
from .settings import Settings


@naming_arguments()
def convert(
    model: str | Path,
    destination: str | Path,
    plan: ConversionPlan | None = None,
    *,
    revision: str | None = None,
    additions: Additions = NOTHING,
    allow_pickle: bool = False,
    quiet: bool = False,
) -> PipelineManifest:
    """Convert a checkpoint (a folder or file, an id on the Hub, "pocket") to packages.

    ControlNets, a refiner, a VAE and LoRAs go with it as `additions`; weights in pickles are read
    with `allow_pickle` alone. Packages that are in `destination` and would become the same are
    kept. Raises CheckpointError, ConversionFailed and UnwritableOutput.
    """
    settings = Settings.from_environment(allow_pickle=allow_pickle, quiet=quiet)
    container = Container(settings=settings)
    return container.convert()(
        str(model), Path(destination), plan or ConversionPlan(), revision, additions
    )
