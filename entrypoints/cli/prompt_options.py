"""What the pictures of `coreml-sd generate` show."""

from pathlib import Path
from typing import Annotated

import attrs
import typer

from ...domain.prompt.syntax import PromptSyntax


@attrs.frozen(kw_only=True)
class PromptOptions:
    """What the picture shows, and how that is read."""

    prompt: Annotated[
        str | None,
        typer.Argument(metavar="PROMPT", help="What the picture shows.", show_default=False),
    ] = None
    prompts: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Prompts instead, one a line, each a picture; - is standard input."
        ),
    ] = None
    from_image: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png",
            help="Draw a picture of this program again; what is given beside it is changed.",
        ),
    ] = None
    negative_prompt: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the picture does not show.")
    ] = None
    prompt_syntax: Annotated[
        PromptSyntax,
        typer.Option(
            "--prompt-syntax",
            help="Whether (more:1.3), [less] and BREAK mean in both prompts what they mean to"
            " AUTOMATIC1111's web UI, or are text as to diffusers.",
        ),
    ] = PromptSyntax.PLAIN
    clip_skip: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="How many of the text encoder's last layers to leave out: 0, or 1, which other"
            " programs call 2.",
        ),
    ] = 0
    arrays: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.npz",
            help="Starting noise, encoded texts or both, as latents, prompt_embeds,"
            " negative_prompt_embeds, pooled_prompt_embeds and negative_pooled_prompt_embeds.",
        ),
    ] = None
