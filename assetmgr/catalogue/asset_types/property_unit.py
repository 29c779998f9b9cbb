from assetmgr.catalogue.common import ADDRESS, ADMINISTRATION, DESIGNATION, PROPERTY_DESIGNATION, STATUS, area_m2
from assetmgr.catalogue.model import AssetType, Attribute

ASSET_TYPE = AssetType(
    name="property_unit",
    slug_sv="fastigheter",
    label_sv="Fastighet",
    label_plural_sv="Fastigheter",
    label_en="Property",
    label_plural_en="Properties",
    geometry_kind="Polygon",
    measured="area_m2",
    also_geometry_kinds=("Point",),
    default_fund="tax",
    attributes=(
        DESIGNATION,
        STATUS,
        PROPERTY_DESIGNATION,
        ADDRESS,
        area_m2("Areal", "Area", "landareal", "tomtareal", "tomtyta"),
        Attribute(
            "object_identity", "Objektidentitet", "Object identity", str, aliases=("objid_lm",), group="identity"
        ),
        Attribute(
            "contact_name",
            "Kontaktperson",
            "Contact name",
            str,
            aliases=("kontakt", "kontaktnamn", "ägare", "ägarnamn", "lagfaren_ägare"),
            personal=True,
            group="contact",
        ),
        Attribute(
            "contact_phone",
            "Telefon",
            "Phone",
            str,
            aliases=("tel", "telefonnummer", "mobil", "kontakttelefon"),
            personal=True,
            group="contact",
        ),
        Attribute(
            "contact_email",
            "E-post",
            "E-mail",
            str,
            aliases=("epostadress", "mail", "mejl", "kontaktepost"),
            personal=True,
            group="contact",
        ),
        *ADMINISTRATION,
    ),
    group="property",
    import_aliases=("FASTIGHET", "registerenhetsomradesyta", "registerenhetsomradesytor", "Property", "Parcel"),
)
