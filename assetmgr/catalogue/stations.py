"""What stations and works have in common."""

from assetmgr.catalogue.common import (
    ADDRESS,
    ADMINISTRATION,
    BUILDING_YEAR,
    DESIGNATION,
    PROPERTY_DESIGNATION,
    RENEWED_YEAR,
    STATUS,
    count,
    yes_no,
)
from assetmgr.catalogue.model import Attribute, Choice


def volume_m3(*aliases: str) -> Attribute:
    return Attribute(
        "volume_m3",
        "Volym",
        "Volume",
        float,
        unit="m³",
        aliases=("vol", "volym_m3", "magasinsvolym", *aliases),
        minimum=0,
        maximum=10_000_000,
    )


SIZE_CLASS = Attribute(
    "size_class",
    "Storlek",
    "Size",
    str,
    choices=(
        Choice("small", "Liten", "Small", ("litet", "prefab")),
        Choice("large", "Stor", "Large", ("stort", "platsbyggd")),
    ),
    aliases=("storleksklass",),
    help_sv="Styr priset; okänd räknas som liten.",
    help_en="Decides the price; unknown counts as small.",
)
_PLACE = (DESIGNATION, STATUS, PROPERTY_DESIGNATION, ADDRESS, BUILDING_YEAR)

STATION_TECHNICAL: tuple[Attribute, ...] = (
    *_PLACE,
    SIZE_CLASS,
    count("pumps", "Antal pumpar", "Number of pumps", "pumpar", "pump_count", maximum=50),
    Attribute(
        "capacity_l_s",
        "Kapacitet",
        "Capacity",
        float,
        unit="l/s",
        aliases=("kap", "pumpkapacitet", "flöde"),
        minimum=0,
        maximum=100_000,
    ),
    yes_no("alarm_connected", "Larm anslutet", "Alarm connected", "larm", "larm_ansluten", "alarm"),
    yes_no("backup_power", "Reservkraft", "Backup power", "reservkraft_finns"),
    RENEWED_YEAR,
)
OVERFLOWS: tuple[Attribute, ...] = (
    yes_no("overflow", "Bräddavlopp", "Overflow", "brädd", "bräddning"),
    yes_no("emergency_overflow", "Nödutlopp", "Emergency overflow", "nödöverlopp", "nödbrädd"),
)
WORKS_ATTRIBUTES: tuple[Attribute, ...] = (
    *_PLACE,
    Attribute(
        "capacity_m3_d",
        "Kapacitet",
        "Capacity",
        float,
        unit="m³/d",
        aliases=("kap", "dygnskapacitet"),
        minimum=0,
        maximum=10_000_000,
    ),
    yes_no("backup_power", "Reservkraft", "Backup power", "reservkraft_finns"),
    RENEWED_YEAR,
    *ADMINISTRATION,
)
