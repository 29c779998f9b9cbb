"""Which survival curve a pipe follows, by material and vintage. First match wins; an unknown year matches no vintage.

The source gives no curve for some combinations; what stands in for them is chosen on the cautious side: ductile iron
laid in or before 1985, or in an unknown year, counts as the early kind; a sewer of clay, brick or concrete pressure
pipe counts as concrete of its vintage; glass fibre counts as modern plastic; where the material of a pipe is unknown,
or has no curve of its own, the common one of the time is assumed.
"""

from dataclasses import replace

from assetmgr.catalogue.model import CurveRule

# A renewed pipe follows what it was renewed with, whatever the host pipe is made of.
RENEWAL_RULES: tuple[CurveRule, ...] = (
    CurveRule("lining", materials=("FOD",)),
    CurveRule("lining", attributes={"renewal_method": ("cipp_lining",)}),
    CurveRule("pe_from_1980", attributes={"renewal_method": ("slip_lining", "pipe_bursting")}),
)
WATER_MATERIAL_RULES: tuple[CurveRule, ...] = (
    *RENEWAL_RULES,
    CurveRule("water_grey_cast_iron", materials=("GJJ",)),
    CurveRule("water_ductile_iron_modern", materials=("SEG",), built_from=1986),
    CurveRule("water_ductile_iron_early", materials=("SEG",)),
    CurveRule("water_steel", materials=("STL", "RF")),
    CurveRule("water_asbestos_cement", materials=("ETE",)),
    CurveRule("pvc_pressure_from_1974", materials=("PVC",), built_from=1974),
    CurveRule("pvc_pressure_before_1974", materials=("PVC",)),
    CurveRule("pvc_pressure_from_1974", materials=("PVCO",)),
    CurveRule("pe_from_1980", materials=("PE80", "PE100", "PP")),
    CurveRule("pe_from_1980", materials=("PE",), built_from=1980),
    CurveRule("pe_before_1980", materials=("PE",)),
    CurveRule("plastic_sewer_from_1980", materials=("GAP",)),
)
WATER_RULES: tuple[CurveRule, ...] = (
    *WATER_MATERIAL_RULES,
    CurveRule("pe_from_1980", built_from=1986),
    CurveRule("water_ductile_iron_early", built_from=1970),
    CurveRule("water_grey_cast_iron"),
)
SEWER_RULES: tuple[CurveRule, ...] = (
    *RENEWAL_RULES,
    CurveRule("plastic_sewer_from_1980", materials=("PVC", "PP", "PE", "PVCO"), built_from=1980),
    CurveRule("plastic_sewer_before_1980", materials=("PVC", "PP", "PE", "PVCO")),
    CurveRule("plastic_sewer_from_1980", materials=("PE80", "PE100", "GAP")),
    CurveRule("water_grey_cast_iron", materials=("GJJ",)),
    CurveRule("water_ductile_iron_early", materials=("SEG",)),
    CurveRule("water_steel", materials=("STL", "RF")),
    CurveRule("water_asbestos_cement", materials=("ETE",)),
    CurveRule("concrete_sewer_before_1950", materials=("BTG", "LER", "CPP", "TEG"), built_before=1950),
    CurveRule("concrete_sewer_1950_1970", materials=("BTG", "LER", "CPP", "TEG"), built_before=1971),
    CurveRule("concrete_sewer_after_1970", materials=("BTG", "LER", "CPP", "TEG"), built_from=1971),
    CurveRule("concrete_sewer_1950_1970", materials=("BTG", "LER", "CPP", "TEG")),
    CurveRule("plastic_sewer_from_1980", built_from=1980),
    CurveRule("concrete_sewer_after_1970", built_from=1971),
    CurveRule("concrete_sewer_before_1950", built_before=1950),
    CurveRule("concrete_sewer_1950_1970"),
)


def where(rules: tuple[CurveRule, ...], **attributes: tuple[str, ...]) -> tuple[CurveRule, ...]:
    """The same rules, holding only where the attributes have one of the codes."""
    return tuple(replace(rule, attributes={**rule.attributes, **attributes}) for rule in rules)
