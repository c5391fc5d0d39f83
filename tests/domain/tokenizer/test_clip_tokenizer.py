"""The tokenizer beside transformers' CLIPTokenizer, on a small and on OpenAI's vocabulary."""

import json
from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from coreml_stable_diffusion.domain.tokenizer.vocabulary import END_OF_TEXT, parse_vocabulary
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from samples.texts import BY_HAND, generated_texts
from transformers import CLIPTokenizer

OPENAI = Path(__file__).parents[4] / "shared" / "data" / "clip"

WORDS = ("a ", "red", " circle", "star ", "don't", "they're", "日本", "café", "##", "'S", "''")
TRAPS = ("Σ", "\x1c", "\u2003", "e\u0301", "<|ENDOFTEXT|>!!", "!<|startoftext|>", "½", "!", "\n")
# Characters that nobody has assigned yet are letters in one Unicode version and not in another.
ASSIGNED = st.characters(exclude_categories=("Cs", "Cn"))
TEXTS = st.lists(ASSIGNED | st.sampled_from(WORDS) | st.sampled_from(TRAPS)).map("".join)
MANY = settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@attrs.frozen
class Pair:
    """Our tokenizer and transformers', with the same vocabulary and padding token."""

    ours: ClipTokenizer
    theirs: CLIPTokenizer

    def agree(self, text: str, length: int = 77) -> bool:
        theirs = self.theirs(text, padding="max_length", truncation=True, max_length=length)
        return list(self.ours.encode(text, length).ids) == list(theirs.input_ids)


def open_pair(folder: Path, padding_token: str = END_OF_TEXT) -> Pair:
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("vocab.json", "merges.txt")]
    return Pair(
        ClipTokenizer(vocabulary=parse_vocabulary(*texts), padding_token=padding_token),
        CLIPTokenizer.from_pretrained(folder, pad_token=padding_token),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vocabulary of all bytes and a few merges, two of which begin with a number sign."""
    codes = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x144)]
    symbols = [chr(code) for code in codes]
    merges = ["r e", "c i", "re d</w>", "ci r", "' t</w>", "Ã ©</w>", "# #</w>", "# !", "cir c"]
    tokens = [*symbols, *(f"{symbol}</w>" for symbol in symbols)]
    tokens += [*(merge.replace(" ", "") for merge in merges), "<|startoftext|>", "<|endoftext|>"]
    folder = tmp_path_factory.mktemp("tokenizer")
    ids = {token: index for index, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    lines = ["#version: 0.2", *merges, ""]
    (folder / "merges.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def small(folder: Path) -> Pair:
    return open_pair(folder)


def required_openai() -> Path:
    if not OPENAI.is_dir():
        pytest.skip("OpenAI's vocabulary is not beside the repository")
    return OPENAI


@pytest.fixture(scope="module")
def openai() -> Pair:
    return open_pair(required_openai())


@MANY
@given(text=TEXTS, length=st.integers(2, 40))
@example(text="<|endoftext|>", length=3)
@example(text="\x85 \x1f ΑΣ İ", length=20)
def test_ids_are_those_of_transformers_with_a_small_vocabulary(
    small: Pair, text: str, length: int
) -> None:
    assert small.agree(text, length)


@MANY
@given(text=TEXTS)
def test_ids_are_those_of_transformers_with_the_vocabulary_of_clip(openai: Pair, text: str) -> None:
    assert openai.agree(text)


@pytest.mark.parametrize("text", ["a cat!", "!! no", "<|endoftext|>!", ""])
def test_an_exclamation_mark_is_its_own_token_where_it_pads(folder: Path, text: str) -> None:
    assert open_pair(folder, "!").agree(text, 12)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (
            "a photo of an astronaut riding a horse on mars",
            (49406, 320, 1125, 539, 550, 18376, 6765, 320, 4558, 525, 7496, 49407),
        ),
        ("it's 1234", (49406, 585, 568, 272, 273, 274, 275, 49407)),
        ("##", (49406, 15483, 49407)),
    ],
)
def test_known_texts_have_their_known_ids(openai: Pair, text: str, ids: tuple[int, ...]) -> None:
    assert openai.ours.encode(text, len(ids)).ids == ids


def test_a_text_that_fits_is_not_cut(small: Pair) -> None:
    assert small.ours.encode("a red circle", 20).cut == ""


def test_a_long_text_keeps_start_and_end_and_tells_what_was_cut(small: Pair) -> None:
    encoded = small.ours.encode("red red RED, a cafe\u0301", 4)

    red = small.ours.vocabulary.id_of("red</w>")
    assert encoded.ids == (
        small.ours.vocabulary.start_id,
        red,
        red,
        small.ours.vocabulary.end_id,
    )
    assert encoded.cut == "red , a café"


@pytest.mark.parametrize(("padding_token", "count"), [(END_OF_TEXT, 20_000), ("!", 2_000)])
def test_thousands_of_texts_have_the_ids_of_transformers(padding_token: str, count: int) -> None:
    """Both tokenizers of Stable Diffusion XL: the second pads with an exclamation mark."""
    pair = open_pair(required_openai(), padding_token)
    texts = [*BY_HAND, *generated_texts(count, seed=len(padding_token))]

    theirs = pair.theirs(texts, padding="max_length", truncation=True, max_length=77).input_ids

    ours = [list(pair.ours.encode(text, 77).ids) for text in texts]
    different = [text for text, one, other in zip(texts, ours, theirs, strict=True) if one != other]
    assert different == []
