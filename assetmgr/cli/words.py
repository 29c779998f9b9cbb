"""The language of the command line. It is chosen before the commands are declared, since their help is made of it."""

import gettext
import os
from collections.abc import Sequence
from gettext import ngettext
from importlib import resources
from typing import Any

from assetmgr.i18n import LANGUAGES, N_, language_of_environment, translator

_chosen = language_of_environment()

CLICK_TEXTS = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("No such option {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("Choose from:\n\t{choices}"),
    N_("deprecated"),
    N_("Aborted!"),
    N_("No such command {name!r}."),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("Show the version and exit."),
    N_("required"),
    N_("default: {default}"),
)
"""What the command-line library itself says; it looks its texts up in our catalogue."""


CLICK_PLURALS = (
    ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1),
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1),
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    ngettext("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}.", 1),
)
"""The same, where it has two forms."""


def choose(arguments: Sequence[str]) -> str:
    """Set the language from `--lang` wherever it stands, else from the locale."""
    global _chosen
    given = None
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            given = arguments[place + 1]
        elif argument.startswith("--lang="):
            given = argument.removeprefix("--lang=")
    _chosen = language_of_environment(given)
    os.environ["LANGUAGE"] = _chosen
    gettext.bindtextdomain("messages", str(resources.files("assetmgr") / "translations"))
    gettext.textdomain("messages")
    return _chosen


def language() -> str:
    """The language that was chosen."""
    return _chosen


def _(message: str, **values: Any) -> str:
    """A text in the chosen language."""
    return translator(_chosen)(message, **values)


__all__ = ["CLICK_PLURALS", "CLICK_TEXTS", "LANGUAGES", "_", "choose", "language"]
