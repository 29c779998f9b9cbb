"""Replacement values where nobody has stated one."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from assetmgr.catalogue import ASSET_TYPES
from assetmgr.services.replacement_values import CalculatedValue, calculated
from assetmgr.store import assets, tables
from assetmgr.store.assets import AssetFilter
from assetmgr.store.writing import reading
from tests.registers import TestRegister, add_assets

LTA_PRICE = ASSET_TYPES["lta_station"].replacement_price


def values(register: TestRegister) -> dict[str, CalculatedValue]:
    with reading(register.engine) as connection:
        rows: Sequence[Any] = assets.page(connection, register.botkyrka, AssetFilter(), sort="key")
        found = calculated(connection, register.botkyrka, rows)
    return {row["key"]: found[row["id"]] for row in rows if row["id"] in found}


def test_what_has_no_stated_value_gets_the_price_of_the_catalogue(register: TestRegister) -> None:
    assert LTA_PRICE is not None
    with register.writing() as work:
        add_assets(work, ["L1", "L2"], "lta_station")
    price = CalculatedValue(round(LTA_PRICE.mid), LTA_PRICE.source.year, LTA_PRICE.source.verified)
    assert values(register) == {"L1": price, "L2": price}


def test_a_pipe_is_worth_its_renewal_over_its_length(register: TestRegister) -> None:
    with register.writing() as work:
        add_assets(work, ["V1", "V2"], dimension_mm=110.0, length_m=[100.0, 200.0], material="GJJ")
    found = values(register)
    assert found["V1"].sek > 0
    assert found["V2"].sek == pytest.approx(2 * found["V1"].sek, abs=1)
    assert found["V1"].is_verified is False


def test_a_stated_value_is_not_worked_out_and_what_lacks_measure_or_price_has_none(register: TestRegister) -> None:
    with register.writing() as work:
        add_assets(work, ["L1"], "lta_station", replacement_value_sek=75_000)
        add_assets(work, ["V1"], dimension_mm=110.0)
        add_assets(work, ["B1"], "building", fund="tax", area_m2=500.0)
    assert values(register) == {}


def test_ones_own_price_is_used_and_nothing_is_stored(register: TestRegister) -> None:
    assert LTA_PRICE is not None
    with register.writing() as work:
        add_assets(work, ["L1"], "lta_station", quantity=1.0)
        work.connection.execute(
            tables.reference_override.insert().values(
                municipality_id=register.botkyrka.municipality_id,
                name=LTA_PRICE.name,
                low=90_000,
                mid=95_000,
                high=99_000,
                source="Egen upphandling",
                year=2026,
                verified=True,
            )
        )
    assert values(register) == {"L1": CalculatedValue(95_000, 2026, True)}
    with reading(register.engine) as connection:
        assert connection.execute(select(tables.asset.c.replacement_value_sek)).scalars().all() == [None]
