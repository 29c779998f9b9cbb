"""The whole of the invented municipality, part by part."""

from datetime import date

import numpy as np

from assetmgr.demonstration import kagghamra, seen
from assetmgr.demonstration.free_ground import FreeGround
from assetmgr.demonstration.numbering import Numbering
from assetmgr.demonstration.records import Demonstration
from assetmgr.demonstration.town_buildings import buildings
from assetmgr.demonstration.town_network import TownNetwork
from assetmgr.demonstration.town_streets import town
from assetmgr.demonstration.town_works import add_works


def build(as_of: date, seed: int) -> Demonstration:
    """Kagghamra, the older town and the municipality's buildings, as they stand on a day; the same seed gives the
    same."""
    random = np.random.default_rng(seed)
    result = kagghamra.build(as_of, random)
    streets = town(random)
    numbers = Numbering()
    network = TownNetwork(streets, as_of, random, numbers)
    result.add(network.built())
    ground = FreeGround(streets)
    works_from = len(network.result.assets)
    add_works(network, ground)
    result.assets.extend(network.result.assets[works_from:])
    result.add(buildings(ground, as_of, random, numbers))
    result.inspections.extend(seen.inspections(result.assets, as_of, random))
    return result
