"""What the functions of operations may take, beside Tensor, int, float, bool and str."""

from collections.abc import Mapping
from typing import TypeVar

from torch import Tensor

Meaning = TypeVar("Meaning")

#: Several tensors, such as what is concatenated.
Tensors = tuple[Tensor, ...]
#: The integers of a rank 1 tensor, such as axes.
Integers = tuple[int, ...]
#: The truth values of a rank 1 tensor, such as masks over axes.
Flags = tuple[bool, ...]


def meaning(argument: str, word: str, meanings: Mapping[str, Meaning]) -> Meaning:
    """What the word that an argument is stands for. Raises ValueError where it is not known."""
    if word not in meanings:
        raise ValueError(f"{argument} {word!r} is not known")
    return meanings[word]
