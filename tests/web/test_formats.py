import datetime as dt
import math

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from assetmgr.web import formats


def spaced(text: str) -> str:
    """The text with its no-break spaces made visible."""
    return text.replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("sek", "swedish", "english"),
    [
        (1_870_000, "1_870_000_kr", "SEK_1,870,000"),
        (0, "0_kr", "SEK_0"),
        (-24_000, "−24_000_kr", "SEK_−24,000"),
        (None, "–", "–"),
        (math.nan, "–", "–"),
    ],
)
def test_money_is_whole_kronor_that_do_not_break(sek, swedish, english):
    assert spaced(formats.money(sek)) == swedish
    assert spaced(formats.money(sek, "en")) == english


@pytest.mark.parametrize(
    ("sek", "swedish", "english"),
    [
        (12_400_000, "12,4_Mkr", "SEK_12.4m"),
        (999_600, "1,0_Mkr", "SEK_1.0m"),
        (252_000, "252_tkr", "SEK_252k"),
        (-310_000, "−310_tkr", "SEK_−310k"),
        (940, "940_kr", "SEK_940"),
        (None, "–", "–"),
    ],
)
def test_short_money_picks_the_unit(sek, swedish, english):
    assert spaced(formats.money_short(sek)) == swedish
    assert spaced(formats.money_short(sek, "en")) == english


def test_numbers_follow_the_language():
    assert spaced(formats.number(-1234.567)) == "−1_234,57"
    assert formats.number(-1234.567, "en") == "−1,234.57"
    assert formats.number(2.5, decimals=0) == "2"
    assert formats.number(math.inf) == "–"


def test_quantity_keeps_figure_and_unit_together():
    assert spaced(formats.quantity(2.35, "m")) == "2,35_m"
    assert formats.quantity(None, "m") == "–"
    assert formats.quantity(3, None) == "3"


def test_percent_follows_the_language():
    assert spaced(formats.percent(0.041)) == "4,1_%"
    assert formats.percent(0.041, "en") == "4.1%"
    assert formats.percent(None) == "–"


def test_year_has_no_space_in_it():
    assert formats.year(2027) == "2027"
    assert formats.year(None) == "–"


def test_dates_are_iso_in_tables_and_words_in_text():
    day = dt.date(2026, 11, 24)
    assert formats.date(day) == "2026-11-24"
    assert spaced(formats.date_text(day)) == "24_nov._2026"
    assert spaced(formats.date_text(day, "en")) == "24_Nov_2026"
    assert formats.date(None) == formats.date_text(None) == "–"


def test_a_time_is_shown_as_it_is_in_sweden():
    late = dt.datetime(2026, 9, 13, 22, 30, tzinfo=dt.UTC)
    assert spaced(formats.time(late)) == "2026-09-14_00:30"
    assert formats.time(late.replace(tzinfo=None)) == formats.time(late)
    assert formats.date(late) == "2026-09-14"


def test_coordinates_are_north_then_east_in_whole_metres():
    assert spaced(formats.coordinate(6552731.4, 137411.6)) == "N_6_552_731 _E_137_412"
    assert formats.coordinate(None, 1.0) == "–"


@pytest.mark.parametrize(
    ("health", "letter"),
    [(100, "A"), (90, "A"), (89.9, "B"), (75, "B"), (50, "C"), (25, "D"), (24.9, "E"), (0, "E"), (None, "U")],
)
def test_condition_letter_of_a_health_index(health, letter):
    assert formats.condition_letter(health) == letter


@given(st.floats(-1e15, 1e15), st.sampled_from(["sv", "en"]))
def test_no_number_breaks_across_lines_or_carries_a_hyphen(value, language):
    for text in (formats.number(value, language), formats.money(value, language), formats.money_short(value, language)):
        assert " " not in text
        assert "-" not in text


@pytest.mark.parametrize(
    ("language", "shown"), [("sv", "1_870_000_kr"), ("en", "SEK_1,870,000"), ("fi", "1_870_000_kr")]
)
def test_filters_speak_the_readers_language(language, shown):
    app = Flask(__name__)
    Babel(app, locale_selector=lambda: language)
    formats.register_formats(app)
    with app.test_request_context():
        assert spaced(render_template_string("{{ 1870000 | money }}")) == shown
