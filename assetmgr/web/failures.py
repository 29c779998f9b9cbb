"""When a page cannot be shown: which status, and which words.

A reader is told the thing, the reason, the remedy and a code; with the code, whoever runs the service finds the
request in the log.
"""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from assetmgr import errors, logs
from assetmgr.i18n import N_
from assetmgr.web.texts import _

STATUS_FOR: dict[type[Exception], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.EditConflict: 409,
    errors.InvalidInput: 422,
    errors.ImportRefused: 422,
    errors.UsageError: 400,
    errors.DatabaseUnusable: 503,
    errors.AssetmgrError: 422,
    OperationalError: 503,
}
"""Class of error to status. The closest class counts; what is not here is a fault of ours, 500."""

RETRY_AFTER_SECONDS = {429: 300, 503: 5}


@dataclass(frozen=True)
class Words:
    """What the reader is told."""

    title: str
    reason: str
    remedy: str


WORDS: dict[int, Words] = {
    400: Words(
        N_("The request could not be understood"),
        N_("The address or the form holds something that is no text."),
        N_("Go back, open the page anew and try again."),
    ),
    403: Words(
        N_("You may not do this"),
        N_("Your role does not have the right to this page."),
        N_("Ask the administrator of the register which role has it."),
    ),
    404: Words(
        N_("The page is not here"),
        N_("There is nothing at this address, or it is not for your role."),
        N_("Check the address, or find what you look for in the register."),
    ),
    405: Words(
        N_("The page cannot be opened this way"),
        N_("The address belongs to a form."),
        N_("Go back to the page with the form and send it from there."),
    ),
    409: Words(
        N_("Somebody saved before you"),
        N_("What you see has been changed since you opened it."),
        N_("Open the page anew, look at what changed and do it again."),
    ),
    413: Words(
        N_("Too much was sent"),
        N_("What was sent is larger than this page takes."),
        N_("Send less, or divide it."),
    ),
    422: Words(
        N_("This cannot be done"),
        N_("Something in what was asked for does not fit together."),
        N_("Go back and change it."),
    ),
    429: Words(
        N_("Too many attempts"),
        N_("The sign-in has been tried too many times in a short while."),
        N_("Wait five minutes and try again."),
    ),
    500: Words(
        N_("The page could not be shown"),
        N_("Something went wrong in the service. Nothing was changed."),
        N_("Try again, or give the code to whoever runs the service."),
    ),
    503: Words(
        N_("The register is busy"),
        N_("The database did not answer in time. Nothing was changed."),
        N_("Wait a moment and try again."),
    ),
}
FORM_TOO_OLD = Words(
    N_("The form is too old"),
    N_("It was opened before you signed in or out, or in another browser. Nothing was changed."),
    N_("Go back, open the page anew and send it again."),
)

log = logs.get(__name__)


def status_of(error: Exception) -> int:
    """The status that answers an error, by its closest class in STATUS_FOR."""
    return next((STATUS_FOR[kind] for kind in type(error).__mro__ if kind in STATUS_FOR), 500)


def page(status: int, words: Words | None = None) -> ResponseReturnValue:
    """The page that tells of a failure."""
    told = words or WORDS.get(status) or WORDS[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    shown = Words(_(told.title), _(told.reason), _(told.remedy))
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS[status])} if status in RETRY_AFTER_SECONDS else {}
    text = render_template("pages/failure.html", status=status, words=shown, code=g.get("request_id", ""))
    return text, status, headers


def register_failures(app: Flask) -> None:
    """Have the app answer every failure with a page."""

    @app.errorhandler(CSRFError)
    def form_too_old(_error: CSRFError) -> ResponseReturnValue:
        return page(400, FORM_TOO_OLD)

    @app.errorhandler(HTTPException)
    def from_http(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
            return error
        return page(error.code)

    @app.errorhandler(Exception)
    def from_code(error: Exception) -> ResponseReturnValue:
        status = status_of(error)
        if isinstance(error, errors.AssetmgrError):
            log.info("refused", code=error.code, status=status)
        else:
            log.error("failed", status=status, exc_info=error)
        return page(status)
