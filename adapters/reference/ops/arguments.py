"""What the functions of operations may take, beside Tensor, int, float, bool and str."""

from torch import Tensor

#: Several tensors, such as what is concatenated.
Tensors = tuple[Tensor, ...]
#: The integers of a rank 1 tensor, such as axes.
Integers = tuple[int, ...]
#: The truth values of a rank 1 tensor, such as masks over axes.
Flags = tuple[bool, ...]
