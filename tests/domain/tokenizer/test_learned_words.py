"""Words that textual inversion added stand for their tokens wherever they are."""

from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from coreml_stable_diffusion.domain.tokenizer.vocabulary import Vocabulary

COMMON = {"a": 0, "a</w>": 1, "b": 2, "b</w>": 3, "ab</w>": 4}
SPECIAL = {"<|startoftext|>": 5, "<|endoftext|>": 6}
LEARNED = {"<Cat>": 7, "<Cat>_1": 8, "<Cat>_2": 9, "style_7": 10}
RANKS = {("a", "b</w>"): 0}


def vocabulary(**more: int) -> Vocabulary:
    return Vocabulary(ids=COMMON | SPECIAL | more, ranks=RANKS)


def test_what_merges_make_was_not_learned() -> None:
    assert vocabulary().learned == {}


def test_several_vectors_belong_to_one_word_and_a_number_may_end_another() -> None:
    assert vocabulary(**LEARNED).learned == {
        "<Cat>": ("<Cat>", "<Cat>_1", "<Cat>_2"),
        "style_7": ("style_7",),
    }


def test_a_learned_word_is_found_without_regard_to_case_and_neighbours() -> None:
    tokenizer = ClipTokenizer(vocabulary=vocabulary(**LEARNED))

    assert tokenizer.encode("ab<cat>b STYLE_7", 10).ids == (5, 4, 7, 8, 9, 3, 10, 6, 6, 6)
