"""The operations of coremltools 9 that the runtime refuses, and why."""

from collections.abc import Mapping

REFUSED: Mapping[str, tuple[str, ...]] = {
    "Control flow and lists, which feed-forward networks do without": (
        "cond",
        "list_gather",
        "list_length",
        "list_read",
        "list_scatter",
        "list_write",
        "make_list",
        "while_loop",
    ),
    "State that lasts from one prediction to the next": ("read_state",),
    "Random numbers, which Core ML draws from a generator that nobody else knows": (
        "random_bernoulli",
        "random_categorical",
        "random_normal",
        "random_uniform",
    ),
    "Labels and dictionaries, which are no tensors": ("classify",),
}
