"""What a newcomer gets from the first command: a register with Kagghamra in it, a plan, a workbook, a service."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

pytestmark = pytest.mark.slow


def run(database: Path, *arguments: str) -> Any:
    """A command that must succeed, and its JSON."""
    command = [sys.executable, "-m", "assetmgr", *arguments, "--database", str(database), "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    database = tmp_path_factory.mktemp("demo") / "register.sqlite"
    return database, run(database, "demo", "--no-serve")


def test_the_register_holds_kagghamra_and_an_older_town(demonstration: tuple[Path, dict[str, Any]]):
    database, made = demonstration
    assert made["municipality"] == "Botkyrka"
    kinds = ("water", "wastewater", "stormwater", "combined")
    pipes = [row for kind in kinds for row in run(database, "assets", "list", "--type", f"{kind}_pipe")]
    assert len([row for row in pipes if not row["key"].startswith("KAG-")]) >= 5_000
    points = run(database, "assets", "list", "--type", "connection_point")
    assert len([row for row in points if row["key"].startswith("KAG-")]) == 190
    buildings = run(database, "assets", "list", "--type", "building")
    parts = run(database, "assets", "list", "--type", "building_component")
    assert len(buildings) >= 60
    assert len(parts) >= 600
    assert run(database, "assets", "show", "demo-va:KAG-LTA-0001")["liability_until"] == "2028-12-14"


def test_the_plan_keeps_within_its_budgets_and_says_why(demonstration: tuple[Path, dict[str, Any]]):
    database, made = demonstration
    plan = run(database, "plan", "show", made["plan"])
    spent: Counter[tuple[str, str]] = Counter()
    for row in plan["measures"]:
        spent[row["fund"], str(row["year"])] += row["cost_sek"]
        assert row["reason"]
        assert isinstance(row["cost_sek"], int)
    for (fund, year), sek in spent.items():
        assert sek <= plan["budgets"][fund][year]
    assert plan["unfunded"]
    assert all(row["consequence"] for row in plan["unfunded"])


def test_the_workbook_of_next_year_holds_what_the_plan_says(demonstration: tuple[Path, dict[str, Any]]):
    database, made = demonstration
    plan = run(database, "plan", "show", made["plan"])
    workbook = openpyxl.load_workbook(made["workbook"], read_only=True)
    assert workbook.sheetnames == [
        "Försättsblad",
        "Sammanställning",
        "Åtgärder",
        "Ofinansierat",
        "Lagstadgade kontroller",
        "Antaganden",
    ]
    text = "\n".join(str(cell) for row in workbook["Försättsblad"].iter_rows(values_only=True) for cell in row if cell)
    assert "påhittade uppgifter" in text.casefold()
    numbers = {
        cell
        for row in workbook["Åtgärder"].iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, (int, float))
    }
    assert {row["cost_sek"] for row in plan["measures"] if row["year"] == 2027} <= numbers


def test_a_second_demonstration_is_refused(demonstration: tuple[Path, dict[str, Any]]):
    database, _ = demonstration
    command = [sys.executable, "-m", "assetmgr", "demo", "--no-serve", "--database", str(database)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "assetmgr serve" in done.stderr
