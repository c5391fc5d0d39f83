"""What the functions of operations may take, beside int, float, bool and str."""

from openvino import Output

__all__ = ["Flags", "Integers", "Output", "Outputs"]

#: Several results of operations, such as what is concatenated.
Outputs = tuple[Output, ...]
#: The integers of a rank 1 constant, such as axes.
Integers = tuple[int, ...]
#: The truth values of a rank 1 constant, such as masks over axes.
Flags = tuple[bool, ...]


class Refusal(Exception):  # noqa: N818 - named after what happens, as the domain's errors
    """An operation with arguments that OpenVINO does not compute rightly; its text names them."""


def rank(x: Output) -> int:
    """The number of axes, which programs always tell."""
    axes: int = x.get_partial_shape().rank.get_length()
    return axes


def is_real(x: Output) -> bool:
    """Whether elements are floats."""
    real: bool = x.get_element_type().is_real()
    return real
