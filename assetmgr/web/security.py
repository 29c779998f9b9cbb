"""What every answer carries, which requests are not even looked at, and when a cookie may travel."""

import ipaddress
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.exceptions import BadRequest

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
ONE_YEAR_SECONDS = 31_536_000


def set_headers(response: Response) -> Response:
    """The same protection on every answer, whatever made it."""
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR_SECONDS}"
    if request.endpoint == "static" and response.status_code in (200, 304):
        # A bundle's address holds a digest of it; what it refers to in its turn (fonts) is asked for again each day.
        lasting = "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=86400"
        headers["Cache-Control"] = lasting
    else:
        headers["Cache-Control"] = "no-store"
    return response


def refuse_junk() -> None:
    """Answer 400 to an address or a form that is no UTF-8, or holds a null, before anything reads it."""
    path = request.environ.get("PATH_INFO", "").encode("latin-1", "replace")
    query = unquote_to_bytes(request.environ.get("QUERY_STRING", "").encode("latin-1", "replace").replace(b"+", b" "))
    for raw in (path, query):
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadRequest from error
        if "\x00" in text:
            raise BadRequest
    if request.method == "POST" and any("\x00" in value for value in request.form.values()):
        raise BadRequest


def is_loopback(host: str) -> bool:
    """Whether the host of an address, with or without port, is this machine itself."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def cookies_are_secure(asked: Request) -> bool:
    """Cookies travel by https only, except on the machine itself, where there is no way between."""
    return asked.is_secure or not is_loopback(asked.host)


class FormSession(SecureCookieSessionInterface):
    """The signed cookie that holds a form's token; it follows the same rule as the sign-in's."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return cookies_are_secure(request)
