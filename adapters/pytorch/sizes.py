"""Which sizes one recording of a UNet or ControlNet can serve, by its configuration alone."""

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.conversion.plan import AttentionImplementation, ConversionPlan, LatentSize
from ...domain.errors import InvalidRequest
from ...domain.model_facts import Config
from .config_file import read_config
from .weight_files import find_weight_files

#: The networks that attend to texts; `attention.py` says how.
DENOISERS = (
    Component.UNET,
    Component.CONTROL_UNET,
    Component.REFINER,
    Component.CONTROLNET,
)
#: How many places SPLIT_EINSUM_V2 attends from at a time.
QUERIES_AT_ONCE = 512


def require_recordable(checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> None:
    """Refuse by a file what `record` would refuse after minutes.

    Raises InvalidRequest, MissingComponent, and NotACheckpoint.
    """
    folder = find_weight_files(checkpoint, component).folder
    config = read_config(folder, "config.json", checkpoint.model).values
    # Where the file leaves them out, only the network knows them.
    if "down_block_types" in config:
        require_sizes(config, plan)
        if plan.attention is AttentionImplementation.SPLIT_EINSUM_V2:
            require_queries(config, plan.latent_size(checkpoint))


def require_sizes(config: Config, plan: ConversionPlan) -> None:
    """Check that every block can halve all sizes, where there are several.

    What is left over where a size is odd goes into the graph, and fits that size alone; so does
    what a ControlNet spreads out that pools. Raises InvalidRequest.
    """
    smallest = 2 ** (len(config["down_block_types"]) - 1)
    if not plan.further_sizes:
        return
    if config.get("global_pool_conditions"):
        problem = "a ControlNet that pools what it gives serves one size; convert it for each"
        raise InvalidRequest("--size", problem)
    for height, width in plan.sizes:
        if height % smallest or width % smallest:
            raise InvalidRequest(
                "--size",
                f"{height} x {width} latent pixels cannot be one of several sizes in a package,"
                f" which are multiples of {smallest}; convert it into a folder of its own",
            )


def require_queries(config: Config, latent_size: LatentSize) -> None:
    """Refuse sizes that are too small for SPLIT_EINSUM_V2.

    Attention is largest in the first block that has it; each block halves both sizes.
    """
    attending = ["CrossAttn" in block for block in config["down_block_types"]]
    halvings = [*attending[:-1], True].index(True)
    height, width = (-(-size // 2**halvings) for size in latent_size)
    if height * width < QUERIES_AT_ONCE:
        raise InvalidRequest(
            "--attention-implementation",
            f"SPLIT_EINSUM_V2 attends in chunks of {QUERIES_AT_ONCE} places, and this model's"
            f" largest attention has {height} x {width}; take SPLIT_EINSUM",
        )
