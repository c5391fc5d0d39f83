"""The two dialects of MIL text; a bundle's specification version alone decides between them."""

import attrs


@attrs.frozen
class Dialect:
    """How a program is spelled: the version in its first line, and scalars with or without rank."""

    version: str
    bare_scalars: bool


OLD = Dialect("1.0", bare_scalars=False)
NEW = Dialect("1.3", bare_scalars=True)
BY_SPECIFICATION = {6: OLD, 7: OLD, 8: OLD, 9: NEW}

#: The operation sets of packages by the names that text gives them.
OPERATION_SETS = {"CoreML5": "ios15", "CoreML6": "ios16", "CoreML7": "ios17", "CoreML8": "ios18"}

#: The attribute that tells a function's ranges of shapes; only in it lists have square brackets.
FLEXIBLE_SHAPES = "FlexibleShapeInformation"

#: What stands behind a backslash in strings, by what it means.
ESCAPES = {'"': '"', "\\": "\\", "\n": "n"}


def dialect_of(specification_version: int) -> Dialect:
    """The dialect of a specification version.

    Raises ValueError where the version's dialect is not known.

    >>> dialect_of(8).version
    '1.0'
    """
    if specification_version not in BY_SPECIFICATION:
        known = ", ".join(map(str, BY_SPECIFICATION))
        raise ValueError(
            f"the MIL text of specification version {specification_version} is not known,"
            f" only that of {known}"
        )
    return BY_SPECIFICATION[specification_version]
