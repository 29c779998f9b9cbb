"""Smooth lines: a road's middle, points beside it, and the stretch between two stations along it.

Coordinates and distances in metres. A station is a distance along the middle line from its start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Coordinates = npt.NDArray[np.float64]
STEP_M = 4.0
"""A smooth line has a vertex about this often."""


def millimetres(coordinates: Coordinates) -> Coordinates:
    """Coordinates in whole millimetres, so that ends that meet are equal."""
    return np.round(coordinates, 3)


@dataclass(frozen=True)
class Curve:
    """A line (n, 2) dense enough to be taken as smooth."""

    points: Coordinates

    @cached_property
    def stations(self) -> npt.NDArray[np.float64]:
        """The station of each point, (n,)."""
        steps = np.hypot(*np.diff(self.points, axis=0).T)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def length(self) -> float:
        """From end to end."""
        return float(self.stations[-1])

    def at(self, stations: npt.ArrayLike, offset: float = 0.0) -> Coordinates:
        """Points at these stations (n,), `offset` to the left (negative: to the right); (n, 2)."""
        where = np.asarray(stations, dtype=np.float64)
        found = np.empty((len(where), 2))
        for axis in (0, 1):
            found[:, axis] = np.interp(where, self.stations, self.points[:, axis])
        if offset:
            normal = np.empty((len(where), 2))
            for axis in (0, 1):
                normal[:, axis] = np.interp(where, self.stations, self._normals[:, axis])
            found += normal * (offset / np.sqrt(normal[:, :1] ** 2 + normal[:, 1:] ** 2))
        return found

    @cached_property
    def _normals(self) -> Coordinates:
        tangent = np.gradient(self.points, axis=0)
        normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
        return np.asarray(normal / np.sqrt(normal[:, :1] ** 2 + normal[:, 1:] ** 2))


def smooth_curve(controls: Sequence[tuple[float, float]]) -> Curve:
    """A centripetal Catmull-Rom spline through the control points (at least two), as a line with a vertex every
    few metres."""
    points = np.asarray(controls, dtype=np.float64)
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    pieces = []
    for first in range(len(points) - 1):
        pieces.append(_spline_piece(padded[first : first + 4]))
    line = np.vstack([*pieces, points[-1:]])
    return _evenly(line)


def _spline_piece(p: Coordinates) -> Coordinates:
    """Points of the spline from p[1] up to but not p[2] (Barry and Goldman's pyramid, alpha 0.5)."""
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)))])
    count = max(2, int(np.hypot(*(p[2] - p[1]))))
    t = np.linspace(knots[1], knots[2], count, endpoint=False)[:, None]

    def blend(a: Coordinates, b: Coordinates, low: int, high: int) -> Coordinates:
        span = knots[high] - knots[low]
        return np.asarray((knots[high] - t) / span * a + (t - knots[low]) / span * b)

    a1, a2, a3 = (blend(p[i], p[i + 1], i, i + 1) for i in range(3))
    b1, b2 = blend(a1, a2, 0, 2), blend(a2, a3, 1, 3)
    return blend(b1, b2, 1, 2)


def _evenly(line: Coordinates) -> Curve:
    rough = Curve(line)
    count = max(2, round(rough.length / STEP_M) + 1)
    return Curve(rough.at(np.linspace(0.0, rough.length, count)))
