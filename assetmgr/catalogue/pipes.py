"""What pipes have in common, put together per kind of flow; and what a pipe failure costs."""

from assetmgr.catalogue.common import (
    ADMINISTRATION,
    DESIGNATION,
    GROUND_ATTRIBUTE,
    INSULATED,
    INVERT_LEVEL_DOWN_M,
    INVERT_LEVEL_UP_M,
    LAID_YEAR,
    LENGTH_M,
    LINING,
    PRESSURE_CLASS,
    PRESSURE_ZONE,
    RENEWAL_METHOD,
    RENEWED_YEAR,
    SDR,
    STATUS,
    SURROUNDINGS_ATTRIBUTE,
    dimension_mm,
    material,
)
from assetmgr.catalogue.model import Attribute, Choice, Consequence
from assetmgr.catalogue.reference_values.factors import BY_FAILURE
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES

FUNCTION = Attribute(
    "function",
    "Funktion",
    "Function",
    str,
    choices=(
        Choice("main", "Huvudledning", "Main", ("huvud", "h", "trunk", "hl")),
        Choice("transfer", "Överföringsledning", "Transfer main", ("överföring", "transmission", "ö", "öl")),
        Choice("distribution", "Distributionsledning", "Distribution main", ("distribution", "d", "fördelning")),
        Choice("service", "Servisledning", "Service pipe", ("servis", "s", "service")),
        Choice("raw_water", "Råvattenledning", "Raw water main", ("råvatten", "raw", "raw water")),
        Choice("outfall", "Utloppsledning", "Outfall", ("utlopp", "bräddledning", "outlet")),
    ),
    aliases=("ledningsfunktion", "funktionskod", "ledn_funktion", "ledningstyp", "main_type"),
)
SLOPE_PERMILLE = Attribute(
    "slope_permille",
    "Lutning",
    "Slope",
    float,
    unit="‰",
    aliases=("lutn", "fall", "gradient"),
    minimum=-1000,
    maximum=1000,
)
_PIPE_START = (DESIGNATION, STATUS, material(), dimension_mm(), LAID_YEAR, LENGTH_M, FUNCTION)
_PIPE_END = (RENEWED_YEAR, RENEWAL_METHOD, SURROUNDINGS_ATTRIBUTE, GROUND_ATTRIBUTE, *ADMINISTRATION)

PRESSURE_PIPE_ATTRIBUTES: tuple[Attribute, ...] = (
    *_PIPE_START,
    PRESSURE_CLASS,
    SDR,
    PRESSURE_ZONE,
    LINING,
    INSULATED,
    INVERT_LEVEL_UP_M,
    INVERT_LEVEL_DOWN_M,
    *_PIPE_END,
)
GRAVITY_PIPE_ATTRIBUTES: tuple[Attribute, ...] = (
    *_PIPE_START,
    INVERT_LEVEL_UP_M,
    INVERT_LEVEL_DOWN_M,
    SLOPE_PERMILLE,
    SDR,
    INSULATED,
    *_PIPE_END,
)
PIPE_FAILURE = Consequence(cost=NETWORK_PRICES["leak_repair"], by_dimension=BY_FAILURE)
"""An emergency repair. Damage to others and water lost are not in it: no figure is known."""
