"""Who is signed in: a random token in the browser's cookie, its digest in the database."""

from flask import Response, request

from assetmgr.services.people import SIGN_IN_LASTS, SignIn, token_digest
from assetmgr.store import people
from assetmgr.store.access import Actor
from assetmgr.web.security import cookies_are_secure
from assetmgr.web.service import connection, service

COOKIE = "assetmgr_sign_in"


def signed_in() -> Actor | None:
    """Whoever holds the request's token, with the roles held at this very moment."""
    token = request.cookies.get(COOKIE)
    return people.actor_of_session(connection(), token_digest(token), service().clock()) if token else None


def give_cookie(response: Response, sign_in: SignIn) -> None:
    """Hand the token to the browser."""
    response.set_cookie(
        COOKIE,
        sign_in.token,
        max_age=int(SIGN_IN_LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=cookies_are_secure(request),
    )


def take_cookie(response: Response) -> None:
    """Have the browser forget the token."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=cookies_are_secure(request))
