"""Where in the invented town there is room: beside the streets, or a whole block between them."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely import affinity
from shapely.geometry import Polygon

from assetmgr.demonstration.curves import Coordinates, millimetres
from assetmgr.demonstration.town_streets import Town

STREET_HALF_WIDTH_M = 9.0
"""Nothing stands nearer the middle of a street than this."""


class FreeGround:
    """Streets and everything that has been given a place."""

    def __init__(self, town: Town) -> None:
        self._streets = [shapely.LineString(street.line) for street in town.streets]
        self._tree = shapely.STRtree(self._streets)
        self._taken: list[Polygon] = []

    def take(self, polygon: Polygon) -> None:
        """Nothing else may stand here."""
        self._taken.append(polygon)

    def is_free(self, polygon: Polygon, apart_m: float = 3.0) -> bool:
        """Whether streets and what stands keep their distance."""
        if len(self._tree.query(polygon, predicate="dwithin", distance=STREET_HALF_WIDTH_M)):
            return False
        return not self._taken or bool(
            shapely.distance(polygon, np.asarray(self._taken, dtype=object)).min() >= apart_m
        )

    def place_near(self, shape: Polygon, near: Coordinates, farthest_m: float) -> Polygon | None:
        """The shape, drawn around the origin, moved to the nearest room around a point and taken; None where there
        is none."""
        for distance in np.arange(14.0, farthest_m, 9.0):
            for angle in np.arange(0.0, 2 * np.pi, np.pi / 8):
                x, y = near + distance * np.array([np.cos(angle), np.sin(angle)])
                candidate = in_millimetres(affinity.translate(shape, x, y))
                if self.is_free(candidate):
                    self.take(candidate)
                    return candidate
        return None

    def blocks(self) -> list[Polygon]:
        """The ground between streets, the largest first; parks left out by being very large."""
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(self._streets))))
        inner = [face.buffer(-STREET_HALF_WIDTH_M - 0.5, join_style="mitre") for face in faces]
        found = [part for part in inner if isinstance(part, Polygon) and 2_500.0 < part.area < 60_000.0]
        found.sort(key=lambda part: (-round(part.area, 1), part.centroid.x))
        simpler = [part.simplify(1.0) for part in found if not part.interiors]
        return [part for part in simpler if isinstance(part, Polygon)]


def in_millimetres(polygon: Polygon) -> Polygon:
    """The polygon with its corners in whole millimetres."""
    return shapely.Polygon(millimetres(shapely.get_coordinates(polygon.exterior)))


def rectangle(width_m: float, depth_m: float, angle: float = 0.0) -> Polygon:
    """Around the origin."""
    return affinity.rotate(shapely.box(-width_m / 2, -depth_m / 2, width_m / 2, depth_m / 2), angle, use_radians=True)


def rounded(radius_m: float, random: np.random.Generator) -> Polygon:
    """A pond-like shape around the origin."""
    angle = np.linspace(0.0, 2 * np.pi, 40, endpoint=False)
    waves = sum(
        float(random.uniform(0.03, 0.13)) * np.sin(order * angle + float(random.uniform(0, 6.28)))
        for order in (1, 2, 3)
    )
    radius = radius_m * (1.0 + waves)
    return shapely.Polygon(np.column_stack([radius * 1.25 * np.cos(angle), radius * 0.8 * np.sin(angle)]))


def circle(radius_m: float) -> Polygon:
    """Around the origin, with corners enough to look round."""
    angle = np.linspace(0.0, 2 * np.pi, 36, endpoint=False)
    return shapely.Polygon(np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle)]))


def long_direction(polygon: Polygon) -> npt.NDArray[np.float64]:
    """The unit vector along the longer side of the narrowest rectangle around a polygon."""
    corners = shapely.get_coordinates(polygon.minimum_rotated_rectangle)
    sides = np.diff(corners[:3], axis=0)
    longest = sides[np.argmax(np.hypot(*sides.T))]
    return np.asarray(longest / np.hypot(*longest))


def part_of(block: Polygon, wanted_m2: float) -> Polygon | None:
    """A piece of about that area from one end of a block, cut across its length; the block itself where it is no
    larger."""
    if block.area <= wanted_m2 * 1.15:
        return in_millimetres(block)
    along = long_direction(block)
    across = np.array([-along[1], along[0]])
    reach = shapely.get_coordinates(block) @ along
    low, high = float(reach.min()), float(reach.max())
    centre = np.array(block.centroid.coords[0]) @ across
    near, far = low, high
    piece: Polygon | None = None
    for _ in range(24):
        cut = 0.5 * (near + far)
        strip = [(low - 1.0, centre - 900.0), (cut, centre - 900.0), (cut, centre + 900.0), (low - 1.0, centre + 900.0)]
        corners = [along * a + across * b for a, b in strip]
        left = block.intersection(shapely.Polygon(corners))
        piece = left if isinstance(left, Polygon) else None
        if left.area < wanted_m2:
            near = cut
        else:
            far = cut
    return in_millimetres(piece) if piece is not None and not piece.is_empty else None
