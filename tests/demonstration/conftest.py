"""The demonstration, made once for all tests that only look at it."""

from collections import defaultdict

import numpy as np
import numpy.typing as npt
import pytest
import shapely

from assetmgr.demonstration import DEFAULT_AS_OF, DEFAULT_SEED, DemoAsset, Demonstration, build


class Invented:
    """The demonstration by key and by type."""

    def __init__(self, made: Demonstration) -> None:
        self.made = made
        self.by_key = {asset.key: asset for asset in made.assets}
        self._by_type: dict[str, list[DemoAsset]] = defaultdict(list)
        for asset in made.assets:
            self._by_type[asset.asset_type].append(asset)

    def of(self, *asset_types: str, within: str | None = None) -> list[DemoAsset]:
        """Assets of these types; `within` "kagghamra" or "town" narrows to one of the networks."""
        found = [asset for name in asset_types for asset in self._by_type[name]]
        if within is None:
            return found
        return [asset for asset in found if asset.key.startswith("KAG") == (within == "kagghamra")]

    def shapes(self, *asset_types: str, within: str | None = None) -> npt.NDArray[np.object_]:
        """The geometries of `of`."""
        return np.array([asset.geometry for asset in self.of(*asset_types, within=within)], dtype=object)


@pytest.fixture(scope="session")
def invented() -> Invented:
    return Invented(build(DEFAULT_AS_OF, DEFAULT_SEED))


def overlap_m2(shapes: npt.NDArray[np.object_]) -> float:
    """The area that any two of the shapes share, together."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = first < second
    return float(shapely.area(shapely.intersection(shapes[first[apart]], shapes[second[apart]])).sum())
