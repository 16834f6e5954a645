"""``methods``, the list of Mailkit's methods, and the named arguments of ``call``."""

from __future__ import annotations

import inspect
import re
from json import JSONDecodeError
from typing import Any, Callable

import click

from ..api.calls import calls
from ..api.campaigns import CampaignSettings
from ..api.catalogue import CATALOGUE, function
from ..api.fields import PersonFields, RecipientFields, suggestion
from ..call import MethodSpec
from .completion import method_names
from .connection import table_options
from .inputs import parse_json, whole
from .output import DONE, USAGE, Screen

__all__ = ["methods", "named_arguments", "signature"]

# A narrow terminal does not show the last one.
_COLUMNS = ("method", "what it does", "arguments")
_NAMED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_PREFIXES: dict[Any, str] = {inspect.Parameter.VAR_KEYWORD: "**", inspect.Parameter.VAR_POSITIONAL: "*"}
# The fields behind a ** parameter, by its annotation.
_FIELDS = {f"Unpack[{fields.__name__}]": fields for fields in (CampaignSettings, PersonFields, RecipientFields)}


@click.command()
@click.argument("text", default="", shell_complete=method_names)
@table_options
@click.pass_context
def methods(context: click.Context, /, text: str, as_json: bool, verbose: bool, wide: bool) -> None:
    """List Mailkit's methods with their arguments.

    With TEXT, list the methods whose name or summary contains it. If TEXT is the full name of a method, print its
    documentation.
    """
    screen = Screen(as_json=as_json, verbose=verbose, wide=wide)
    if text in CATALOGUE and not as_json:
        screen.page(_full_description(CATALOGUE[text]))
        context.exit(DONE)
    found = [spec for spec in CATALOGUE.values() if text.lower() in f"{spec.name} {_summary(spec)}".lower()]
    if as_json:
        screen.json([_row(spec) for spec in found])
    elif found:
        screen.table(_COLUMNS, [[row["method"], row["summary"], row["arguments"]] for row in map(_row, found)])
    if not found:
        screen.problem(f"no method has {text!r} in its name or summary")
    context.exit(DONE if found else USAGE)


def named_arguments(method: str, texts: tuple[str, ...]) -> dict[str, Any] | None:
    """Parse arguments given as NAME=VALUE; None if all of them are positional. Raises click.UsageError.

    A value is JSON if it is valid JSON, and text otherwise.
    """
    matches = [_NAMED.fullmatch(text) for text in texts]
    if not any(matches):
        return None
    if not all(matches):
        raise click.UsageError("parameters must be given either all as JSON or all as NAME=VALUE")
    if method not in CATALOGUE:
        raise click.UsageError(
            f"NAME=VALUE needs one of Mailkit's methods, and {method!r} is not one; {suggestion(method, CATALOGUE)}"
        )
    arguments: dict[str, Any] = {}
    for match in filter(None, matches):
        if match[1] in arguments:
            raise click.UsageError(f"{match[1]!r} is given twice")
        arguments[match[1]] = _value(match[1], match[2])
    if "custom" in arguments and isinstance(arguments["custom"], dict):
        numbers = ((whole(key), key, each) for key, each in arguments["custom"].items())
        arguments["custom"] = {key if number is None else number: each for number, key, each in numbers}
    _check(method, arguments)
    return arguments


def _value(name: str, text: str) -> Any:
    try:
        return parse_json(text)
    except JSONDecodeError:
        return text
    except ValueError as error:
        raise click.UsageError(f"the value of {name} is not JSON ({error})") from error


def _check(method: str, arguments: dict[str, Any]) -> None:
    """Check arguments against the signature of the method. Raises click.UsageError."""
    target = _function(method)
    known = _argument_names(target)
    for name in arguments:
        if name not in known:
            raise click.UsageError(f"{method} has no argument {name!r}; {suggestion(name, known)}")
    try:
        inspect.signature(target).bind(**arguments)
    except TypeError as error:
        raise click.UsageError(f"{method}{signature(target)}: {error}") from None


def signature(target: Callable[..., Any]) -> str:
    """The parameters of a method with their defaults, without types."""
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


def _argument_names(target: Callable[..., Any]) -> list[str]:
    """The names of all arguments but the timeout, which is an option. Includes the fields behind **."""
    names: list[str] = []
    for parameter in inspect.signature(target).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            names += _FIELDS[str(parameter.annotation)].__annotations__
        elif parameter.kind is not parameter.VAR_POSITIONAL and parameter.name != "timeout":
            names.append(parameter.name)
    return names


def _function(method: str) -> Callable[..., Any]:
    return function(calls, method)


def _summary(spec: MethodSpec[Any]) -> str:
    """The first sentence of the function's docstring."""
    paragraph = " ".join((_docstring(spec)).partition("\n\n")[0].split())
    return re.split(r"(?<=[.;])\s", paragraph, maxsplit=1)[0].rstrip(".;")


def _docstring(spec: MethodSpec[Any]) -> str:
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


def _full_description(spec: MethodSpec[Any]) -> str:
    target = _function(spec.name)
    kind = "It only reads." if spec.reads else "It changes data: a call in doubt is not sent again."
    names = _argument_names(target)
    named = f"Arguments: {', '.join(names)}.\n\n" if names else ""
    return f"{spec.name}{signature(target)}\n\n{_docstring(spec)}\n\n{named}{kind} It is {spec.doc.certainty}.\n"
