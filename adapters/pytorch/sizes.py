"""Which sizes one recording of a UNet or ControlNet can serve."""

from typing import Any

from ...domain.conversion.plan import ConversionPlan
from ...domain.errors import InvalidRequest


def require_sizes(network: Any, plan: ConversionPlan) -> None:
    """Check that every block can halve all sizes, where there are several.

    What is left over where a size is odd goes into the graph, and fits that size alone; so does
    what a ControlNet spreads out that pools. Raises InvalidRequest.
    """
    smallest = 2 ** (len(network.down_blocks) - 1)
    if not plan.further_sizes:
        return
    if network.config.get("global_pool_conditions"):
        problem = "a ControlNet that pools what it gives serves one size; convert it for each"
        raise InvalidRequest("sizes", problem)
    for height, width in plan.sizes:
        if height % smallest or width % smallest:
            raise InvalidRequest(
                "sizes",
                f"{height} x {width} latent pixels cannot be one of several sizes in a package,"
                f" which are multiples of {smallest}; convert it into a folder of its own",
            )
