"""Writes docs/reference/python.md from signatures and docstrings; `make docs` runs it."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

_OPENING = """\
# Python

<!-- Written by `make docs` from signatures and docstrings; a test sees that it is up to date. -->

Every function and every error says in its docstring what it raises; each doctest there is run.
"""
#: Pieces that stand alone, by what they are for, as module and name within the package.
_PIECES = {
    "Converting and drawing, with every setting": (
        ("entrypoints.further_arguments", "SizeArguments"),
        ("entrypoints.further_arguments", "FurtherArguments"),
        ("domain.conversion.plan", "ConversionPlan"),
        ("domain.component", "Component"),
        ("domain.request", "GenerationRequest"),
    ),
    "Schedulers": (
        ("domain.schedulers.catalogue", "scheduler_from_config"),
        ("domain.schedulers.run", "Run"),
        ("domain.schedulers.scheduler", "Scheduler"),
        ("domain.pipelines.denoise", "denoise"),
    ),
    "Random sources": (
        ("domain.randomness.catalogue", "random_source"),
        ("domain.randomness.kind", "RandomKind"),
        ("domain.randomness.source", "RandomSource"),
    ),
    "Prompts": (
        ("domain.tokenizer.vocabulary", "parse_vocabulary"),
        ("domain.tokenizer.clip_tokenizer", "ClipTokenizer"),
        ("domain.prompt.weighted_text", "weighted_parts"),
        ("domain.prompt.prompt_tokens", "prompt_tokens"),
    ),
}
_ERRORS = "domain.errors"
_LONGEST_LINE = 96


def manual() -> str:
    """All public names as one Markdown page."""
    package = import_module("..", __package__)
    public = (name for name in package.__all__ if not name.startswith("__"))
    own = [_entry(getattr(package, name)) for name in public]
    sections = ["## coreml_stable_diffusion\n", *own]
    for title, pieces in _PIECES.items():
        sections.append(f"## {title}\n")
        for module, name in pieces:
            sections.append(_entry(getattr(_module(module), name), module))
    page = "\n".join([_OPENING, *sections, _errors()])
    return re.sub(r"\n{3,}", "\n\n", page)


def _module(name: str) -> ModuleType:
    return import_module(f"..{name}", __package__)


def _entry(named: Any, module: str | None = None) -> str:
    """A name with its signature and docstring; of a class its public members, too."""
    [node] = ast.parse(inspect.getsource(named)).body
    if isinstance(node, ast.ClassDef):
        signature = "\n".join(_class_lines(node))
        members = "".join(map(_method, _public_methods(node)))
    elif isinstance(node, ast.FunctionDef):
        signature, members = _signature(node), ""
    else:
        raise TypeError(named)
    origin = f"`from coreml_stable_diffusion.{module} import {named.__name__}`\n\n" * bool(module)
    prose = _prose(ast.get_docstring(node))
    return f"### {named.__name__}\n\n{origin}```py\n{signature}\n```\n\n{prose}\n{members}"


def _class_lines(node: ast.ClassDef) -> Iterator[str]:
    bases = ", ".join(map(_code, node.bases))
    yield f"class {node.name}({bases}):" if bases else f"class {node.name}:"
    for each in node.body:
        match each:
            case ast.AnnAssign(target=ast.Name(id=name)) if not name.startswith("_"):
                yield f"    {name}: {_code(each.annotation)}{_default(each.value)}"
            case ast.Assign(targets=[ast.Name(id=name)]) if not name.startswith("_"):
                yield f"    {name} = {_code(each.value)}"


def _default(value: ast.expr | None) -> str:
    match value:
        case None:
            return ""
        case ast.Call(keywords=keywords):
            told = {each.arg: _code(each.value) for each in keywords}
            called = f"{told['factory']}()" if "factory" in told else None
            return "".join(f" = {each}" for each in (told.get("default", called),) if each)
    return f" = {_code(value)}"


def _public_methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and (
            each.name == "__call__" or not each.name.startswith("_")
        ):
            yield each


def _method(node: ast.FunctionDef) -> str:
    kinds = {_code(each) for each in node.decorator_list}
    if "property" in kinds:
        signature = f"{node.name}: {_code(node.returns) if node.returns else 'Any'}"
    else:
        signature = _signature(node)
    marks = "@classmethod\n" if "classmethod" in kinds else ""
    return f"\n```py\n{marks}{signature}\n```\n\n{_prose(ast.get_docstring(node))}\n"


def _signature(node: ast.FunctionDef) -> str:
    """On one line, or with a line for each argument."""
    result = f" -> {_code(node.returns)}" if node.returns else ""
    line = f"def {node.name}({_code(node.args)}){result}"
    if len(line) <= _LONGEST_LINE:
        return line
    arguments = _arguments(node.args)
    return "\n".join([f"def {node.name}(", *(f"    {each}," for each in arguments), f"){result}"])


def _arguments(arguments: ast.arguments) -> Iterator[str]:
    defaults = [None] * (len(arguments.args) - len(arguments.defaults)) + arguments.defaults
    for each, default in zip(arguments.args, defaults, strict=True):
        yield _code(each) + (f" = {_code(default)}" if default else "")
    if arguments.kwonlyargs:
        yield "*"
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _code(each) + (f" = {_code(default)}" if default else "")
    if arguments.kwarg:
        yield f"**{_code(arguments.kwarg)}"


def _code(node: ast.AST) -> str:
    """The node as its source has it: with double quotes where that is the same."""
    text = ast.unparse(node)
    return text if '"' in text else text.replace("'", '"')


def _prose(docstring: str | None) -> str:
    """The docstring without its examples, which would be run on this page without their names."""
    paragraphs = (docstring or "").split("\n\n")
    return "\n\n".join(each for each in paragraphs if not each.startswith(">>>")) + "\n"


def _errors() -> str:
    tree = (_module(_ERRORS).__doc__ or "").partition("\n\n")[2].strip()
    told = f"All are in `coreml_stable_diffusion.{_ERRORS}`, and their text is one line."
    return f"## Errors\n\n{told}\n\n```\n{tree}\n```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(manual(), encoding="utf-8")
