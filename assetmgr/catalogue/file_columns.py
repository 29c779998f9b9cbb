"""What files call the columns that are not attributes: identity and coordinates. Compare with `naming.first_match`."""

ID_FIELDS_OF_TYPE: dict[str, tuple[str, ...]] = {
    "property_unit": ("fastighetsid", "fnr"),
    "building": ("byggnadsid", "byggnad_id", "husid"),
    "connection_point": ("forbindelsepunktid", "fp_id"),
}
"""Ids of what other things belong to: in a file of those, they are rather the id of the whole than of the row."""
ID_FIELD_ALIASES: tuple[str, ...] = (
    # The owner's own numbers: they live as long as the thing does.
    "objektidentitet",
    "watmainid",
    "sanmainid",
    "stmmainid",
    "mainid",
    "pipe_id",
    "pipeid",
    "ledid",
    "led_id",
    "ledningsid",
    "ledning_id",
    "ledningsnr",
    "ledningsnummer",
    "brunnsid",
    "brunn_id",
    "brunnsnr",
    "nodid",
    "nod_id",
    "ventilid",
    "brandpostid",
    "stationsid",
    "lta_id",
    "servisid",
    "fp_id",
    "forbindelsepunktid",
    "byggnadsid",
    "byggnad_id",
    "husid",
    "fastighetsid",
    "fnr",
    "komponentid",
    "byggdelsid",
    "lekplatsid",
    "anlaggningsid",
    "anl_id",
    "asset_id",
    "assetid",
    "facilityid",
    "facility_id",
    "manhole_id",
    "node_id",
    "externt_id",
    "extern_id",
    "external_id",
    # Made by a database, but kept when the layer is copied.
    "globalid",
    "global_id",
    "uuid",
    "guid",
    "objektid",
    "objekt_id",
    "objid",
    "id",
    "littera",
    # Counters that a new export may deal out anew: last resort.
    "objectid",
    "object_id",
    "ogc_fid",
    "fid",
    "gid",
)
"""Names of a column that identifies the row, stablest first."""

EAST_ALIASES: tuple[str, ...] = (
    "e",
    "east",
    "easting",
    "ost",
    "öst",
    "östlig",
    "ostkoordinat",
    "e_koord",
    "e_koordinat",
    "ekoordinat",
    "koord_e",
    "sweref_e",
    "sweref99_e",
    "sweref99tm_e",
    "point_x",
)
NORTH_ALIASES: tuple[str, ...] = (
    "n",
    "north",
    "northing",
    "nord",
    "norr",
    "nordlig",
    "nordkoordinat",
    "n_koord",
    "n_koordinat",
    "nkoordinat",
    "koord_n",
    "sweref_n",
    "sweref99_n",
    "sweref99tm_n",
    "point_y",
)
LON_ALIASES: tuple[str, ...] = ("lon", "long", "lng", "longitude", "longitud", "wgs84_lon", "lon_wgs84")
LAT_ALIASES: tuple[str, ...] = ("lat", "latitude", "latitud", "wgs84_lat", "lat_wgs84")

X_ALIASES: tuple[str, ...] = ("x", "x_koord", "x_koordinat", "xkoord", "koord_x", "x_coord", "xcoord", "coord_x")
"""Means nothing without a look at the numbers: Swedish surveyors write X for north, GIS writes X for east."""
Y_ALIASES: tuple[str, ...] = ("y", "y_koord", "y_koordinat", "ykoord", "koord_y", "y_coord", "ycoord", "coord_y")
"""See `X_ALIASES`: north for GIS, east for Swedish surveyors."""

WKT_ALIASES: tuple[str, ...] = (
    "wkt",
    "geometry_wkt",
    "geom_wkt",
    "wkt_geom",
    "the_geom",
    "geom",
    "geometri",
    "geometry",
)
