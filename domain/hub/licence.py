"""Which licences let converted weights be published.

Names are those of the Hub's model cards. Nothing here is legal advice: an unknown licence is left
to the user, who has to say so.
"""

import re

# They allow derivatives and their distribution, some of them under conditions that carry over.
_PERMITTING = re.compile(
    r"(creativeml-|bigscience-)?openrail(-m|\+\+)?|bigscience-bloom-rail-1\.0|apache-2\.0|mit|"
    r"bsd(-\d-clause)?|cc0-1\.0|cc-by(-nc)?(-sa)?-\d\.\d|unlicense|afl-3\.0|(l|a)?gpl-\d\.\d|"
    r"wtfpl|artistic-2\.0"
)
_WITHOUT_DERIVATIVES = re.compile(r"cc-by(-nc)?-nd-\d\.\d")


def objection(licence: str | None) -> str | None:
    """Say why a converted model may not be published under a licence; None where it may.

    >>> objection("creativeml-openrail-m")
    >>> objection("cc-by-nc-nd-4.0")
    'its licence, cc-by-nc-nd-4.0, forbids changed copies, and a conversion is one'
    """
    if licence is None:
        return "nothing tells its licence"
    name = licence.lower()
    if _WITHOUT_DERIVATIVES.fullmatch(name):
        return f"its licence, {licence}, forbids changed copies, and a conversion is one"
    if not _PERMITTING.fullmatch(name):
        return f"its licence, {licence}, is not known to allow it"
    return None
