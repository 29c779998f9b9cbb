"""Sewers that run downhill: from the ground and a tree of pipes, the level of each pipe and where a pump must lift.

Metres throughout. A node's `downstream` is the node its pipe runs to, or -1 where the water leaves the network.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class GravityDesign:
    """Invert level (n,) at each node, and (n,) whether a pump lifts the water there."""

    invert_m: Floats
    lifted: npt.NDArray[np.bool_]


def upstream_first(downstream: Ints) -> Ints:
    """The nodes in an order in which each comes before the one it runs to. `downstream` must hold no loop."""
    waiting = np.bincount(downstream[downstream >= 0], minlength=len(downstream))
    ready = [int(node) for node in np.flatnonzero(waiting == 0)]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        below = int(downstream[node])
        if below >= 0:
            waiting[below] -= 1
            if waiting[below] == 0:
                ready.append(below)
    if len(order) != len(downstream):
        raise ValueError("the nodes run in a loop")
    return np.asarray(order, dtype=np.int64)


def design(
    ground_m: Floats, downstream: Ints, distance_m: Floats, *, cover_m: float, fall: float, deepest_m: float
) -> GravityDesign:
    """Lay every pipe at least `cover_m` deep and falling at least `fall` (metres per metre).

    Where the ground forces a node deeper than `deepest_m`, a pump there lifts the water, and what is below starts
    afresh. `distance_m` (n,) is the length of the pipe from each node to its downstream.
    """
    invert = ground_m - cover_m
    lifted = np.zeros(len(ground_m), dtype=np.bool_)
    for node in upstream_first(downstream):
        lifted[node] = downstream[node] >= 0 and ground_m[node] - invert[node] > deepest_m
        below = downstream[node]
        if below >= 0 and not lifted[node]:
            invert[below] = min(invert[below], invert[node] - fall * distance_m[node])
    return GravityDesign(np.round(invert, 3), lifted)


def carried(downstream: Ints, own: Floats) -> Floats:
    """What each node passes on: its own and all that comes from above, (n,)."""
    total = own.astype(np.float64).copy()
    for node in upstream_first(downstream):
        if downstream[node] >= 0:
            total[downstream[node]] += total[node]
    return total
