"""What the cells of a file come to mean: numbers, years, units, unknown values, condition, place."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from assetmgr.services.imports.run import plain_issue
from assetmgr.store import assets, inspections
from assetmgr.store.writing import reading
from tests.registers import TestRegister
from tests.services.imports.conftest import Deliveries

Look = Callable[[str], dict[str, Any]]


def problems(result: Any) -> list[tuple[str, int | None]]:
    return [(issue.code, issue.row) for issue in result.issues if issue.severity == "error"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("110 mm", 110.0),
        ("12 cm", 120.0),
        ("0,3 m", 300.0),
        ("1\u202f200", 1200.0),
        ("0 mm", None),
        ("9999,0", None),
    ],
)
def test_a_unit_behind_a_number_is_understood(deliveries: Deliveries, known: Look, cell: str, expected: float | None):
    deliveries.run(deliveries.csv(f"ID;Dimension\n1;{cell}\n"))
    assert known("rader:1")["dimension_mm"] == expected


def test_a_unit_of_another_kind_is_never_passed_over(deliveries: Deliveries):
    result = deliveries.run(deliveries.csv("ID;Dimension\n1;15 st\n2;110\n"))
    assert problems(result) == [("not_a_number", 2)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("31/12/1979", 1979), ("1.5.1979 00:00", 1979), ("19790101", 1979), ("9999-12-31", None)],
)
def test_a_year_is_read_from_a_date_however_it_is_written(
    deliveries: Deliveries, known: Look, cell: str, expected: int | None
):
    deliveries.run(deliveries.csv(f"ID;Läggningsår\n1;{cell}\n"))
    assert known("rader:1")["built_year"] == expected


def test_a_year_stored_as_a_number_with_month_and_day_is_a_year(deliveries: Deliveries, known: Look):
    line = shapely.LineString([(660_000, 6_560_000), (660_100, 6_560_000)])
    deliveries.run(deliveries.geopackage({"ledid": ["a"], "läggningsår": [19790101]}, [line]))
    assert known("ledningar:a")["built_year"] == 1979


def test_unknown_values_said_of_a_field_and_of_its_column_both_hold(deliveries: Deliveries, known: Look):
    told = {"dimension_mm": ("77",), "Dimension": ("88",)}
    deliveries.run(deliveries.csv("ID;Dimension\n1;77\n2;88\n3;99\n"), unknown=told)
    assert [known(f"rader:{key}")["dimension_mm"] for key in "123"] == [None, None, 99.0]


def test_an_endless_number_is_refused_in_words_that_json_can_say(deliveries: Deliveries):
    line = shapely.LineString([(660_000, 6_560_000), (660_100, 6_560_000)])
    result = deliveries.run(deliveries.geopackage({"ledid": ["a"], "dimension": [math.inf]}, [line]))
    assert problems(result) == [("not_a_number", 1)]
    json.dumps([plain_issue(issue) for issue in result.issues], allow_nan=False)


def seen(register: TestRegister, identity: str) -> list[tuple[Any, ...]]:
    with reading(register.engine) as connection:
        row = assets.find(connection, register.botkyrka, identity)
        found = inspections.of_asset(connection, register.botkyrka, row["id"])
        return [(i["native_grade"], i["scale"], str(i["inspected_on"])) for i in found]


def test_the_same_grade_on_a_later_day_is_another_inspection_and_told_once(
    deliveries: Deliveries, register: TestRegister, known: Look
):
    text = "ID;Skick;Besiktningsdatum\n1;2;2020-05-01\n"
    for delivered, changed in ((text, 0), (text.replace("2020", "2024"), 1), (text.replace("2020", "2024"), 0)):
        result = deliveries.run(deliveries.csv(delivered), "wastewater_pipe", scales={"Skick": "p122"})
        assert result.changed == changed
    assert seen(register, "rader:1") == [("2", "p122", "2024-05-01"), ("2", "p122", "2020-05-01")]
    assert str(known("rader:1")["inspected_on"]) == "2024-05-01"
    undated = deliveries.csv("ID;Skick\n1;2\n")
    assert deliveries.run(undated, "wastewater_pipe", scales={"Skick": "p122"}).unchanged == 1


def test_an_inspection_that_is_yet_to_come_refuses_its_row(deliveries: Deliveries):
    file = deliveries.csv("ID;Skick;Besiktningsdatum\n1;2;2999-01-01\n2;2;2020-01-01\n")
    result = deliveries.run(file, "wastewater_pipe", scales={"Skick": "p122"})
    assert problems(result) == [("date_in_future", 2)]


def test_condition_is_a_field_that_a_column_may_be_mapped_to_but_not_without_its_scale(
    deliveries: Deliveries, register: TestRegister, known: Look
):
    file = deliveries.csv("ID;Betyg\n1;-1\n2;4\n")
    deliveries.run(file, "wastewater_pipe", mapping={"condition": "Betyg"})
    assert known("rader:2")["source_data"] == {"rader": {"Betyg": "4"}}
    declared = {"mapping": {"condition": "Betyg"}, "scales": {"condition": "p122"}, "unknown": {"condition": ("-1",)}}
    assert deliveries.run(file, "wastewater_pipe", **declared).refused == 0
    assert seen(register, "rader:2") == [("4", "p122", "None")]
    assert seen(register, "rader:1") == []


def test_the_length_of_a_line_without_place_is_unknown_not_nothing(deliveries: Deliveries, known: Look):
    line = shapely.LineString([(660_000, 6_560_000), (660_100, 6_560_000)])
    deliveries.run(deliveries.geopackage({"ledid": ["a", "b"]}, [line, None]))
    assert known("ledningar:b")["length_m"] is None


def test_a_stated_length_never_replaces_a_measured_one(deliveries: Deliveries, known: Look):
    line = shapely.LineString([(660_000, 6_560_000), (660_100, 6_560_000)])
    deliveries.run(deliveries.geopackage({"ledid": ["a"]}, [line]), source="led")
    measured = known("led:a")["length_m"]
    stated = deliveries.run(deliveries.csv("ledid;Längd\na;777\n"), source="led")
    assert (stated.unchanged, [issue.code for issue in stated.issues if issue.code == "conflict"]) == (1, [])
    assert known("led:a")["length_m"] == measured


def test_shapes_in_text_that_are_empty_or_endless_are_told_apart(deliveries: Deliveries, known: Look):
    text = (
        "ID;WKT\n1;LINESTRING (660000 6560000, 660100 6560000)\n2;LINESTRING EMPTY\n3;POINT EMPTY\n"
        "4;LINESTRING (660000 nan, 660100 6560000)\n5;LineStringZ (660000 6560000 1, 660200 6560000 1)\n6;<blank>\n"
    )
    result = deliveries.run(deliveries.csv(text), crs="EPSG:3006")
    assert problems(result) == [("coordinates_not_finite", 5)]
    assert known("rader:5")["length_m"] == pytest.approx(200, abs=0.1)
    assert [known(f"rader:{key}")["geometry"] for key in "236"] == [None, None, None]


def test_a_coordinate_system_that_does_not_exist_refuses_the_file_whatever_it_holds(deliveries: Deliveries):
    assert problems(deliveries.run(deliveries.csv("ID;Material\n1;PVC\n"), crs="hej")) == [("crs_unknown", None)]
