"""The root of the errors, and what hangs on it at once."""


def first_line(error: BaseException) -> str:
    r"""What a foreign exception says, in one line.

    >>> first_line(ValueError("no such layer\nTraceback ..."))
    'no such layer'
    """
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


class CoremlStableDiffusionError(Exception):
    """The root: its text is one line that says what is wrong and how to mend it."""

    def __init__(self, text: str) -> None:
        # What it quotes, such as the name of a broken file's input, may have several lines.
        super().__init__(" ".join(text.splitlines()))


class InvalidRequest(CoremlStableDiffusionError):
    """An option or argument has a value that cannot be met."""

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(f"{option}: {problem}")
        self.option = option
        self.problem = problem
