"""Registers for services to work in."""

from tests.registers import migrated_postgis, migrated_sqlite, register

__all__ = ["migrated_postgis", "migrated_sqlite", "register"]
