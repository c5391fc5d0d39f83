"""A verification as tables to look at."""

from collections.abc import Iterable, Sequence

from ...domain.verification.report import ComponentFidelity, Verification
from .text_table import text_table

_OUTPUTS = ("component", "output", "dB", "picture dB", "cosine", "error")
_LEAVING = ("component", "result", "dB", "weights")


def tables(verification: Verification) -> str:
    """The verification as text, as wide as the terminal."""
    rows = (row for each in verification.components for row in _outputs(each))
    parts = [
        text_table(f"Packages beside {verification.model} in PyTorch", _OUTPUTS, rows),
        text_table("Pictures beside PyTorch's", ("packages", "dB"), _pictures(verification)),
        text_table("Where packages first leave PyTorch", _LEAVING, _departures(verification)),
        text_table(
            "Where float16 first leads away", ("component", "result", "dB"), _doubts(verification)
        ),
    ]
    return "\n".join(filter(None, parts))


def _outputs(component: ComponentFidelity) -> Iterable[Sequence[str]]:
    for output in component.outputs:
        picture = output.picture_psnr_db
        yield (
            component.label,
            output.output,
            f"{output.psnr_db:.1f}",
            "" if picture is None else f"{picture:.1f}",
            f"{output.cosine:.6f}",
            f"{output.largest_error:.2g}",
        )


def _pictures(verification: Verification) -> Iterable[Sequence[str]]:
    yield "all", f"{verification.picture_psnr_db:.1f}"
    for component, psnr_db in verification.swaps.items():
        yield f"only the {component.label}", f"{psnr_db:.1f}"


def _departures(verification: Verification) -> Iterable[Sequence[str]]:
    for each in verification.components:
        if each.departure is not None:
            found = each.departure
            weights = ", ".join(found.weights)
            yield each.label, found.result, f"{found.psnr_db:.1f}", weights


def _doubts(verification: Verification) -> Iterable[Sequence[str]]:
    for each in verification.components:
        if each.divergence is not None:
            found = each.divergence
            yield each.label, found.result, f"{found.psnr_db:.1f}"
