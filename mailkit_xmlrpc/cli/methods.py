"""``methods``: what can be called, and how; and the named arguments of ``call``."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any, Callable, get_type_hints

import click

from ..api.calls import calls
from ..api.campaigns import CampaignSettings
from ..api.catalogue import CATALOGUE, function
from ..api.fields import PersonFields, RecipientFields, suggestion
from ..call import MethodSpec
from .connection import screen_options
from .output import DONE, USAGE, Screen

__all__ = ["methods", "named", "signature"]

_NAMED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_PREFIXES: dict[Any, str] = {inspect.Parameter.VAR_KEYWORD: "**", inspect.Parameter.VAR_POSITIONAL: "*"}
# What stands in the annotation of a function's ** parameter.
_FIELDS = {f"Unpack[{fields.__name__}]": fields for fields in (CampaignSettings, PersonFields, RecipientFields)}


@click.command()
@click.argument("text", default="")
@screen_options
@click.pass_context
def methods(context: click.Context, /, text: str, as_json: bool, verbose: bool) -> None:
    """List Mailkit's methods with their arguments.

    With TEXT, those whose name or purpose has it; of a method that is named in full, everything that is known.
    """
    screen = Screen(as_json=as_json, verbose=verbose)
    if text in CATALOGUE and not as_json:
        screen.page(_everything(CATALOGUE[text]))
        context.exit(DONE)
    found = [spec for spec in CATALOGUE.values() if text.lower() in f"{spec.name} {_summary(spec)}".lower()]
    if as_json:
        screen.json([_row(spec) for spec in found])
    elif found:
        screen.table(["method", "arguments", "what it does"], [list(_row(spec).values())[:3] for spec in found])
    if not found:
        screen.problem(f"no method has {text!r} in its name or purpose")
    context.exit(DONE if found else USAGE)


def named(method: str, texts: tuple[str, ...]) -> dict[str, Any] | None:
    """The arguments given as NAME=VALUE, if all are; None if none is. Raises click.UsageError.

    A value is JSON where it reads as that, and text otherwise.
    """
    matches = [_NAMED.fullmatch(text) for text in texts]
    if not any(matches):
        return None
    if not all(matches):
        raise click.UsageError("parameters are given either as JSON, in their order, or all as NAME=VALUE")
    if method not in CATALOGUE:
        raise click.UsageError(
            f"NAME=VALUE is for Mailkit's methods, and {method!r} is none; {suggestion(method, CATALOGUE)}"
        )
    arguments: dict[str, Any] = {}
    for match in filter(None, matches):
        if match[1] in arguments:
            raise click.UsageError(f"{match[1]!r} is given twice")
        arguments[match[1]] = _value(match[2])
    if "custom" in arguments and isinstance(arguments["custom"], dict):
        arguments["custom"] = {int(key) if key.isdigit() else key: each for key, each in arguments["custom"].items()}
    _check(method, arguments)
    return arguments


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _check(method: str, arguments: dict[str, Any]) -> None:
    """Refuse what the function would raise a TypeError for, in the words of the command line."""
    target = _function(method)
    known = _names(target)
    for name in arguments:
        if name not in known:
            raise click.UsageError(f"{method} has no argument {name!r}; {suggestion(name, known)}")
    try:
        inspect.signature(target).bind(**arguments)
    except TypeError as error:
        raise click.UsageError(f"{method}{signature(target)}: {error}") from None


def signature(target: Callable[..., Any]) -> str:
    """The arguments of a method's function, without types: those that may be left out have their defaults."""
    parts: list[str] = []
    keyword_only = False
    for parameter in inspect.signature(target).parameters.values():
        if parameter.name == "timeout":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            parts.append("*")
        prefix = _PREFIXES.get(parameter.kind, "")
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        parts.append(f"{prefix}{parameter.name}{default}")
    return f"({', '.join(parts)})"


def _names(target: Callable[..., Any]) -> list[str]:
    """The names of all arguments, those behind ** included."""
    names: list[str] = []
    for parameter in inspect.signature(target).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            names += get_type_hints(_FIELDS[str(parameter.annotation)])
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            names.append(parameter.name)
    return names


def _function(method: str) -> Callable[..., Any]:
    return function(calls, method)


def _summary(spec: MethodSpec[Any]) -> str:
    """The first sentence of the function's docstring."""
    paragraph = " ".join((_document(spec)).partition("\n\n")[0].split())
    return re.split(r"(?<=[.;])\s", paragraph, maxsplit=1)[0].rstrip(".;")


def _document(spec: MethodSpec[Any]) -> str:
    target = _function(spec.name)
    return inspect.getdoc(target if inspect.ismethod(target) else type(target).__call__) or ""


def _row(spec: MethodSpec[Any]) -> dict[str, Any]:
    return {
        "method": spec.name,
        "arguments": signature(_function(spec.name)),
        "summary": _summary(spec),
        "reads": spec.reads,
        "certainty": str(spec.doc.certainty),
        "page": spec.doc.page,
    }


def _everything(spec: MethodSpec[Any]) -> str:
    target = _function(spec.name)
    kind = "It only reads." if spec.reads else "It changes something: never sent again when in doubt."
    return f"{spec.name}{signature(target)}\n\n{_document(spec)}\n\n{kind} It is {spec.doc.certainty}.\n"
