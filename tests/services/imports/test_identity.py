"""Which row is which object: uids of our own exports, keys of several sources, rows without ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from assetmgr.services.imports import ImportResult
from assetmgr.store import assets, history
from assetmgr.store.writing import reading
from tests.registers import TestRegister, add_assets
from tests.services.imports.conftest import Deliveries

Look = Callable[[str], dict[str, Any]]
EXPORTED = ("uid", "source", "key", "material", "dimension_mm", "built_year", "status", "protection_class")
PIPES = "ID;Material;Dimension\n1;PVC;110\n2;GJJ;150\n"


def counts(result: ImportResult) -> tuple[int, int, int, int, int, int]:
    return result.read, result.new, result.changed, result.unchanged, result.refused, result.gone


def errors(result: ImportResult) -> list[tuple[str, int | None, str | None]]:
    return [(issue.code, issue.row, issue.field) for issue in result.issues if issue.severity == "error"]


def exported(deliveries: Deliveries, rows: Sequence[Mapping[str, Any]], name: str = "urval.csv") -> Path:
    """Rows as an export of ours writes them."""
    lines = [";".join("" if row[name] is None else str(row[name]) for name in EXPORTED) for row in rows]
    return deliveries.csv("\n".join([";".join(EXPORTED), *lines, ""]), name)


def all_pipes(register: TestRegister) -> list[dict[str, Any]]:
    with reading(register.engine) as connection:
        found = assets.rows(connection, register.botkyrka, assets.AssetFilter(asset_type="water_pipe"))
        return [dict(row) for row in found]


def test_an_export_of_two_sources_with_the_same_keys_comes_back_row_by_row(
    deliveries: Deliveries, register: TestRegister
):
    for source in ("norr", "söder"):
        deliveries.run(deliveries.csv(PIPES), source=source)
    rows = all_pipes(register)
    assert counts(deliveries.run(exported(deliveries, rows))) == (4, 0, 0, 4, 0, 0)
    rows[3]["dimension_mm"] = 200.0
    assert counts(deliveries.run(exported(deliveries, rows))) == (4, 0, 1, 3, 0, 0)


def test_an_asset_that_no_source_delivered_is_changed_by_its_uid_and_then_known(
    deliveries: Deliveries, register: TestRegister, known: Look
):
    with register.writing() as work:
        add_assets(work, ["1"], material=["PVC"], protection_class=[2])
    (row,) = all_pipes(register)
    assert counts(deliveries.run(exported(deliveries, [row]))) == (1, 0, 0, 1, 0, 0)
    changed = {**row, "material": "PE", "protection_class": None}
    for expected in ((1, 0, 1, 0, 0, 0), (1, 0, 0, 1, 0, 0)):
        assert counts(deliveries.run(exported(deliveries, [changed]))) == expected
    assert (known("prov:1")["material"], known("prov:1")["protection_class"]) == ("PE", 2)
    with register.writing() as work:
        assets.update_many(work, [row["id"]], [row["uid"]], [{"material": "PE"}], [{"material": "SEG"}])
    result = deliveries.run(exported(deliveries, [{**changed, "material": "GJJ"}]))
    assert counts(result) == (1, 0, 0, 1, 0, 0)
    assert [issue.code for issue in result.issues] == ["conflict"]


def test_a_row_of_our_export_without_uid_is_known_by_its_source_and_key(deliveries: Deliveries, register: TestRegister):
    deliveries.run(deliveries.csv(PIPES), source="led")
    first, second = all_pipes(register)
    assert counts(deliveries.run(exported(deliveries, [first, {**second, "uid": None}]))) == (2, 0, 0, 2, 0, 0)
    added = deliveries.run(exported(deliveries, [{**first, "uid": None, "key": "9"}]), mode="update")
    assert errors(added) == [("key_unknown", 2, "key")]


def test_rows_that_mean_the_same_object_are_all_refused(deliveries: Deliveries, register: TestRegister):
    deliveries.run(deliveries.csv(PIPES), source="led")
    first, _ = all_pipes(register)
    doubled = deliveries.run(exported(deliveries, [first, {**first, "uid": None}, first]))
    assert counts(doubled) == (3, 0, 0, 0, 3, 0)
    assert errors(doubled) == [
        ("duplicate_key", 2, "uid"),
        ("duplicate_key", 3, "key"),
        ("duplicate_key", 4, "uid"),
    ]


def test_rows_with_unknown_uids_never_make_two_objects_of_one_key(deliveries: Deliveries):
    strangers = [
        {**dict.fromkeys(EXPORTED), "source": source, "key": "1", "uid": f"0190aaaa-0000-7000-8000-00000000000{n}"}
        for n, source in enumerate(("norr", "söder"))
    ]
    assert counts(deliveries.run(exported(deliveries, strangers))) == (2, 0, 0, 0, 2, 0)


def test_a_column_called_uid_that_is_not_ours_is_the_id(deliveries: Deliveries, known: Look):
    file = deliveries.csv("uid;Material\nA-1;PVC\nA-2;PE\n", "annat system.csv")
    assert counts(deliveries.run(file)) == (2, 2, 0, 0, 0, 0)
    assert counts(deliveries.run(file)) == (2, 0, 0, 2, 0, 0)
    assert known("annat system:A-2")["material"] == "PE"


def test_an_unknown_uid_among_known_ones_is_refused(deliveries: Deliveries, register: TestRegister):
    deliveries.run(deliveries.csv(PIPES), source="led")
    uid = all_pipes(register)[0]["uid"]
    result = deliveries.run(deliveries.csv(f"uid;Material\n{uid};PVC\n{uid[:-1]}x;PE\n;PE\n", "två.csv"))
    assert counts(result) == (3, 0, 0, 1, 2, 0)
    assert errors(result) == [("uid_unknown", 3, "uid"), ("key_missing", 4, "uid")]


def test_the_same_numbers_in_two_sources_are_two_sets_of_objects(deliveries: Deliveries, register: TestRegister):
    deliveries.run(deliveries.csv(PIPES, "norr.csv"))
    other = deliveries.csv("ID;Material;Dimension\n1;PE;63\n2;SEG;400\n", "söder.csv")
    assert counts(deliveries.run(other)) == (2, 2, 0, 0, 0, 0)
    renamed = deliveries.run(deliveries.csv(PIPES, "norr 2026.csv"))
    assert errors(renamed) == [("coincides_with_source", None, None)]
    assert renamed.issues[0].details["others"] == ["norr"]
    assert len(all_pipes(register)) == 4


def test_two_sources_that_number_alike_may_agree_in_a_row(deliveries: Deliveries):
    deliveries.run(deliveries.csv("ID;Kollektiv\n1;va\n2;skatt\n3;va\n", "norr.csv"))
    assert deliveries.run(deliveries.csv("ID;Kollektiv\n1;va\n2;va\n3;va\n", "söder.csv")).new == 3
    deliveries.run(deliveries.csv("ID;Material\n1;PVC\n2;PE\n3;SEG\n4;GJJ\n", "väster.csv"), "manhole")
    assert deliveries.run(deliveries.csv("ID;Material\n1;PVC\n2;BTG\n3;BTG\n", "öster.csv"), "manhole").new == 3


def test_rows_without_ids_stay_the_same_objects_under_a_better_mapping(deliveries: Deliveries, register: TestRegister):
    line = shapely.LineString([(660_000, 6_560_000), (660_100, 6_560_000)])
    file = deliveries.geopackage({"mtrl": ["PVC"], "bredd": [110]}, [line])
    assert counts(deliveries.run(file)) == (1, 1, 0, 0, 0, 0)
    mapped = deliveries.run(file, mapping={"material": "mtrl", "dimension_mm": "bredd"})
    assert counts(mapped) == (1, 0, 1, 0, 0, 0)
    (pipe,) = all_pipes(register)
    assert (pipe["material"], pipe["dimension_mm"]) == ("PVC", 110.0)


def test_parts_are_told_apart_by_their_own_id_not_by_that_of_the_whole(deliveries: Deliveries, known: Look):
    parts = "KomponentID;ByggnadsID;Komponent\nk1;1;tak\nk2;1;fasad\nk3;2;tak\n"
    assert deliveries.run(deliveries.csv(parts, "delar.csv"), "building_component").new == 3
    assert known("delar:k2")["source_data"] == {"delar": {"ByggnadsID": "1"}}


def test_an_empty_id_column_gives_way_to_the_next(deliveries: Deliveries, known: Look):
    result = deliveries.run(deliveries.csv("LEDID;ID;Material\n;1;PVC\n;2;PE\n"))
    assert (result.new, known("rader:2")["material"]) == (2, "PE")


def test_a_geopackages_own_row_number_is_a_key_where_it_is_asked_for(deliveries: Deliveries, known: Look):
    line = shapely.LineString([(660_000, 6_560_000), (660_100, 6_560_000)])
    file = deliveries.geopackage({"material": ["PVC", "PE"]}, [line, line])
    assert counts(deliveries.run(file, key="fid")) == (2, 2, 0, 0, 0, 0)
    assert known("ledningar:1")["material"] == "PVC"


def test_letters_written_in_two_parts_are_the_same_letters(deliveries: Deliveries, known: Look):
    import unicodedata

    text = "ID;Läggningsår;Förvaltning\nÅ1;1975;Gatuförvaltningen\n"
    deliveries.run(deliveries.csv(text, "ö.csv"))
    apart = deliveries.csv(unicodedata.normalize("NFD", text), unicodedata.normalize("NFD", "ö.csv"))
    assert counts(deliveries.run(apart)) == (1, 0, 0, 1, 0, 0)
    assert known("ö:Å1")["department"] == "Gatuförvaltningen"


def test_what_every_asset_has_changes_with_its_source_without_a_conflict_that_nobody_caused(
    deliveries: Deliveries, known: Look
):
    deliveries.run(deliveries.csv("ID;Material\n1;PVC\n"))
    said = "ID;Material;Status;Kollektiv;Skyddsklass\n1;PVC;{};{};{}\n"
    for status, fund, protection, expected in (
        ("", "", "", ("unknown", "va", 0)),
        ("ur drift", "skatt", 2, ("out_of_service", "tax", 2)),
        ("ur drift", "", "", ("out_of_service", "tax", 2)),
        ("ur drift", "va", 1, ("out_of_service", "va", 1)),
    ):
        result = deliveries.run(deliveries.csv(said.format(status, fund, protection)))
        assert [issue.code for issue in result.issues if issue.code == "conflict"] == []
        pipe = known("rader:1")
        assert (pipe["status"], pipe["fund"], pipe["protection_class"]) == expected


def test_a_part_that_a_person_moved_stays_where_it_is_and_reports_a_conflict(
    deliveries: Deliveries, register: TestRegister, known: Look
):
    deliveries.run(deliveries.csv("ID;Beteckning\n1;Hus A\n2;Hus B\n3;Hus C\n", "hus.csv"), "building")
    parts = "ID;parent;component_kind\n10;Hus A;tak\n"
    deliveries.run(deliveries.csv(parts, "delar.csv"), "building_component")
    with register.writing() as work:
        part, house = (assets.find(work.connection, register.botkyrka, name) for name in ("delar:10", "hus:2"))
        old, new = {"parent_id": part["parent_id"]}, {"parent_id": house["id"]}
        assets.update_many(work, [part["id"]], [part["uid"]], [old], [new])
    moved = deliveries.run(deliveries.csv(parts.replace("Hus A", "Hus C"), "delar.csv"), "building_component")
    assert counts(moved) == (1, 0, 0, 1, 0, 0)
    (conflict,) = (issue for issue in moved.issues if issue.code == "conflict")
    assert (conflict.field, conflict.value, conflict.details["register_value"]) == ("parent", "Hus C", "Hus B")
    assert known("delar:10")["parent"] == known("hus:2")["uid"]


def test_a_saved_profile_is_on_record(deliveries: Deliveries, register: TestRegister):
    deliveries.run(deliveries.csv("nr;AR\n1;1975\n"), profile="led", key="nr", source="led")
    with reading(register.engine) as connection:
        (entry,) = history.of_object(connection, register.botkyrka, "import_profile", 1)
    assert entry.new == {"name": "led", "asset_type": "water_pipe", "options": {"key": "nr", "source": "led"}}


def test_a_conflict_about_a_person_shows_neither_value(deliveries: Deliveries, register: TestRegister):
    text = "ID;contact_name\n1;Ett Namn\n"
    deliveries.run(deliveries.csv(text), "property_unit")
    with register.writing() as work:
        row = assets.find(work.connection, register.botkyrka, "rader:1")
        change = {"attributes": {"contact_name": "Ett Namn"}}, {"attributes": {"contact_name": "Ett Annat"}}
        assets.update_many(
            work, [row["id"]], [row["uid"]], [change[0]], [change[1]], personal_fields=frozenset({"contact_name"})
        )
    result = deliveries.run(deliveries.csv(text.replace("Ett Namn", "Ett Tredje")), "property_unit")
    (conflict,) = [issue for issue in result.issues if issue.code == "conflict"]
    assert (conflict.field, conflict.value, conflict.details["register_value"]) == ("contact_name", None, None)
