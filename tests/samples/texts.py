"""Texts in many scripts, drawn from a seed, and some that were picked by hand."""

# ruff: noqa: RUF001 -- letters that look like others are the point
import random
from collections.abc import Iterator

#: First and last character of scripts and of other kinds of characters, all assigned long ago.
_RANGES = (
    *(("a", "z"), ("A", "Z"), ("0", "9"), (" ", "/"), ("\x00", "\x1f"), ("\x7f", "\xa0")),
    *(("À", "ÿ"), ("Ā", "ſ"), ("Α", "Ρ"), ("α", "ω"), ("А", "я"), ("Ա", "Ֆ"), ("א", "ת")),
    *(("ء", "غ"), ("٠", "٩"), ("अ", "ह"), ("ا", "ي"), ("ก", "ฮ"), ("ა", "ჰ"), ("ᄀ", "ᄒ")),
    *(("Ḁ", "ẙ"), ("ἀ", "ἕ"), ("\u2000", "\u200f"), ("₀", "₉"), ("←", "⇿"), ("①", "⓿")),
    *(("、", "〗"), ("ぁ", "ゖ"), ("ァ", "ヺ"), ("一", "龥"), ("가", "힣"), ("！", "～")),
    *(("\u0300", "\u036f"), ("𐌀", "𐌟"), ("𝐀", "𝑔"), ("🌀", "🗿"), ("😀", "🙏"), ("🇦", "🇿")),
    *(("\ue000", "\ue0ff"), ("𠀀", "𠃿"), ("½", "¾"), ("Ⅰ", "ↂ"), ("ﬀ", "ﬆ"), ("\ufe00", "\ufe0f")),
)
_WORDS = (
    *("a", "photo", "of", "an", "astronaut", "8k", "don't", "they'RE", "masterpiece", "(best:1.2)"),
    *(
        "naïve",
        "Straße",
        "İstanbul",
        "ΣΑΣ",
        "日本",
        "서울",
        "👩‍🚀",
        "🏳️‍🌈",
        "e\u0301",
        "ǅ",
        "1/2",
        "3.14",
    ),
    *("<|startoftext|>", "<|endoftext|>", "<|EndOfText|>", "<|", "|>", "&amp;", "<b>", "\ufeff"),
    *("'s", "''ll", "'", "!!!", "...", "\r\n", "\t", "\u2028", "\x85", "\xa0", "_", "__x__", "#1"),
)
BY_HAND = (
    *("", " ", "\n", "\x00", "\ufffd", "a" * 500, "ab" * 5_000, "é" * 3_000, "  a  b  ", "!" * 400),
    *("a photo of an astronaut riding a horse on mars", "it's 1234", "a (((word:1.3)) BREAK b"),
    *("\u202eright to left", "z\u0335a\u0334l\u0321g\u0301o", "ﬁne ﬂour", "Ⅷ ⅷ ② ²", "ÅÅA\u030a"),
    *("日本の山、富士山。", "صورة رجل", "ภาพถ่าย", "तस्वीर", "фотография кота", "👨‍👩‍👧‍👦🇫🇷🧑🏽‍🚒"),
    *("<|startoftext|>a<|endoftext|>", "<|startoftext|><|endoftext|>!!", "I'M WE'LL YOU'VE HE'D"),
)


def generated_texts(count: int, seed: int) -> Iterator[str]:
    """Draw texts of 1 to 20 pieces, every hundredth a hundred times as long."""
    rng = random.Random(seed)  # noqa: S311 -- nothing secret
    for number in range(count):
        pieces = rng.randint(1, 20) * (100 if number % 100 == 0 else 1)
        yield "".join(_piece(rng) for _ in range(pieces))


def _piece(rng: random.Random) -> str:
    match rng.randrange(4):
        case 0:
            return " "
        case 1:
            return rng.choice(_WORDS)
        case _:
            first, last = map(ord, rng.choice(_RANGES))
            return "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, 6)))
