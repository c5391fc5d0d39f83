"""What the tokenizer files may and may not look like."""

import json

import pytest
from coreml_stable_diffusion.domain.errors import MalformedVocabulary
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary

IDS = json.dumps({"a": 0, "b</w>": 1, "<|startoftext|>": 2, "<|endoftext|>": 3})


def test_merges_rank_in_the_order_of_their_lines() -> None:
    vocabulary = parse_vocabulary(IDS, "#version: 0.2\na b</w>\n# a\n")

    assert vocabulary.ranks == {("a", "b</w>"): 0, ("#", "a"): 1}


def test_a_token_that_is_not_there_is_the_end_token() -> None:
    assert parse_vocabulary(IDS, "").id_of("zebra") == 3


@pytest.mark.parametrize("vocab_json", ["{", "[]", '{"a": "b"}', '{"a": 0}', '{"a": true}'])
def test_a_broken_token_file_is_named(vocab_json: str) -> None:
    with pytest.raises(MalformedVocabulary, match=r"^vocab\.json"):
        parse_vocabulary(vocab_json, "")


def test_a_broken_merge_is_named_by_its_line() -> None:
    with pytest.raises(MalformedVocabulary, match=r"^merges\.txt .* line 2 "):
        parse_vocabulary(IDS, "#version: 0.2\na b c\n")
