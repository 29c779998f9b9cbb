"""The catalogue: asset types, attributes, scales, treatments, checks, curves and figures as data. Cheap to import."""

from assetmgr.catalogue.asset_types import ASSET_TYPES
from assetmgr.catalogue.booking import BOOKING_RULES, booking
from assetmgr.catalogue.catalogue import CATALOGUE, Catalogue
from assetmgr.catalogue.checks import CHECKS
from assetmgr.catalogue.condition import HEALTH_CLASSES, health_class
from assetmgr.catalogue.curves import CURVES
from assetmgr.catalogue.description import describe_types
from assetmgr.catalogue.labels import ATTRIBUTE_GROUPS, BOOKINGS, FUND_LABELS, KINDS, STATUSES
from assetmgr.catalogue.naming import BLANK_WORDS, choice_lookup, field_lookup, fold_name, fold_value, is_blank
from assetmgr.catalogue.reference_values import REFERENCE_VALUES
from assetmgr.catalogue.scales import SCALES
from assetmgr.catalogue.treatments import TREATMENTS

__all__ = [
    "ASSET_TYPES",
    "ATTRIBUTE_GROUPS",
    "BLANK_WORDS",
    "BOOKINGS",
    "BOOKING_RULES",
    "CATALOGUE",
    "CHECKS",
    "CURVES",
    "FUND_LABELS",
    "HEALTH_CLASSES",
    "KINDS",
    "REFERENCE_VALUES",
    "SCALES",
    "STATUSES",
    "TREATMENTS",
    "Catalogue",
    "booking",
    "choice_lookup",
    "describe_types",
    "field_lookup",
    "fold_name",
    "fold_value",
    "health_class",
    "is_blank",
]
