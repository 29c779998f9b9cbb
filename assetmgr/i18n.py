"""Words in the reader's language: Swedish first, English beside it.

Message ids are English; the Swedish catalogue holds the translations. `N_` marks a text that is translated later.
"""

import gettext
import os
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("sv", "en")
DEFAULT_LANGUAGE = "sv"

Translate = Callable[..., str]


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Mark a text for translation where it is declared, not where it is shown."""
    return message


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = resources.files("assetmgr") / "translations"
    return gettext.translation("messages", str(folder), [language], fallback=True)


def translator(language: str) -> Translate:
    """A function from an English text and its values to the text in this language, `%(name)s` filled in."""
    catalogue = _catalogue(language if language in LANGUAGES else DEFAULT_LANGUAGE)

    def translate(message: str, **values: Any) -> str:
        text = catalogue.gettext(message)
        return text % values if values else text

    return translate


def language_of_environment(given: str | None = None) -> str:
    """What was asked for, else English where the locale is English, else Swedish."""
    if given in LANGUAGES:
        return str(given)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "en" if value.lower().startswith("en") else DEFAULT_LANGUAGE
    return DEFAULT_LANGUAGE
