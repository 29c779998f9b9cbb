"""Why a row stands in a plan, in two plain sentences: condition and risk; what waiting costs and what decided.

The numbers come from the row's `explanation`, which `services.plans` saves with it; only the words are made here.
"""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from assetmgr.catalogue import CHECKS, SCALES, TREATMENTS, health_class
from assetmgr.catalogue.condition import HEALTH_CLASS_LABELS
from assetmgr.catalogue.model import label
from assetmgr.i18n import N_, Translate, translator

Row = Mapping[Any, Any]
"""A planned action: its columns, with `explanation` among them."""
SPACE = "\u00a0"
BUDGETS = {"tax": N_("the tax-funded budget"), "va": N_("the VA budget")}
"""The money of each fund as running text calls it."""
SIGNIFICANT_FIGURES = 2
"""An expected cost is an estimate: more figures than this would say more than is known. Tables hold the exact ones."""


def reason(row: Row, language: str) -> str:
    """Why the action stands where it stands, or why it is wanted."""
    _ = translator(language)
    if is_check(row):
        return f"{_check_basis(row, language, _)} {_check_year(row, language, _)}"
    return f"{_condition_and_risk(row, language, _)} {_waiting_and_decision(row, language, _)}"


def consequence(row: Row, language: str) -> str:
    """What follows when the action is not done: for rows without money."""
    _ = translator(language)
    facts, budget = row["explanation"], _budget(row, _)
    if row["row_class"] == "statutory":
        return _(
            "The check must be done in %(year)s but %(budget)s does not cover it. "
            "If it is not done, the municipality breaks the rule and carries the risk.",
            year=row["year"],
            budget=budget,
        )
    if row["row_class"] == "committed":
        return _(
            "The action is already decided for %(year)s but %(budget)s does not cover it.",
            year=row["year"],
            budget=budget,
        )
    cost = _(
        "Without the action, failures and lost value are expected to cost about %(sek)s in present value.",
        sek=rough_money(facts["benefit_sek"], language),
    )
    if facts.get("health") is None:
        return cost
    # The condition forecast for the year, which may be worse than the one on record that the reason names.
    falling = _(
        "The condition is expected to be %(condition)s in %(year)s and goes on falling.",
        condition=_class_words(facts["health"], language, _),
        year=row["year"],
    )
    return f"{cost} {falling}"


def is_check(row: Row) -> bool:
    """Whether the row is a recurring check rather than a treatment."""
    return bool(row["treatment"] in CHECKS)


# ---- condition, risk, waiting ---------------------------------------------------------------------------------------


def _condition_and_risk(row: Row, language: str, _: Translate) -> str:
    condition, risk = condition_words(row["explanation"], language), _risk(row, language, _)
    return f"{condition}; {risk}." if risk else f"{condition}."


def condition_words(facts: Mapping[str, Any], language: str) -> str:
    """The condition on record and where it comes from, the native grade beside the index; no full stop."""
    _ = translator(language)
    health, source = facts.get("health_now"), facts.get("health_source")
    if health is None or source is None:
        return _("Condition and age unknown, so a middle age of its kind is assumed")
    words = {"condition": _class_words(health, language, _), "index": number(health, language, 0)}
    if source == "inspected":
        return _inspected_words(facts, words, language, _)
    if facts.get("age_from_year") is not None:
        return _(
            "Condition %(condition)s (index %(index)s), estimated from age (from %(year)s)",
            year=facts["age_from_year"],
            **words,
        )
    return _("Condition %(condition)s (index %(index)s), estimated from age", **words)


def _inspected_words(facts: Mapping[str, Any], words: dict[str, str], language: str, _: Translate) -> str:
    grade = _native_grade(facts, language, _)
    if grade:
        words = {**words, "grade": grade}
    if facts.get("inspected_on"):
        words = {**words, "date": str(facts["inspected_on"])}
    if grade and "date" in words:
        return _("Condition %(condition)s (index %(index)s), inspected %(date)s as %(grade)s", **words)
    if grade:
        return _("Condition %(condition)s (index %(index)s), inspected as %(grade)s, date unknown", **words)
    if "date" in words:
        return _("Condition %(condition)s (index %(index)s), inspected %(date)s", **words)
    return _("Condition %(condition)s (index %(index)s), inspected, date unknown", **words)


def _native_grade(facts: Mapping[str, Any], language: str, _: Translate) -> str:
    """The grade as the inspector gave it, with its scale: "P122 grad 3", "TG2"."""
    grade, scale = facts.get("native_grade"), facts.get("native_scale")
    if not grade:
        return ""
    if scale == "tg":
        return str(grade)
    if scale == "p122":
        return _("P122 grade %(grade)s", grade=grade)
    if scale in SCALES:
        return _("grade %(grade)s on the scale %(scale)s", grade=grade, scale=label(SCALES[scale], language))
    return _("grade %(grade)s", grade=grade)


def _class_words(health: float | None, language: str, _: Translate) -> str:
    letter = health_class(health)
    words = label(HEALTH_CLASS_LABELS[letter], language).lower()
    return words if letter == "U" else f"{letter}, {words}"


def _risk(row: Row, language: str, _: Translate) -> str:
    facts = row["explanation"]
    probability, failure_cost = facts.get("failure_probability"), facts.get("failure_cost_sek") or 0
    if probability is None:
        return ""
    if failure_cost <= 0:
        return _(
            "the risk of failure in %(year)s is %(percent)s",
            year=row["year"],
            percent=percent(probability, language),
        )
    return _(
        "the risk of failure in %(year)s is %(percent)s, which on average costs about %(sek)s that year",
        year=row["year"],
        percent=percent(probability, language),
        sek=rough_money(probability * failure_cost, language),
    )


def _waiting_and_decision(row: Row, language: str, _: Translate) -> str:
    waiting = row["explanation"].get("waiting_cost_sek") or 0
    decision = _decision(row, language, _)
    if waiting >= 1:
        sek = rough_money(waiting, language)
        return _("Waiting a year costs about %(sek)s; %(decision)s.", sek=sek, decision=decision)
    return _("Waiting a year costs nothing more; %(decision)s.", decision=decision)


def _decision(row: Row, language: str, _: Translate) -> str:
    facts, year, budget = row["explanation"], row["year"], _budget(row, _)
    if facts["decided_by"] == "fixed":
        return _("the year %(year)s is already decided", year=year)
    if facts["decided_by"] == "no_room":
        return _(
            "the action would do most good in %(year)s, but %(budget)s has no room for it in any year",
            year=year,
            budget=budget,
        )
    if facts["decided_by"] == "budget":
        return _decided_by_budget(row, budget, language, _)
    return _("%(year)s is the year in which the action does most good", year=year)


def _decided_by_budget(row: Row, budget: str, language: str, _: Translate) -> str:
    """Something else would do more good; named where the runner-up is that."""
    facts, year = row["explanation"], row["year"]
    other = facts.get("runner_up_treatment")
    if other is None or facts["runner_up_benefit_sek"] <= facts["benefit_sek"]:
        return _(
            "another year or action would do more good, but that money does more good elsewhere in %(budget)s, "
            "so this is done in %(year)s",
            budget=budget,
            year=year,
        )
    if other == row["treatment"]:
        return _(
            "the action would do more good in %(better)s, but that year's money does more good elsewhere in "
            "%(budget)s, so it is done in %(year)s",
            better=facts["runner_up_year"],
            budget=budget,
            year=year,
        )
    return _(
        "%(other)s in %(better)s would do more good, but that money does more good elsewhere in %(budget)s",
        other=_within_sentence(label(TREATMENTS[other], language)),
        better=facts["runner_up_year"],
        budget=budget,
    )


def _budget(row: Row, _: Translate) -> str:
    fund = row["fund"]
    return _(BUDGETS[fund])


def _within_sentence(words: str) -> str:
    """A label without its capital, unless it begins with an abbreviation."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


# ---- checks ---------------------------------------------------------------------------------------------------------


def _check_basis(row: Row, language: str, _: Translate) -> str:
    check, facts = CHECKS[row["treatment"]], row["explanation"]
    words = {
        "check": label(check, language),
        "interval": _interval(check.interval_months, _),
        "basis": check.legal_basis_sv,
    }
    if facts.get("last_approved_on"):
        return _(
            "%(check)s is due %(interval)s after the last approved one, which was on %(date)s. Rule: %(basis)s.",
            date=facts["last_approved_on"],
            **words,
        )
    return _(
        "%(check)s is due %(interval)s after the last approved one, and no approved one is on record. Rule: %(basis)s.",
        **words,
    )


def _interval(months: int, _: Translate) -> str:
    if months % 12:
        return _("%(count)s months", count=months)
    return _("1 year") if months == 12 else _("%(count)s years", count=months // 12)


def _check_year(row: Row, language: str, _: Translate) -> str:
    year, times = row["year"], row["explanation"].get("count", 1)
    if row["explanation"].get("overdue"):
        return _("It falls due before the plan begins and is put first in it, in %(year)s.", year=year)
    if times > 1:
        return _("It falls due %(times)s times in %(year)s, and the plan may not move it.", times=times, year=year)
    if _comes_again(row):
        interval = _interval(CHECKS[row["treatment"]].interval_months, _)
        return _(
            "It is done again at most %(interval)s after each time and so falls due in %(year)s too; "
            "the plan may not move it.",
            interval=interval,
            year=year,
        )
    return _("It falls due in %(year)s, and the plan may not move it.", year=year)


def _comes_again(row: Row) -> bool:
    """Whether the check has fallen due at least once between the last approved one and the row's year."""
    last = row["explanation"].get("last_approved_on")
    if not last:
        return False
    done = date.fromisoformat(last)
    first_due_year = done.year + (done.month - 1 + CHECKS[row["treatment"]].interval_months) // 12
    return bool(first_due_year < row["year"])


# ---- numbers in running text ----------------------------------------------------------------------------------------


def number(value: float, language: str, decimals: int) -> str:
    """1870000 -> 1 870 000 with no-break spaces in Swedish, 1,870,000 in English."""
    text = f"{value:,.{decimals}f}".replace("-", "\u2212")
    return text if language == "en" else text.replace(",", SPACE).replace(".", ",")


def money(sek: float, language: str) -> str:
    """Whole kronor: 1 870 000 kr, SEK 1,870,000."""
    shown = number(round(sek), language, 0)
    return f"SEK{SPACE}{shown}" if language == "en" else f"{shown}{SPACE}kr"


def rough_money(sek: float, language: str) -> str:
    """Kronor with as many figures as an estimate bears: 1 873 210 -> 1 900 000 kr."""
    if abs(sek) < 1:
        return money(sek, language)
    return money(round(sek, SIGNIFICANT_FIGURES - 1 - math.floor(math.log10(abs(sek)))), language)


def percent(fraction: float, language: str) -> str:
    """0.041 -> 4,1 %; what is under a tenth of a per cent is said so."""
    unit = "%" if language == "en" else f"{SPACE}%"
    if 0 < fraction < 0.001:
        return f"<{SPACE}{number(0.1, language, 1)}{unit}"
    return f"{number(fraction * 100, language, 1)}{unit}"
