"""Which language a page is in: the reader's choice, else the account's, else the browser's, else Swedish."""

from flask import Blueprint, g, redirect, request
from flask_babel import get_locale
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from assetmgr.i18n import DEFAULT_LANGUAGE, LANGUAGES
from assetmgr.web.access import open_to_all
from assetmgr.web.addresses import own_page
from assetmgr.web.security import ONE_YEAR_SECONDS, cookies_are_secure

COOKIE = "assetmgr_language"
NAMES = {"sv": "Svenska", "en": "English"}

pages = Blueprint("language", __name__)


def chosen() -> str:
    """The language of this request's answer."""
    actor = g.get("actor")
    for wish in (request.cookies.get(COOKIE), actor.language if actor else None):
        if wish in LANGUAGES:
            return str(wish)
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE


def current() -> str:
    """The code of the language that texts are now given in."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else DEFAULT_LANGUAGE


@pages.post("/sprak")
@open_to_all
def switch() -> Response:
    """Remember the reader's choice and go back to the page it was made on."""
    language = request.form.get("language")
    if language not in LANGUAGES:
        raise BadRequest
    response = redirect(own_page(request.form.get("page")) or "/", 303)
    response.set_cookie(
        COOKIE,
        language,
        max_age=ONE_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=cookies_are_secure(request),
    )
    return response
