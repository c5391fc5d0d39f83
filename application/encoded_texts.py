"""The texts of a request as a UNet takes them."""

import attrs

from ..domain.conditioning import EncodedText
from ..domain.pipelines.text_encoding import TextEncoding
from ..domain.ports.observing import Observer
from ..domain.prompt.syntax import PromptSyntax
from ..domain.request import GenerationRequest

#: Of a text that was cut off, in characters.
_LONGEST_NOTED = 200


@attrs.frozen(kw_only=True)
class EncodedTexts:
    """One row of text for each prediction, the prompt last, and what of that found no place."""

    rows: tuple[EncodedText, ...]
    cut_prompt: str = ""


@attrs.frozen(kw_only=True)
class TextReading:
    """Reads the texts of a request, in as many chunks as the UNet has room for.

    `zeros_for_none` tells that the model takes zeros where there is no negative prompt.
    """

    encoding: TextEncoding
    observer: Observer = attrs.field(repr=False)
    room: int = 1
    zeros_for_none: bool = False

    def encode(self, request: GenerationRequest, rows: int) -> EncodedTexts:
        """Encode the prompt, and the negative one for all rows but the last.

        What is too long is told. Raises InvalidRequest for a clip skip that is not offered.
        """
        if request.texts is not None:
            prompt, cut = request.texts.prompt, ""
        else:
            prompt, cut = self._read(request, "prompt", request.prompt)
        if rows == 1:
            return EncodedTexts(rows=(prompt,), cut_prompt=cut)
        negative = self._negative(request, prompt)
        return EncodedTexts(rows=(*[negative] * (rows - 1), prompt), cut_prompt=cut)

    def _negative(self, request: GenerationRequest, prompt: EncodedText) -> EncodedText:
        if request.texts is not None and request.texts.negative is not None:
            return request.texts.negative
        if self.zeros_for_none and request.negative_prompt is None:
            return prompt.zeros()
        return self._read(request, "negative prompt", request.negative_prompt or "")[0]

    def _read(self, request: GenerationRequest, title: str, text: str) -> tuple[EncodedText, str]:
        syntax = request.prompt_syntax
        tokens = self.encoding.tokenize(text, syntax, self.room)
        if cut := tokens[0].cut:
            breaks = " (BREAK begins a new part)" if syntax is PromptSyntax.A1111 else ""
            self.observer.note(
                f"The {title} is longer than {tokens[0].fitting} tokens{breaks};"
                f" this was left out: {_shortened(cut)}"
            )
        return self.encoding.encode(tokens, request.clip_skip), cut


def _shortened(text: str) -> str:
    """As much of a text as a note has room for; in a picture's record is the whole prompt."""
    return (
        text if len(text) <= _LONGEST_NOTED else f"{text[:_LONGEST_NOTED].rstrip()} ... and so on"
    )
