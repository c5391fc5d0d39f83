"""Which variant of a model suits a machine."""

from collections.abc import Iterable

import attrs

from ..coreml.compute_unit import ComputeUnit
from ..errors import InvalidRequest
from .variant import Kind, Variant

#: From so many fast cores on a Mac's GPU is the better place, as the Hugging Face Swift app judges.
_MANY_CORES = 8


@attrs.frozen(kw_only=True)
class Machine:
    """What bears on the choice: whether Core ML runs the networks, where, and the fast cores."""

    has_core_ml: bool
    compute_unit: ComputeUnit = ComputeUnit.ALL
    performance_cores: int = 0

    @property
    def prefers_split_einsum(self) -> bool:
        """Whether the Neural Engine is to run the UNet."""
        if not self.has_core_ml or self.compute_unit in _WITHOUT_NEURAL_ENGINE:
            return False
        if self.compute_unit is ComputeUnit.CPU_AND_NE:
            return True
        return self.performance_cores < _MANY_CORES


_WITHOUT_NEURAL_ENGINE = (ComputeUnit.CPU_AND_GPU, ComputeUnit.CPU_ONLY)


def matching(variants: Iterable[Variant], wanted: str | None, kind: Kind | None) -> list[Variant]:
    """Those that the user's words allow: an attention or a whole name, and a kind.

    Raises InvalidRequest where none does.
    """
    there = list(variants)
    found = [
        each
        for each in there
        if (wanted is None or wanted in (each.attention, each.name))
        and (kind is None or each.kind is kind)
    ]
    if not found:
        names = ", ".join(each.name for each in there)
        asked = wanted or (kind.value if kind else "")
        raise InvalidRequest("--variant", f"there is no {asked}; the repository has: {names}")
    return found


def best(variants: Iterable[Variant], machine: Machine) -> Variant:
    """The variant to take where nobody says which.

    One that has its tokenizer, then attention as the processor likes it, bundles for Core ML, which
    loads them without compiling, and packages for the reference runtime; folders before zips.
    Raises ValueError where there is none.
    """

    def unfitness(variant: Variant) -> tuple[bool, int, bool, bool]:
        order = _NEURAL_ENGINE if machine.prefers_split_einsum else _GPU
        liked = Kind.COMPILED if machine.has_core_ml else Kind.PACKAGES
        return (
            not variant.has_tokenizer,
            order.index(variant.attention),
            variant.kind is not liked,
            variant.is_zip,
        )

    return min(variants, key=unfitness)


_NEURAL_ENGINE = ("split_einsum_v2", "split_einsum", None, "original")
_GPU = ("original", None, "split_einsum", "split_einsum_v2")
