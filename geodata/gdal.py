"""Lets GDAL into this process with a single driver. Only the confined child imports this module's library.

A file's name says nothing to GDAL: any driver that recognises the content takes it, and some drivers read other files
or call the network. What is skipped must stand in the environment before the library loads.
"""

import os
import warnings
from types import ModuleType

from geodata.errors import LayerError

DRIVERS = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,CSV,CSW,Carto,DGN,DXF,EDIGEO,EEDA,ESRIJSON,ESRI Shapefile,Elasticsearch,"
    "FlatGeobuf,GDALG,GML,GPKG,GPSBabel,GPX,GTFS,GeoJSON,GeoJSONSeq,GeoRSS,HTTP,Idrisi,JML,JSONFG,KML,LIBKML,LVBAG,"
    "MBTiles,MEM,MVT,MapInfo File,MapML,MiraMonVector,NGW,OAPIF,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,OpenFileGDB,"
    "PCIDSK,PDF,PDS4,PGDUMP,PLSCENES,PMTiles,S57,SQLite,SXF,Selafin,TopoJSON,VDV,VFK,VICAR,WAsP,WFS,XLSX"
)
"""Every driver of the library's current release; those of a later one are found out by the check in `load_gdal`."""

SETTINGS = {
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_VSIL_CURL_CHUNK_SIZE": "0",
    "PROJ_NETWORK": "OFF",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "OGR_GPKG_NUM_THREADS": "2",
    "OGR_ARC_STEPSIZE": "1",
    "SHAPE_RESTORE_SHX": "NO",
    "CPL_LOG_ERRORS": "OFF",
}
ARC_STEP_DEGREES = 1.0
ARC_RELATIVE_ERROR = 3.8e-5
"""Curves become chords of one degree; a chord strays from its arc by at most (1 - cos 0.5°) of the radius: 4 mm on 100
m.
"""


class UnexpectedDriversError(Exception):
    """The library brings drivers that were not known when the skip list was written; `names` lists them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def load_gdal(driver: str, also_skipped: tuple[str, ...] = ()) -> ModuleType:
    """`pyogrio.raw`, able to open `driver` and nothing else; raises UnexpectedDriversError if more than that is
    there.
    """
    skipped = [name for name in (*DRIVERS.split(","), *also_skipped) if name != driver]
    os.environ.update(SETTINGS)
    # Separated by commas: with spaces "ESRI Shapefile" would be two names, and stay.
    os.environ["GDAL_SKIP"] = ",".join(skipped)
    # Hidden in the function because the settings above count only before the library loads.
    import pyogrio
    import pyogrio.raw

    warnings.simplefilter("ignore")
    there = set(pyogrio.list_drivers())
    if there != {driver}:
        raise UnexpectedDriversError(tuple(sorted(there - {driver})))
    reader: ModuleType = pyogrio.raw
    return reader


def check_driver(reported: str, expected: str) -> None:
    """What opened the file must be what we allowed."""
    if reported != expected:
        raise LayerError("format_mismatch", expected=expected)
