"""The file formats we read, one module each. A new one is a module here and a line in `FORMATS`."""

from geodata.formats.csv import CSV
from geodata.formats.format import Format
from geodata.formats.geojson import GEOJSON
from geodata.formats.geopackage import GEOPACKAGE
from geodata.formats.shapefile import SHAPEFILE

FORMATS: tuple[Format, ...] = (GEOPACKAGE, GEOJSON, SHAPEFILE, CSV)

ARCHIVE_SUFFIX = ".zip"


def format_for_suffix(suffix: str) -> Format | None:
    """The format files with this ending (".gpkg") have, whatever its case; None for an ending we do not read."""
    return next((format for format in FORMATS if suffix.lower() in format.suffixes), None)


def supported_suffixes() -> tuple[str, ...]:
    """Every ending we read, archives included."""
    return (*(suffix for format in FORMATS for suffix in format.suffixes), ARCHIVE_SUFFIX)
