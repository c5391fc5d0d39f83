"""How long the tokenizer takes for a prompt, next to transformers'.

transformers 5 has its tokenizer in Rust; for the one in Python install transformers 4.
"""

import timeit
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from report import arguments, print_table, write
from transformers import CLIPTokenizer

_REPEATS = 200
_LENGTH = 77
_PROMPTS = {
    "10 words": "a photo of an astronaut riding a horse on mars",
    "30 words": (
        "cinematic portrait of an old fisherman, weathered face, dramatic rim lighting, 85mm lens,"
        " shallow depth of field, highly detailed skin texture, kodak portra 400, award winning"
        " photograph, trending on artstation, 8k uhd"
    ),
    "200 Japanese characters": "日本の山" * 50,
    "10,000 letters without a space": "abcdefghij" * 1_000,
}


def main() -> None:
    """Measure the best of many runs, the first of a tokenizer and later ones of the same prompt."""
    parser = arguments("Time the tokenizer.")
    parser.add_argument("folder", type=Path, help="where vocab.json and merges.txt are")
    options = parser.parse_args()
    texts = [(options.folder / name).read_text() for name in ("vocab.json", "merges.txt")]
    vocabulary = parse_vocabulary(*texts)
    known = ClipTokenizer(vocabulary=vocabulary)
    theirs = CLIPTokenizer.from_pretrained(options.folder)
    told = {"padding": "max_length", "truncation": True, "max_length": _LENGTH}

    def first_time(prompt: str) -> None:
        ClipTokenizer(vocabulary=vocabulary).encode(prompt, _LENGTH)

    def later(prompt: str) -> None:
        known.encode(prompt, _LENGTH)

    def transformers(prompt: str) -> None:
        theirs(prompt, **told)

    figures = {
        name: [_milliseconds(partial(each, prompt)) for each in (first_time, later, transformers)]
        for name, prompt in _PROMPTS.items()
    }
    print_table(
        "Milliseconds to tokenize a prompt",
        ["prompt", "the first time", "later", f"transformers {version('transformers')}"],
        [[name, *(f"{each:.3f}" for each in row)] for name, row in figures.items()],
    )
    write(options.json, {"milliseconds": figures})


def _milliseconds(tokenize: Callable[[], object]) -> float:
    tokenize()
    return min(timeit.repeat(tokenize, number=1, repeat=_REPEATS)) * 1e3


if __name__ == "__main__":
    main()
