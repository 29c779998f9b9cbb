"""The catalogue as JSON."""

import json

from assetmgr.catalogue import ASSET_TYPES, describe_types


def test_every_type_is_told_in_plain_json() -> None:
    told = describe_types()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert [entry["name"] for entry in told] == list(ASSET_TYPES)


def test_a_type_is_told_whole() -> None:
    lta = next(entry for entry in describe_types() if entry["name"] == "lta_station")
    assert (lta["label_sv"], lta["label_en"], lta["slug_sv"]) == ("LTA-station", "LTA pump station", "lta-stationer")
    assert (lta["geometry_kind"], lta["default_fund"]) == ("Point", "va")
    depth = next(attribute for attribute in lta["attributes"] if attribute["name"] == "tank_depth_m")
    assert (depth["type"], depth["unit"], depth["label_sv"]) == ("number", "m", "Tankdjup")
    assert [treatment["name"] for treatment in lta["treatments"]] == [
        "service_lta",
        "replace_lta_pump",
        "replace_lta_unit",
    ]
    assert lta["deterioration"][0]["age_50_failed"] == 12
    assert lta["treatments"][0]["unit_price"]["source"] == {
        "title": "Branschschablon, ej kontrollerad",
        "year": 2024,
        "verified": False,
    }
