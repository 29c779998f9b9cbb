"""Every figure of the catalogue that a municipality may replace with its own, by name."""

from assetmgr.catalogue.model import ReferenceValue
from assetmgr.catalogue.reference_values.accounting import ACCOUNTING_VALUES
from assetmgr.catalogue.reference_values.building_prices import BUILDING_PRICES
from assetmgr.catalogue.reference_values.check_prices import CHECK_PRICES
from assetmgr.catalogue.reference_values.component_lives import COMPONENT_LIVES
from assetmgr.catalogue.reference_values.factors import FACTORS
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES
from assetmgr.catalogue.reference_values.performance import PERFORMANCE_VALUES

REFERENCE_VALUES: dict[str, ReferenceValue] = {
    value.name: value
    for group in (
        NETWORK_PRICES,
        BUILDING_PRICES,
        CHECK_PRICES,
        COMPONENT_LIVES,
        FACTORS,
        PERFORMANCE_VALUES,
        ACCOUNTING_VALUES,
    )
    for value in group.values()
}
