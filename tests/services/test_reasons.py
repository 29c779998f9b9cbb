"""Why a row stands in a plan, in the reader's words."""

import re
from typing import Any

import pytest

from assetmgr.services.reasons import consequence, reason, rough_money


def need(**facts: Any) -> dict[str, Any]:
    """A planned renewal as a plan keeps it."""
    return {
        "treatment": "renovate_reservoir",
        "row_class": "need",
        "fund": "tax",
        "year": 2028,
        "explanation": {
            "health_now": 75.0,
            "health_source": "inspected",
            "inspected_on": "2021-04-26",
            "native_scale": "1-5-best-1",
            "native_grade": "2",
            "health": 40.0,
            "failure_probability": 0.0858,
            "failure_cost_sek": 12_000_000,
            "waiting_cost_sek": 538_640,
            "benefit_sek": 5_631_297,
            "decided_by": "benefit",
            **facts,
        },
    }


def check(year: int, **facts: Any) -> dict[str, Any]:
    explanation = {"decided_by": "fixed", "count": 1, **facts}
    return {
        "treatment": "ovk_balanced",
        "row_class": "statutory",
        "fund": "tax",
        "year": year,
        "explanation": explanation,
    }


def test_a_scale_is_named_in_words_and_not_by_its_code():
    assert "som grad 2 på skalan 1-5, 1 är bäst;" in reason(need(), "sv")


def test_expected_costs_are_said_as_roughly_as_they_are_known():
    assert "i snitt kostar omkring 1\u00a0000\u00a0000\u00a0kr det året" in reason(need(), "sv")
    assert "Att vänta ett år kostar omkring 540\u00a0000\u00a0kr;" in reason(need(), "sv")
    assert "cost about SEK\u00a05,600,000 in present value" in consequence(need(), "en")


@pytest.mark.parametrize(
    ("sek", "words"),
    [(0, "0 kr"), (7, "7 kr"), (672, "670 kr"), (9_960, "10 000 kr"), (-4_713, "−4 700 kr"), (0.4, "0 kr")],
)
def test_rough_money_has_two_figures(sek: float, words: str):
    assert rough_money(sek, "sv") == words.replace(" ", "\u00a0")


def test_the_consequence_names_the_forecast_condition_and_its_year():
    """The condition on record is good; the one forecast for the year is not, and both are said as what they are."""
    assert reason(need(), "sv").startswith("Skick B, gott (index 75), besiktat 2021-04-26")
    assert consequence(need(), "sv").endswith("Skicket väntas år 2028 vara D, dåligt, och fortsätter sedan att falla.")
    assert "Skicket väntas" not in consequence(need(health=None), "sv")


@pytest.mark.parametrize("decided_by", ["no_room", "budget"])
def test_a_purse_is_called_by_its_name_within_a_sentence(decided_by: str):
    assert "skattekollektivets budget" in reason(need(decided_by=decided_by), "sv")
    assert "the tax-funded budget" in reason(need(decided_by=decided_by), "en")


def test_another_treatment_is_named_within_the_sentence_without_a_capital():
    other = {"runner_up_treatment": "replace_water_main", "runner_up_year": 2027, "runner_up_benefit_sek": 9_000_000}
    words = reason(need(decided_by="budget", **other), "sv")
    assert re.search(r"; [a-zåäö][^;]+ 2027 skulle göra mer nytta, men de pengarna", words)


def test_a_check_says_why_it_falls_due_in_a_later_year_too():
    first, later = (check(year, last_approved_on="2024-12-26") for year in (2027, 2033))
    assert "ska göras inom 3 år från den senast godkända, som gjordes 2024-12-26." in reason(first, "sv")
    assert reason(first, "sv").endswith("Den förfaller 2027, och planen får inte flytta den.")
    assert "med högst 3 år mellan gångerna och förfaller därför även 2033" in reason(later, "sv")


def test_a_check_that_was_never_done_says_so():
    assert "ingen godkänd finns registrerad" in reason(check(2027), "sv")


def test_an_interval_of_odd_months_is_said_in_months(monkeypatch: pytest.MonkeyPatch):
    from dataclasses import replace

    from assetmgr.services import reasons

    shorter = replace(reasons.CHECKS["ovk_balanced"], interval_months=18)
    monkeypatch.setattr(reasons, "CHECKS", {**reasons.CHECKS, "ovk_balanced": shorter})
    assert "inom 18 månader" in reason(check(2027, last_approved_on="2026-01-05"), "sv")
