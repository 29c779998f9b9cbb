"""Public identifiers: UUIDv7 (RFC 9562), whose time and random bits come from the caller so that a demonstration can be
repeated.
"""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

RandomBytes = Callable[[int], bytes]


def new_uids(count: int, at: datetime, random_bytes: RandomBytes = secrets.token_bytes) -> list[str]:
    """`count` identifiers of one moment, in ascending order, as canonical text.

    The 48 time bits are the milliseconds of `at`; within one call the 12 bits after the version hold the high part of a
    counter's place, so that identifiers made together sort in the order they were made.
    """
    milliseconds = int(at.timestamp() * 1000)
    raw = random_bytes(8 * count)
    identifiers = []
    for index in range(count):
        time_bits = milliseconds + (index >> 12)
        low = int.from_bytes(raw[8 * index : 8 * index + 8], "big") & 0x3FFF_FFFF_FFFF_FFFF
        value = (time_bits << 80) | (0x7 << 76) | ((index & 0xFFF) << 64) | (0x2 << 62) | low
        text = f"{value:032x}"
        identifiers.append(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")
    return identifiers


def as_uid(text: str) -> str | None:
    """The canonical form of a uid, or None where the text is not one."""
    try:
        return str(uuid.UUID(text.strip()))
    except (ValueError, AttributeError):
        return None
