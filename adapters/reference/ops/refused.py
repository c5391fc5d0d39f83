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
    "Recurrent layers, which are unrolled where PyTorch's are traced step by step": (
        "gru",
        "lstm",
        "rnn",
    ),
    "State that lasts from one prediction to the next": ("read_state",),
    "Random numbers, which Core ML draws from a generator that nobody else knows": (
        "random_bernoulli",
        "random_categorical",
        "random_normal",
        "random_uniform",
    ),
    "Results that nothing but Core ML could confirm": (
        "classify",
        "conv_quantized",
        "crop_resize",
        "non_maximum_suppression",
    ),
}
