"""Options that belong together as one value, so that a command's function takes a few of them."""

import inspect
import typing
from collections.abc import Callable, Iterator

import attrs


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Offer the fields of every attrs class among a command's parameters as its own parameters.

    Groups may hold groups. Typer reads what a command offers off its signature. A field's
    annotation is its option.

    >>> @attrs.frozen(kw_only=True)
    ... class Size:
    ...     width: int = 1
    >>> def draw(*, size: Size) -> None:
    ...     print(size)
    >>> grouped(draw)(width=2)
    Size(width=2)
    """
    hints = typing.get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if attrs.has(kind)}

    def ungrouped(**values: object) -> None:
        built = {name: _built(kind, values) for name, kind in groups.items()}
        command(**built, **values)

    ungrouped.__name__, ungrouped.__doc__ = command.__name__, command.__doc__
    parameters = list(_parameters(command, hints))
    vars(ungrouped)["__signature__"] = inspect.Signature(parameters)
    ungrouped.__annotations__ = {each.name: each.annotation for each in parameters}
    return ungrouped


def _built(kind: type[attrs.AttrsInstance], values: dict[str, object]) -> attrs.AttrsInstance:
    """The group, for whose fields the values are taken out."""
    hints = typing.get_type_hints(kind)
    told = dict[str, typing.Any]()
    for field in attrs.fields(kind):
        if attrs.has(hints[field.name]):
            told[field.name] = _built(hints[field.name], values)
        elif field.name in values:
            told[field.name] = values.pop(field.name)
    return kind(**told)


def _parameters(
    command: Callable[..., None], hints: dict[str, typing.Any]
) -> Iterator[inspect.Parameter]:
    for name, parameter in inspect.signature(command).parameters.items():
        if attrs.has(hints[name]):
            yield from _fields(hints[name])
        else:
            yield parameter.replace(annotation=hints[name])


def _fields(kind: type[attrs.AttrsInstance]) -> Iterator[inspect.Parameter]:
    hints = typing.get_type_hints(kind, include_extras=True)
    for field in attrs.fields(kind):
        if attrs.has(hints[field.name]):
            yield from _fields(hints[field.name])
            continue
        default = inspect.Parameter.empty if field.default is attrs.NOTHING else field.default
        yield inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=default,
            annotation=hints[field.name],
        )
