"""Treatments by name. An asset type names those that may be done to it."""

from assetmgr.catalogue.model import TreatmentRule
from assetmgr.catalogue.treatments.buildings import BUILDING_TREATMENTS
from assetmgr.catalogue.treatments.network import NETWORK_TREATMENTS
from assetmgr.catalogue.treatments.outdoor import OUTDOOR_TREATMENTS
from assetmgr.catalogue.treatments.stations import STATION_TREATMENTS

TREATMENTS: dict[str, TreatmentRule] = {
    rule.name: rule
    for group in (NETWORK_TREATMENTS, STATION_TREATMENTS, BUILDING_TREATMENTS, OUTDOOR_TREATMENTS)
    for rule in group
}
