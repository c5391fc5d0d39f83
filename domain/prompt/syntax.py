"""Which characters of a prompt are more than text."""

import enum


class PromptSyntax(enum.Enum):
    """None of them, as in diffusers, or the brackets of AUTOMATIC1111's web UI."""

    PLAIN = "plain"
    A1111 = "a1111"
