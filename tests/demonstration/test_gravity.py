"""Water runs downhill, whatever the ground."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmgr.demonstration import gravity


@st.composite
def trees(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    count = draw(st.integers(1, 30))
    downstream = [-1] + [draw(st.integers(-1, node - 1)) for node in range(1, count)]
    ground = draw(st.lists(st.floats(0, 60), min_size=count, max_size=count))
    distance = draw(st.lists(st.floats(1, 200), min_size=count, max_size=count))
    return np.array(downstream), np.array(ground), np.array(distance)


@given(trees())
def test_every_pipe_falls_at_least_as_asked_and_lies_deep_enough(
    tree: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    downstream, ground, distance = tree
    designed = gravity.design(ground, downstream, distance, cover_m=1.8, fall=0.005, deepest_m=4.0)

    assert (ground - designed.invert_m >= 1.8 - 0.001).all()
    for node, below in enumerate(downstream):
        if below >= 0 and not designed.lifted[node]:
            assert designed.invert_m[node] - designed.invert_m[below] >= 0.005 * distance[node] - 0.002


@given(trees())
def test_what_flows_out_is_what_flowed_in(tree: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    downstream, _, own = tree

    assert gravity.carried(downstream, own)[downstream < 0].sum() == pytest.approx(own.sum())


def test_deep_node_is_lifted_and_what_is_below_starts_afresh() -> None:
    ground = np.array([20.0, 10.0, 30.0])
    designed = gravity.design(
        ground, np.array([-1, 0, 1]), np.array([0.0, 100.0, 100.0]), cover_m=2.0, fall=0.01, deepest_m=5.0
    )
    assert designed.lifted.tolist() == [False, False, False]
    assert designed.invert_m.tolist() == [7.0, 8.0, 28.0]

    shallow = gravity.design(
        np.array([20.0, 22.0, 15.0]),
        np.array([-1, 0, 1]),
        np.array([0.0, 100.0, 100.0]),
        cover_m=2.0,
        fall=0.01,
        deepest_m=5.0,
    )
    assert shallow.lifted.tolist() == [False, True, False]
    assert shallow.invert_m.tolist() == [18.0, 12.0, 13.0]


def test_a_loop_is_refused() -> None:
    with pytest.raises(ValueError, match="loop"):
        gravity.upstream_first(np.array([1, 0]))
