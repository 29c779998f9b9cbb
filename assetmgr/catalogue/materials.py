"""Materials by code: the short codes of Swedish network registers, with the words and abbreviations files use."""

from assetmgr.catalogue.model import Choice

PIPE_MATERIALS: tuple[Choice, ...] = (
    Choice(
        "GJJ",
        "Gråjärn",
        "Grey cast iron",
        ("gjj", "gj", "gjutjärn", "grått gjutjärn", "ci", "cast iron", "gray cast iron", "cast iron concrete lined"),
    ),
    Choice(
        "SEG",
        "Segjärn",
        "Ductile iron",
        (
            "sgj",
            "segjärn",
            "segt gjutjärn",
            "di",
            "dip",
            "ductile",
            "ductile iron concrete lined",
            "earthquake resistant ductile iron",
        ),
    ),
    Choice("STL", "Stål", "Steel", ("st", "stål", "stal", "steel", "stålrör")),
    Choice("RF", "Rostfritt stål", "Stainless steel", ("rfr", "rostfritt", "rostfri", "ss", "syrafast")),
    Choice(
        "PE",
        "Polyeten (PE)",
        "Polyethylene (PE)",
        ("pe", "pel", "pem", "peh", "hdpe", "mdpe", "ldpe", "polyeten", "polyethylene", "high density polyethylene"),
    ),
    Choice("PE80", "Polyeten PE80", "Polyethylene PE80", ("pe 80", "pe-80")),
    Choice("PE100", "Polyeten PE100", "Polyethylene PE100", ("pe 100", "pe-100", "pe100rc", "pe 100 rc", "pe100-rc")),
    Choice("PVC", "PVC", "PVC", ("pvc-u", "upvc", "pvcu", "polyvinylklorid", "polyvinyl chloride")),
    Choice("PVCO", "PVC-O, molekylorienterad", "PVC-O, oriented", ("pvc-o", "pvc o", "opvc", "oriented pvc")),
    Choice("PP", "Polypropen (PP)", "Polypropylene (PP)", ("polypropen", "polypropylen", "polypropylene", "pragma")),
    Choice(
        "BTG",
        "Betong",
        "Concrete",
        ("bt", "btg", "betong", "concrete", "conc", "rcp", "reinforced concrete", "betongrör"),
    ),
    Choice(
        "CPP",
        "Betong, tryckrör",
        "Concrete pressure pipe",
        ("concrete pressure", "pccp", "betongtryckrör", "sentab", "premo"),
    ),
    Choice("LER", "Lergods", "Vitrified clay", ("le", "lergods", "lera", "vc", "vcp", "clay", "glaserat lergods")),
    Choice("ETE", "Asbestcement", "Asbestos cement", ("eternit", "asbest", "asbestcement", "ac", "acp", "transite")),
    Choice(
        "GAP", "Glasfiberarmerad plast", "Glass-fibre reinforced plastic", ("gap", "glasfiber", "grp", "gup", "gfk")
    ),
    Choice(
        "FOD", "Foder (infodrad)", "Lining (CIPP)", ("foder", "flexibelt foder", "strumpa", "cipp", "cured in place")
    ),
    Choice("CU", "Koppar", "Copper", ("cop", "koppar", "copper")),
    Choice("TEG", "Tegel, murad", "Brick", ("tegel", "murad", "mur", "brick")),
)
PLASTICS = ("PE", "PE80", "PE100", "PVC", "PVCO", "PP")

MANHOLE_MATERIALS: tuple[Choice, ...] = tuple(
    choice for choice in PIPE_MATERIALS if choice.code in ("BTG", "PE", "PP", "PVC", "GAP", "TEG", "GJJ")
)

COMPONENT_MATERIALS: tuple[Choice, ...] = (
    Choice("bitumen", "Bitumen, papp", "Bitumen felt", ("papp", "tätskiktsmatta", "takpapp")),
    Choice("rubber", "Gummiduk", "Rubber membrane", ("gummi", "epdm", "duk")),
    Choice("tile", "Tegel- eller betongpannor", "Roof tiles", ("takpannor", "tegelpannor", "betongpannor", "takpanna")),
    Choice("sheet_metal", "Plåt", "Sheet metal", ("plåttak", "falsad plåt", "metal")),
    Choice("wood", "Trä", "Wood", ("träpanel", "panel", "timber")),
    Choice("render", "Puts", "Render", ("putsad", "plaster", "stucco")),
    Choice("brick", "Tegel", "Brick", ("fasadtegel", "tegelfasad")),
    Choice("concrete", "Betong", "Concrete", ("betongelement",)),
    Choice("cast_iron", "Gjutjärn", "Cast iron", ("gjutjärnsrör",)),
    Choice("plastic", "Plast", "Plastic", ("pvc", "pp", "plastmatta")),
    Choice("aluminium", "Aluminium", "Aluminium", ("alu",)),
    Choice("wood_aluminium", "Trä och aluminium", "Wood and aluminium", ("trä/aluminium", "aluminiumbeklädd")),
    Choice("other", "Annat", "Other", ("övrigt",)),
)
