"""Pictures of several requests that are one piece of work to whoever waits for them."""

import itertools
from collections.abc import Iterator

import attrs


@attrs.frozen(kw_only=True)
class Series:
    """So many pictures, and how many of them there are before those of one request."""

    count: int
    before: int = 0

    def titles(self) -> Iterator[str]:
        """What a request's pictures are called, one after another.

        >>> next(Series(count=4, before=2).titles())
        'Picture 3 of 4'
        """
        for number in itertools.count(self.before + 1):
            yield f"Picture {number} of {self.count}"
