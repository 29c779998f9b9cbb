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
    low = bytearray(random_bytes(8 * count))
    # The variant's two bits, 10, stand before the 62 random ones.
    low[::8] = bytes(byte & 0x3F | 0x80 for byte in low[::8])
    text = low.hex()
    identifiers = []
    for index in range(count):
        time_text = f"{milliseconds + (index >> 12):012x}"
        tail = text[16 * index : 16 * index + 16]
        identifiers.append(f"{time_text[:8]}-{time_text[8:]}-7{index & 0xFFF:03x}-{tail[:4]}-{tail[4:]}")
    return identifiers


def as_uid(text: str) -> str | None:
    """The canonical form of a uid, or None where the text is not one."""
    try:
        return str(uuid.UUID(text.strip()))
    except (ValueError, AttributeError):
        return None
