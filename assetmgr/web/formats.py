"""How numbers, money, dates, coordinates and condition read on a page, by language.

Each takes the value and a language ("sv" or "en") and gives text that does not break inside: the space between the
figures, and between figure and unit, is U+00A0. A value that is not known is an en dash. `register_formats` makes them
filters of the templates, where the language is the reader's.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

if TYPE_CHECKING:
    from flask import Flask

NOT_KNOWN = "–"
SPACE = "\u00a0"
MINUS = "\u2212"
TIME_ZONE = ZoneInfo("Europe/Stockholm")

# British English: day before month, as everywhere else in the product.
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}
_PER_MILLION, _PER_THOUSAND = 1_000_000, 1_000


def number(value: float | None, language: str = "sv", decimals: int | None = None) -> str:
    """1870000 -> 1 870 000. At most two decimals, or just so many as `decimals` says."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern, _LOCALES[language]).replace("-", MINUS)


def quantity(value: float | None, unit: str | None, language: str = "sv") -> str:
    """2.35, "m" -> 2,35 m."""
    shown = number(value, language)
    return shown if shown == NOT_KNOWN or not unit else f"{shown}{SPACE}{unit}"


def percent(fraction: float | None, language: str = "sv") -> str:
    """0.041 -> 4,1 %."""
    shown = number(None if fraction is None else fraction * 100, language, decimals=1)
    if shown == NOT_KNOWN:
        return shown
    return f"{shown}{SPACE}%" if language == "sv" else f"{shown}%"


def money(sek: float | None, language: str = "sv") -> str:
    """1870000 -> 1 870 000 kr, in whole kronor."""
    return _with_currency(number(sek, language, decimals=0), "kr", language)


def money_short(sek: float | None, language: str = "sv") -> str:
    """12400000 -> 12,4 Mkr, 252000 -> 252 tkr; below a thousand as it is."""
    if sek is None or not math.isfinite(sek):
        return NOT_KNOWN
    # The limit is where rounding would write a thousand of the smaller unit.
    if abs(sek) >= _PER_MILLION - _PER_THOUSAND / 2:
        return _with_currency(number(sek / _PER_MILLION, language, decimals=1), "Mkr", language, suffix="m")
    if abs(sek) >= _PER_THOUSAND:
        return _with_currency(number(sek / _PER_THOUSAND, language, decimals=0), "tkr", language, suffix="k")
    return money(sek, language)


def _with_currency(shown: str, unit_sv: str, language: str, suffix: str = "") -> str:
    if shown == NOT_KNOWN:
        return shown
    return f"{shown}{SPACE}{unit_sv}" if language == "sv" else f"SEK{SPACE}{shown}{suffix}"


def year(value: int | None) -> str:
    """2027 -> 2027: a year has no space in it."""
    return NOT_KNOWN if value is None else str(int(value))


def date(value: dt.date | None) -> str:
    """2026-09-14, for tables. A time is shown as the day it falls on in Sweden."""
    return NOT_KNOWN if value is None else _day(value).isoformat()


def date_text(value: dt.date | None, language: str = "sv") -> str:
    """14 sep. 2026, for running text."""
    if value is None:
        return NOT_KNOWN
    return format_date(_day(value), "d MMM y", _LOCALES[language]).replace(" ", SPACE)


def time(value: dt.datetime | None) -> str:
    """2026-09-14 14:02, in Swedish time. A time without a zone is taken as UTC, as the database keeps it."""
    if value is None:
        return NOT_KNOWN
    local = _in_sweden(value)
    return f"{local.date().isoformat()}{SPACE}{format_time(local, 'HH:mm', tzinfo=TIME_ZONE, locale='sv_SE')}"


def _day(value: dt.date) -> dt.date:
    return _in_sweden(value).date() if isinstance(value, dt.datetime) else value


def _in_sweden(value: dt.datetime) -> dt.datetime:
    return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).astimezone(TIME_ZONE)


def coordinate(northing_m: float | None, easting_m: float | None) -> str:
    """6552731, 137412 -> N 6 552 731  E 137 412, in whole metres; the coordinate system stands beside it."""
    if northing_m is None or easting_m is None:
        return NOT_KNOWN
    north, east = (number(metres, "sv", decimals=0) for metres in (northing_m, easting_m))
    return f"N{SPACE}{north} {SPACE}E{SPACE}{east}"


def condition_letter(health: float | None) -> str:
    """The class A-E of a health index 0-100; U where it is not known."""
    from planner.deterioration import CLASS_LIMITS  # brings numpy and scipy, which most pages do without

    if health is None or not math.isfinite(health):
        return "U"
    return next((letter for letter, limit in zip("ABCD", CLASS_LIMITS, strict=True) if health >= limit), "E")


def register_formats(app: Flask) -> None:
    """Make the formats filters of the app's templates, in the reader's language."""
    from flask_babel import get_locale

    def in_readers_language(format_value: Callable[..., str]) -> Callable[..., str]:
        def formatted(*values: Any, **options: Any) -> str:
            locale = get_locale()
            language = locale.language if locale is not None and locale.language in _LOCALES else "sv"
            return format_value(*values, language=language, **options)

        return formatted

    for format_value in (number, quantity, percent, money, money_short, date_text):
        app.add_template_filter(in_readers_language(format_value), format_value.__name__)
    for plain in (year, date, time, coordinate, condition_letter):
        app.add_template_filter(plain, plain.__name__)
