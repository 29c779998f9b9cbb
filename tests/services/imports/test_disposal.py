"""A person's values that came with an import can be disposed of everywhere, and the chain of records still holds."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from assetmgr import models
from assetmgr.errors import AssetmgrError, NotAllowed
from assetmgr.store import assets, history, personal
from assetmgr.store.access import Actor
from assetmgr.store.writing import reading, verify_chain
from tests.registers import TestRegister
from tests.services.imports.conftest import Deliveries

FIELDS = ("contact_name", "contact_phone")
HEAD = "id;beteckning;kontaktperson;telefon\n"


def _everything_kept(register: TestRegister) -> str:
    with reading(register.engine) as connection:
        return "\n".join(
            str(tuple(row))
            for name in models.metadata.tables
            for row in connection.execute(text(f"SELECT * FROM {name}"))
        )


def _asset_id(register: TestRegister, key: str) -> int:
    with reading(register.engine) as connection:
        return int(assets.find(connection, register.botkyrka, f"rader:{key}")["id"])


def _two_plots(deliveries: Deliveries) -> None:
    """Two plots with contacts, of whom one has been changed by a second delivery."""
    for name in ("Åsa", "Örjan"):
        file = deliveries.csv(f"{HEAD}1;PÅHITTAD 1;{name} Påhittad;070-1\n2;PÅHITTAD 2;Nils Exempel;070-2\n")
        assert deliveries.run(file, "property_unit", key="id").accepted


def test_disposed_values_stand_nowhere_and_the_chain_holds(deliveries: Deliveries) -> None:
    register = deliveries.register
    _two_plots(deliveries)
    before = _everything_kept(register)
    assert all(word in before for word in ("Åsa Påhittad", "Örjan Påhittad", "070-1"))
    with register.writing(reason="Gallringsbeslut TFN/2026:12") as work:
        personal.dispose_of(work, _asset_id(register, "1"), FIELDS)
    after = _everything_kept(register)
    assert [word for word in ("Åsa Påhittad", "Örjan Påhittad", "070-1") if word in after] == []
    assert "Nils Exempel" in after
    with reading(register.engine) as connection:
        assert verify_chain(connection, register.botkyrka.municipality_id) is None
        latest, *earlier = history.of_asset(connection, register.botkyrka, _asset_id(register, "1"))
        row = assets.find(connection, register.botkyrka, "rader:1")
    assert row["attributes"].keys().isdisjoint(FIELDS)
    assert latest.reason == "Gallringsbeslut TFN/2026:12"
    assert latest.new == {"attributes": {"contact_name": None, "contact_phone": None}}
    assert latest.old is not None
    assert latest.old["attributes"]["contact_name"] == (earlier[0].new or {})["attributes"]["contact_name"]


def test_a_source_that_delivers_the_values_again_brings_them_back(deliveries: Deliveries) -> None:
    register = deliveries.register
    _two_plots(deliveries)
    with register.writing(reason="Gallringsbeslut TFN/2026:12") as work:
        personal.dispose_of(work, _asset_id(register, "1"), FIELDS)
    file = deliveries.csv(f"{HEAD}1;PÅHITTAD 1;;\n2;PÅHITTAD 2;Nils Exempel;070-2\n")
    emptied = deliveries.run(file, "property_unit", key="id")
    assert emptied.changed == 0
    assert "conflict" not in {issue.code for issue in emptied.issues}
    file = deliveries.csv(f"{HEAD}1;PÅHITTAD 1;Örjan Påhittad;070-1\n2;PÅHITTAD 2;Nils Exempel;070-2\n")
    assert deliveries.run(file, "property_unit", key="id").changed == 1


def test_disposal_needs_a_decision_and_the_right(deliveries: Deliveries) -> None:
    register = deliveries.register
    _two_plots(deliveries)
    asset_id = _asset_id(register, "1")
    before = _everything_kept(register)
    with pytest.raises(AssetmgrError) as refused, register.writing(reason=" ") as work:
        personal.dispose_of(work, asset_id, FIELDS)
    assert refused.value.code == "disposal_without_decision"
    editor = Actor(register.botkyrka.municipality_id, "redaktör", frozenset({"gis_editor"}))
    with pytest.raises(NotAllowed), register.writing(editor, "Gallringsbeslut TFN/2026:12") as work:
        personal.dispose_of(work, asset_id, FIELDS)
    assert _everything_kept(register) == before
