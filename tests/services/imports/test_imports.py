"""An import from its user's side: every row accounted for, nothing guessed, the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assetmgr.errors import NotAllowed, UsageError
from assetmgr.services.imports import ImportResult
from assetmgr.store import assets, history, inspections
from assetmgr.store.access import Actor
from assetmgr.store.writing import reading, verify_chain
from tests.registers import TestRegister
from tests.services.imports.conftest import Deliveries

Look = Callable[[str], dict[str, Any]]


def line(east: float, length: float = 100.0, north: float = 6_560_000.0) -> shapely.LineString:
    """A straight pipe eastwards, in Botkyrka."""
    return shapely.LineString([(660_000 + east, north), (660_000 + east + length, north)])


def counts(result: ImportResult) -> tuple[int, int, int, int, int, int]:
    return result.read, result.new, result.changed, result.unchanged, result.refused, result.gone


def found(result: ImportResult, code: str) -> list[Any]:
    return [issue for issue in result.issues if issue.code == code]


def errors(result: ImportResult) -> list[tuple[str, int | None, str | None, Any]]:
    return [(i.code, i.row, i.field, i.value) for i in result.issues if i.severity == "error"]


PIPES = "ID;Material;Dimension;Läggningsår\n1;PVC;110;1975\n2;Gjutjärn, grått;150;1932\n3;PE;63;2018\n"


def test_rows_become_assets_with_their_fields_condition_and_fund(deliveries: Deliveries, known: Look):
    result = deliveries.run(deliveries.csv(PIPES), source="led")
    assert counts(result) == (3, 3, 0, 0, 0, 0)
    assert result.import_id > 0
    pipe = known("led:1")
    assert (pipe["material"], pipe["dimension_mm"], pipe["built_year"], pipe["fund"], pipe["status"]) == (
        "PVC",
        110.0,
        1975,
        "va",
        "in_service",
    )
    assert pipe["health_source"] == "estimated"
    assert known("led:3")["health_index"] > pipe["health_index"] > known("led:2")["health_index"]


def test_import_of_same_file_changes_nothing(deliveries: Deliveries, register: TestRegister):
    file = deliveries.csv(PIPES)
    deliveries.run(file)
    with reading(register.engine) as connection:
        before = list(assets.rows(connection, register.botkyrka, assets.AssetFilter()))
    again = deliveries.run(file)
    assert counts(again) == (3, 0, 0, 3, 0, 0)
    with reading(register.engine) as connection:
        assert list(assets.rows(connection, register.botkyrka, assets.AssetFilter())) == before
        assert verify_chain(connection, register.botkyrka.municipality_id) is None


def test_only_the_fields_that_differ_are_changed_and_put_on_record(
    deliveries: Deliveries, register: TestRegister, known: Look
):
    deliveries.run(deliveries.csv(PIPES))
    result = deliveries.run(deliveries.csv(PIPES.replace("1;PVC;110;1975", "1;PVC;160;1975")))
    assert counts(result) == (3, 0, 1, 2, 0, 0)
    with reading(register.engine) as connection:
        row = assets.find(connection, register.botkyrka, "rader:1")
        latest = history.of_asset(connection, register.botkyrka, row["id"])[0]
    assert (latest.old, latest.new) == ({"dimension_mm": 110.0}, {"dimension_mm": 160.0})
    assert (latest.origin, latest.import_id) == ("import", result.import_id)


def test_a_value_that_a_person_changed_stays_and_the_row_reports_a_conflict_each_time(
    deliveries: Deliveries, register: TestRegister, known: Look
):
    deliveries.run(deliveries.csv(PIPES))
    with register.writing() as work:
        row = assets.find(work.connection, register.botkyrka, "rader:1")
        assets.update_many(work, [row["id"]], [row["uid"]], [{"material": "PVC"}], [{"material": "PE"}])
    redelivery = deliveries.csv(PIPES.replace("1;PVC;110", "1;SEG;200"))
    for expected in ((3, 0, 1, 2, 0, 0), (3, 0, 0, 3, 0, 0)):
        result = deliveries.run(redelivery)
        assert counts(result) == expected
        (conflict,) = found(result, "conflict")
        assert (conflict.row, conflict.field, conflict.value) == (2, "material", "SEG")
        assert conflict.details["register_value"] == "PE"
    assert (known("rader:1")["material"], known("rader:1")["dimension_mm"]) == ("PE", 200.0)


def test_a_person_may_agree_with_the_source_without_conflict(deliveries: Deliveries, register: TestRegister):
    deliveries.run(deliveries.csv(PIPES))
    with register.writing() as work:
        row = assets.find(work.connection, register.botkyrka, "rader:1")
        assets.update_many(work, [row["id"]], [row["uid"]], [{"material": "PVC"}], [{"material": "SEG"}])
    result = deliveries.run(deliveries.csv(PIPES.replace("1;PVC", "1;SEG")))
    assert counts(result) == (3, 0, 0, 3, 0, 0)
    assert not found(result, "conflict")


def test_a_wrong_row_is_refused_with_row_field_and_value_and_the_rest_is_accepted(deliveries: Deliveries):
    text = PIPES + "4;PVC;tjock;1975\n5;PVC;110;2081\n6;PVC;110;1500\n;PVC;110;1990\n"
    result = deliveries.run(deliveries.csv(text))
    assert counts(result) == (7, 3, 0, 0, 4, 0)
    year = next(issue for issue in result.issues if issue.code == "year_in_future").details["year"]
    assert year >= 2026
    assert sorted(errors(result), key=lambda error: error[1] or 0) == [
        ("not_a_number", 5, "Dimension", "tjock"),
        ("year_in_future", 6, "Läggningsår", "2081"),
        ("below_minimum", 7, "Läggningsår", "1500"),
        ("key_missing", 8, "ID", None),
    ]


def test_all_or_nothing_writes_nothing_when_a_row_is_wrong(deliveries: Deliveries, register: TestRegister):
    result = deliveries.run(deliveries.csv(PIPES + "4;PVC;tjock;1975\n"), all_or_nothing=True)
    assert counts(result) == (0, 0, 0, 0, 0, 0)
    assert not result.accepted
    assert {code for code, *_ in errors(result)} == {"all_or_nothing", "not_a_number"}
    with reading(register.engine) as connection:
        assert assets.count(connection, register.botkyrka, assets.AssetFilter()) == 0


def test_every_copy_of_a_repeated_key_is_refused(deliveries: Deliveries):
    result = deliveries.run(deliveries.csv(PIPES + "1;PE;110;1990\n"))
    assert counts(result) == (4, 2, 0, 0, 2, 0)
    assert errors(result) == [("duplicate_key", 2, "ID", "1"), ("duplicate_key", 5, "ID", "1")]


def test_gone_objects_are_reported_and_left(deliveries: Deliveries, known: Look):
    deliveries.run(deliveries.csv(PIPES))
    result = deliveries.run(deliveries.csv(PIPES.replace("3;PE;63;2018\n", "")))
    assert counts(result) == (2, 0, 0, 2, 0, 1)
    assert found(result, "gone")[0].details["keys"] == ["3"]
    assert known("rader:3")["status"] == "in_service"


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("insert", (3, 1, 0, 2, 0, 1)), ("update", (3, 0, 1, 1, 1, 1)), ("upsert", (3, 1, 1, 1, 0, 1))],
)
def test_modes_are_exact(deliveries: Deliveries, mode: Any, expected: tuple[int, ...]):
    deliveries.run(deliveries.csv(PIPES))
    text = PIPES.replace("1;PVC;110", "1;PVC;160").replace("3;PE", "4;PE")
    result = deliveries.run(deliveries.csv(text), mode=mode)
    assert counts(result) == expected
    assert [error[0] for error in errors(result)] == (["key_unknown"] if mode == "update" else [])


def test_unknown_stays_unknown(deliveries: Deliveries, known: Look):
    text = "ID;Material;Dimension;Läggningsår\n1;OKÄND;0;9999\n2;<blank>;-1;0\n3;unknown;;\n4;PVC;50;77\n"
    result = deliveries.run(deliveries.csv(text), unknown={"Läggningsår": ("77",)})
    assert counts(result) == (4, 4, 0, 0, 0, 0)
    for key in ("1", "2", "3"):
        pipe = known(f"rader:{key}")
        assert (pipe["material"], pipe["dimension_mm"], pipe["built_year"]) == (None, None, None)
        assert (pipe["health_index"], pipe["health_source"]) == (None, None)
    assert known("rader:4")["built_year"] is None


def test_a_code_that_the_catalogue_lacks_is_kept_as_source_data_and_reported_once(deliveries: Deliveries, known: Look):
    result = deliveries.run(deliveries.csv("ID;Material\n1;Bambu\n2;Bambu\n3;PVC\n"))
    assert counts(result) == (3, 3, 0, 0, 0, 0)
    (issue,) = found(result, "code_unknown")
    assert (issue.field, issue.value, issue.details["count"]) == ("Material", "Bambu", 2)
    assert known("rader:1")["material"] is None
    assert known("rader:1")["source_data"] == {"rader": {"Material": "Bambu"}}


def test_unmapped_columns_are_kept_verbatim_and_strict_refuses_them(deliveries: Deliveries, known: Look):
    file = deliveries.csv("ID;Material;Kvarter;Öre\n1;PVC;södra;0012\n")
    refused = deliveries.run(file, strict=True)
    assert counts(refused) == (0, 0, 0, 0, 0, 0)
    assert errors(refused)[0][0] == "unmapped_columns"
    result = deliveries.run(file)
    assert [issue.field for issue in found(result, "unmapped_column")] == ["Kvarter", "Öre"]
    assert known("rader:1")["source_data"] == {"rader": {"Kvarter": "södra", "Öre": "0012"}}


def test_an_unknown_target_is_wrong_usage_and_an_absent_column_refuses_the_file(deliveries: Deliveries):
    file = deliveries.csv(PIPES)
    with pytest.raises(UsageError):
        deliveries.run(file, mapping={"colour": "Material"})
    with pytest.raises(UsageError):
        deliveries.run(file, asset_type="airport")
    assert errors(deliveries.run(file, mapping={"material": "Färg"}))[0][::2] == ("column_not_found", "Färg")
    assert errors(deliveries.run(file, key="LEDID"))[0][::2] == ("column_not_found", "LEDID")


def test_a_condition_column_becomes_inspections_only_when_its_scale_is_declared(
    deliveries: Deliveries, register: TestRegister, known: Look
):
    text = "ID;Skick;Besiktningsdatum\n1;4;2025-05-01\n2;1;2024-05-01\n3;;\n"
    deliveries.run(deliveries.csv(text), asset_type="wastewater_pipe")
    assert known("rader:1")["health_source"] is None
    assert known("rader:1")["source_data"]["rader"]["Skick"] == "4"
    deliveries.run(deliveries.csv(text, "medskala.csv"), "wastewater_pipe", scales={"Skick": "p122"}, source="tv")
    pipe = known("tv:1")
    assert (pipe["health_index"], pipe["health_source"], pipe["native_grade"], pipe["native_scale"]) == (
        10.0,
        "inspected",
        "4",
        "p122",
    )
    assert str(pipe["inspected_on"]) == "2025-05-01"
    assert known("tv:2")["health_index"] == 85.0
    assert known("tv:3")["health_index"] is None


def test_a_new_grade_of_a_later_delivery_adds_an_inspection_and_the_old_one_stays(
    deliveries: Deliveries, register: TestRegister, known: Look
):
    first = "ID;Skick;Besiktningsdatum\n1;1;2020-05-01\n"
    deliveries.run(deliveries.csv(first), "wastewater_pipe", scales={"Skick": "p122"})
    result = deliveries.run(
        deliveries.csv("ID;Skick;Besiktningsdatum\n1;3;2025-05-01\n"), "wastewater_pipe", scales={"Skick": "p122"}
    )
    assert counts(result) == (1, 0, 1, 0, 0, 0)
    assert known("rader:1")["health_index"] == 35.0
    with reading(register.engine) as connection:
        row = assets.find(connection, register.botkyrka, "rader:1")
        seen = inspections.of_asset(connection, register.botkyrka, row["id"])
    assert [inspection["native_grade"] for inspection in seen] == ["3", "1"]


def test_a_grade_off_the_scale_refuses_its_row_unless_it_is_said_to_mean_unknown(deliveries: Deliveries):
    file = deliveries.csv("ID;Skick\n1;-1\n2;3\n")
    result = deliveries.run(file, "wastewater_pipe", scales={"Skick": "p122"})
    assert counts(result) == (2, 1, 0, 0, 1, 0)
    assert errors(result) == [("grade_off_scale", 2, "Skick", "-1")]
    told = deliveries.run(file, "wastewater_pipe", scales={"Skick": "p122"}, unknown={"Skick": ("-1",)})
    assert counts(told) == (2, 1, 0, 1, 0, 0)


def test_lines_are_measured_geodesically_in_whatever_system_they_come(deliveries: Deliveries, known: Look):
    deliveries.run(deliveries.geopackage({"ledid": ["a"]}, [line(0, 1000)]))
    length = known("ledningar:a")["length_m"]
    # SWEREF 99 TM is scaled by 0.9996 at its meridian; at easting 660 km a grid kilometre is some 0.1 m from a real
    # one.
    assert length == pytest.approx(1000, abs=0.4)
    assert length != 1000.0


def test_a_moved_line_changes_its_geometry_and_nothing_else(deliveries: Deliveries, register: TestRegister):
    deliveries.run(deliveries.geopackage({"ledid": ["a", "b"]}, [line(0), line(200)]))
    result = deliveries.run(deliveries.geopackage({"ledid": ["a", "b"]}, [line(0), line(200, 150)]))
    assert counts(result) == (2, 0, 1, 1, 0, 0)
    with reading(register.engine) as connection:
        row = assets.find(connection, register.botkyrka, "ledningar:b", with_geometry=True)
        latest = history.of_asset(connection, register.botkyrka, row["id"])[0]
    assert latest.old is not None
    assert latest.new is not None
    assert set(latest.new) == {"geometry", "length_m"}
    assert shapely.from_wkb(latest.new["geometry"]).equals(shapely.from_wkb(row["geometry"]))
    assert shapely.from_wkb(latest.old["geometry"]).equals(line(200))


def test_a_layer_without_ids_is_matched_by_place_and_content(deliveries: Deliveries):
    file = deliveries.geopackage({"material": ["PVC", "PE"]}, [line(0), line(200)])
    assert counts(deliveries.run(file)) == (2, 2, 0, 0, 0, 0)
    shuffled = deliveries.geopackage({"material": ["PE", "PVC"]}, [line(200), line(0)])
    assert counts(deliveries.run(shuffled)) == (2, 0, 0, 2, 0, 0)


def test_the_same_objects_under_a_new_file_name_are_refused_unless_the_source_is_said(deliveries: Deliveries):
    deliveries.run(deliveries.geopackage({"ledid": ["a", "b"]}, [line(0), line(200)], "2025.gpkg"))
    renamed = deliveries.geopackage({"ledid": ["a", "b"]}, [line(0), line(200)], "2026.gpkg")
    result = deliveries.run(renamed)
    assert counts(result) == (0, 0, 0, 0, 0, 0)
    assert errors(result)[0][0] == "coincides_with_source"
    assert counts(deliveries.run(renamed, source="2025")) == (2, 0, 0, 2, 0, 0)
    assert counts(deliveries.run(renamed, source="egen")) == (2, 2, 0, 0, 0, 0)


def test_a_known_uid_matches_whatever_the_file_is_called(deliveries: Deliveries, known: Look):
    deliveries.run(deliveries.csv(PIPES), source="led")
    uid = known("led:2")["uid"]
    text = f"uid;source;key;Material;Dimension;Läggningsår\n{uid};led;2;GJJ;200;1932\n"
    export = deliveries.csv(text, "export från excel.csv")
    result = deliveries.run(export)
    assert counts(result) == (1, 0, 1, 0, 0, 0)
    assert (known("led:2")["dimension_mm"], known("led:2")["uid"]) == (200.0, uid)
    assert counts(deliveries.run(export)) == (1, 0, 0, 1, 0, 0)


def test_a_layer_without_coordinate_system_is_refused_until_it_is_said(deliveries: Deliveries):
    file = deliveries.csv("ID;N;E\n1;6560000;660000\n", "brunnar.csv")
    refused = deliveries.run(file, "manhole")
    assert errors(refused)[0][0] == "crs_missing"
    assert "3006" in str(refused.issues[0].details["guesses"])
    assert counts(deliveries.run(file, "manhole", crs="EPSG:3006")) == (1, 1, 0, 0, 0, 0)


def test_coordinates_with_north_and_east_swapped_are_refused(deliveries: Deliveries):
    file = deliveries.csv("ID;X;Y\n1;6560000;660000\n2;6561000;661000\n", "brunnar.csv")
    refused = deliveries.run(file, "manhole", crs="EPSG:3006")
    assert errors(refused)[0][0] == "axes_swapped"
    told = deliveries.run(file, "manhole", crs="EPSG:3006", mapping={"north": "X", "east": "Y"})
    assert counts(told) == (2, 2, 0, 0, 0, 0)


def test_columns_called_longitude_and_latitude_say_their_system_themselves(deliveries: Deliveries, known: Look):
    deliveries.run(deliveries.csv("ID;lat;lon\n1;59,2;17,833\n", "brunnar.csv"), "manhole")
    assert known("brunnar:1")["geometry"]["coordinates"] == pytest.approx([661_803, 6_565_760], abs=150)


def test_a_layer_outside_the_area_of_use_is_refused_and_may_be_accepted(deliveries: Deliveries):
    far = deliveries.geopackage(
        {"ledid": ["a"]}, [shapely.LineString([(-123.05, 49.25), (-123.05, 49.26)])], crs="EPSG:4326"
    )
    assert errors(deliveries.run(far))[0][0] == "outside_area_of_use"
    assert counts(deliveries.run(far, accept_outside=True)) == (1, 1, 0, 0, 0, 0)


def test_a_layer_of_the_wrong_kind_is_refused_and_a_single_wrong_row_is_too(deliveries: Deliveries):
    points = deliveries.geopackage({"ledid": ["a"]}, [shapely.Point(660_000, 6_560_000)])
    assert errors(deliveries.run(points))[0][0] == "wrong_geometry_kind"
    mixed = deliveries.geopackage({"ledid": ["a", "b"]}, [shapely.Point(660_000, 6_560_000), line(0)])
    result = deliveries.run(mixed)
    assert counts(result) == (2, 1, 0, 0, 1, 0)
    assert errors(result)[0][:2] == ("wrong_geometry_kind_row", 1)


def test_parts_find_their_building_by_key_and_an_unknown_parent_refuses_the_row(deliveries: Deliveries, known: Look):
    deliveries.run(deliveries.csv("ID;Beteckning\n1;Hus A\n2;Hus B\n", "hus.csv"), "building")
    parts = "ID;parent;component_kind\n10;Hus A;tak\n11;hus:2;fasad\n12;Hus C;tak\n"
    result = deliveries.run(deliveries.csv(parts, "delar.csv"), "building_component")
    assert counts(result) == (3, 2, 0, 0, 1, 0)
    assert errors(result) == [("parent_not_found", 4, "parent", "Hus C")]
    assert known("delar:10")["parent"] == known("hus:1")["uid"]
    moved = deliveries.run(deliveries.csv(parts.replace("Hus A", "Hus B"), "delar.csv"), "building_component")
    assert counts(moved) == (3, 0, 1, 1, 1, 0)
    assert known("delar:10")["parent"] == known("hus:2")["uid"]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(deliveries: Deliveries, register: TestRegister):
    result = deliveries.run(deliveries.csv(PIPES), dry_run=True)
    assert (counts(result), result.import_id) == ((3, 3, 0, 0, 0, 0), 0)
    with reading(register.engine) as connection:
        assert assets.count(connection, register.botkyrka, assets.AssetFilter()) == 0


def test_a_profile_is_saved_the_first_time_and_used_afterwards(deliveries: Deliveries, known: Look):
    text = "nr;mtrl_kod;bredd\n1;PVC;110\n"
    told = {"mapping": {"material": "mtrl_kod", "dimension_mm": "bredd"}, "key": "nr", "source": "entreprenör"}
    assert deliveries.run(deliveries.csv(text), profile="ny").issues[0].code == "profile_unknown"
    deliveries.run(deliveries.csv(text), profile="ny", **told)
    result = deliveries.run(deliveries.csv(text, "annan.csv"), profile="ny")
    assert counts(result) == (1, 0, 0, 1, 0, 0)
    assert known("entreprenör:1")["dimension_mm"] == 110.0


def test_cp1252_with_semicolon_and_decimal_comma_reads_as_meant(deliveries: Deliveries, known: Look):
    file = deliveries.csv("ID;Läggningsår;Dimension;Adress\n1;1975;110,5;Ängsvägen 3\n", encoding="cp1252")
    assert deliveries.run(file).new == 1
    pipe = known("rader:1")
    assert (pipe["built_year"], pipe["dimension_mm"]) == (1975, 110.5)


def test_somebody_without_the_right_may_not_import(deliveries: Deliveries, register: TestRegister):
    from assetmgr.services.imports import ImportOptions, run_import

    reader = Actor(register.botkyrka.municipality_id, "läsare", frozenset({"auditor"}))
    with pytest.raises(NotAllowed):
        run_import(register.engine, reader, ImportOptions(deliveries.csv(PIPES), "water_pipe"))


@pytest.mark.parametrize("name", ["saknas.gpkg", "tom.csv", "text.gpkg"])
def test_an_unusable_file_is_refused_with_a_reason_and_zeros(deliveries: Deliveries, tmp_path: Path, name: str):
    (tmp_path / "tom.csv").write_bytes(b"")
    (tmp_path / "text.gpkg").write_text("hej")
    result = deliveries.run(tmp_path / name)
    assert (counts(result), result.import_id, result.accepted) == ((0, 0, 0, 0, 0, 0), 0, False)
    assert len(errors(result)) == 1


cells = st.sampled_from(["PVC", "PE", "Bambu", "", "okänd"])
numbers = st.sampled_from(["110", "0", "-1", "63,5", "x", ""])
years = st.sampled_from(["1975", "2018", "9999", "2500", ""])
rows = st.lists(st.tuples(st.integers(1, 6), cells, numbers, years), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=rows, second=rows)
def test_every_row_is_accounted_for_whatever_is_delivered(
    deliveries: Deliveries, first: list[tuple[Any, ...]], second: list[tuple[Any, ...]]
):
    for delivered in (first, second, second):
        text = "ID;Material;Dimension;Läggningsår\n" + "".join(";".join(map(str, row)) + "\n" for row in delivered)
        result = deliveries.run(deliveries.csv(text))
        assert result.read == len(delivered)
        assert result.read == result.new + result.changed + result.unchanged + result.refused
    assert (result.new, result.changed) == (0, 0)
