"""Which characters the bytes of a text mean. Swedish files come as UTF-8, Windows (cp1252) or old DOS (cp850) text."""

import codecs
from dataclasses import dataclass

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SWEDISH_IN_CP1252 = frozenset("åäöÅÄÖéüÉÜ".encode("cp1252"))
SWEDISH_IN_CP850 = frozenset("åäöÅÄÖéüÉÜ".encode("cp850"))

DBF_LANGUAGES: dict[int, str] = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x13: "cp932",
    0x57: "cp1252",
    0x58: "cp1252",
    0x59: "cp1252",
    0x64: "cp852",
    0x65: "cp866",
    0x66: "cp865",
    0x6A: "cp737",
    0x78: "cp950",
    0x7A: "cp936",
    0x87: "cp852",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCB: "cp1253",
}
"""Language driver byte (offset 29) of a dBASE file to code page, for the values in use in Europe and a few others."""


@dataclass(frozen=True)
class Encoding:
    """A Python codec name, and whether the file said so itself (`declared`) or the bytes made us think so."""

    name: str
    declared: bool


def mark_encoding(head: bytes) -> str | None:
    """The encoding a byte order mark at the start gives, or None without one."""
    return next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), None)


def known_codec(declared: str | None) -> str | None:
    """A code page name as files write it ("UTF-8", "1252", "ANSI 1252", "LDID/87", "ISO 88591") to Python's, or
    None.
    """
    if declared is None:
        return None
    text = declared.strip().lower().replace("_", "-")
    if text.startswith("ldid/"):
        digits = text.removeprefix("ldid/")
        return DBF_LANGUAGES.get(int(digits)) if digits.isdigit() else None
    text = text.removeprefix("ansi").removeprefix("oem").strip()
    if text.startswith("iso") and text.replace("-", "").replace(" ", "").startswith("iso8859"):
        text = "iso8859-" + text.replace("-", "").replace(" ", "").removeprefix("iso8859")
    if text.isdigit():
        text = {"65001": "utf-8", "88591": "iso8859-1"}.get(text, f"cp{text}")
    try:
        return codecs.lookup(text).name
    except LookupError:
        return None


def guess_encoding(text: bytes) -> str | None:
    """The encoding of text that does not say: "utf-8", "cp1252" or "cp850"; None if it is no text in any of them.

    UTF-8 hardly ever fits by chance. Between the two one-byte ones Swedish letters decide: what is "ä" in cp850 is a
    rare quotation mark in cp1252.
    """
    if b"\x00" in text:
        return None
    if decodes(text, "utf-8"):
        return "utf-8"
    high = [byte for byte in range(0x80, 0x100) if byte in text]
    counts = {byte: text.count(byte) for byte in high}
    windows = sum(count for byte, count in counts.items() if byte in SWEDISH_IN_CP1252)
    dos = sum(count for byte, count in counts.items() if byte in SWEDISH_IN_CP850)
    order = ("cp850", "cp1252") if dos > windows else ("cp1252", "cp850")
    return next((name for name in order if decodes(text, name)), None)


def decodes(text: bytes, encoding: str) -> bool:
    """Whether every byte of the text means something in this encoding."""
    try:
        text.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return False
    return True


def text_encoding(text: bytes, declared: str | None = None) -> Encoding | None:
    """The encoding of a whole text: its own mark, then what is declared if it fits, then a guess. None if nothing
    fits.
    """
    marked = mark_encoding(text[:4])
    if marked:
        return Encoding(marked, True) if decodes(text, marked) else None
    codec = known_codec(declared)
    if codec and decodes(text, codec):
        return Encoding(codec, True)
    guessed = guess_encoding(text)
    return Encoding(guessed, False) if guessed else None
