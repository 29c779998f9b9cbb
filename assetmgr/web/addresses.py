"""Words as they stand in addresses: Swedish, lower case, ASCII."""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

_PLAIN_LETTERS = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e", "ü": "u", "æ": "a", "ø": "o"})


def slug(text: str) -> str:
    """Väsentlig åtgärd 3 -> vasentlig-atgard-3."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold().translate(_PLAIN_LETTERS)).strip("-")


def municipality_names(municipalities: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Code -> name in addresses: Botkyrka -> botkyrka. Where two are alike (Habo, Håbo) the code follows."""
    plain = {code: slug(name) or code for code, name in municipalities}
    taken = Counter(plain.values())
    return {code: name if taken[name] == 1 else f"{name}-{code}" for code, name in plain.items()}


def own_page(address: str | None) -> str | None:
    """The address if it is a page of this service, else None: nobody is sent on to another site."""
    if not address or not address.startswith("/") or "\\" in address or not address.isprintable():
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or address.startswith("//"):
        return None
    return address
