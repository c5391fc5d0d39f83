"""Every rewrite, in the order in which they are applied."""

from collections.abc import Callable

from ..program import Function
from .attention import with_attention
from .einsum_attention import with_einsum_attention
from .float_casts import without_float_casts
from .gated_linear import with_gated_linears
from .group_norm import with_group_norms
from .residual import with_residuals
from .split_attention import with_whole_heads, with_whole_queries

#: Casts come first, since they hide what lies behind them from the other patterns.
REWRITES: tuple[Callable[[Function], Function], ...] = (
    without_float_casts,
    with_group_norms,
    with_attention,
    with_einsum_attention,
    with_whole_queries,
    with_whole_heads,
    with_gated_linears,
    with_residuals,
)
