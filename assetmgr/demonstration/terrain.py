"""Invented ground: smooth heights in metres (RH 2000) over the two areas, so that water knows which way is down."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Ground = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
"""Heights (n,) of coordinates (n, 2)."""

KAGGHAMRA_CENTRE = (660_150.0, 6_555_700.0)
TOWN_CENTRE = (661_800.0, 6_565_700.0)


def kagghamra_ground(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A hillside falling to the shore in the south-west, with knolls and hollows."""
    x, y = (coordinates - KAGGHAMRA_CENTRE).T
    inland = 0.55 * x + 0.83 * y + 760.0
    slope = 2.0 + 0.036 * np.maximum(inland, 0.0)
    rolling = 3.5 * np.sin(x / 95.0 + 0.6) * np.cos(y / 120.0 - 0.4) + 2.5 * np.sin((x - y) / 210.0)
    knoll = 9.0 * np.exp(-((x + 330.0) ** 2 + (y - 330.0) ** 2) / (2 * 190.0**2))
    return np.asarray(slope + rolling + knoll)


def town_ground(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Wide hills and valleys, leaning to the south-east."""
    x, y = (coordinates - TOWN_CENTRE).T
    lean = 38.0 - 0.0045 * x + 0.0055 * y
    hills = 9.0 * np.sin(x / 420.0 + 1.0) * np.cos(y / 510.0) + 5.0 * np.sin((x + 1.4 * y) / 330.0 - 0.7)
    return np.asarray(lean + hills)
