"""Texts in the language of the request: `_("Year")`, `ngettext("%(num)d year", "%(num)d years", 3)`."""

from typing import Any

import flask_babel


def _(message: str, **values: Any) -> str:
    """The text in the reader's language, `%(name)s` filled in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The text for one or several, in the reader's language; `%(num)d` is the number."""
    return str(flask_babel.ngettext(singular, plural, num, **values))
