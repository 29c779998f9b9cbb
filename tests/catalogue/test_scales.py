"""Native grades keep their scale; the health index follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmgr.catalogue import SCALES, health_class
from assetmgr.catalogue.condition import worst_health


def test_scales_have_the_names_of_the_command_line() -> None:
    assert list(SCALES) == ["p122", "tg", "1-5-best-1", "1-5-best-5", "0-10-best-0", "0-10-best-10"]


@pytest.mark.parametrize(
    ("scale", "native", "health"),
    [
        ("p122", 0, 100),
        ("p122", "1", 85),
        ("p122", 2.0, 65),
        ("p122", "3", 35),
        ("p122", 4, 10),
        ("tg", "TG0", 100),
        ("tg", "tg1", 75),
        ("tg", "2", 40),
        ("tg", 3, 10),
        ("tg", "TG 2", 40),
        ("tg", "TGIU", None),
        ("tg", "IU", None),
        ("1-5-best-1", 1, 100),
        ("1-5-best-1", "5", 10),
        ("1-5-best-5", 5, 100),
        ("1-5-best-5", 1, 10),
        ("0-10-best-0", 0, 100),
        ("0-10-best-0", "2,5", 75),
        ("0-10-best-10", 10, 100),
        ("0-10-best-10", 9.35, 93.5),
        ("0-10-best-10", 0, 0),
    ],
)
def test_a_native_grade_has_a_health_index(scale: str, native: object, health: float | None) -> None:
    found = SCALES[scale].health(native)
    assert found == (None if health is None else pytest.approx(health))


@pytest.mark.parametrize(
    ("scale", "native"),
    [("p122", 5), ("p122", -1), ("p122", "TG2"), ("tg", "4"), ("1-5-best-1", 0), ("0-10-best-10", -1), ("tg", "2.5")],
)
def test_a_value_off_the_scale_is_refused(scale: str, native: object) -> None:
    with pytest.raises(ValueError, match="of "):
        SCALES[scale].health(native)


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_health_falls_from_best_to_worst(scale) -> None:
    step = 1 if scale.worst > scale.best else -1
    natives = range(int(scale.best), int(scale.worst) + step, step)
    healths = [scale.health(native) for native in natives]
    assert healths == sorted(set(healths), reverse=True)
    assert healths[0] == 100


def test_no_scale_takes_a_number_for_unknown() -> None:
    assert [scale.unknown_values for scale in SCALES.values()] == [()] * len(SCALES)


@pytest.mark.parametrize(
    ("health", "letter"),
    [
        (100, "A"),
        (90, "A"),
        (89.9, "B"),
        (75, "B"),
        (74, "C"),
        (50, "C"),
        (25, "D"),
        (24.9, "E"),
        (0, "E"),
        (None, "U"),
    ],
)
def test_a_health_index_has_a_letter(health: float | None, letter: str) -> None:
    assert health_class(health) == letter
    assert health_class(float("nan")) == "U"


@given(st.lists(st.one_of(st.none(), st.floats(0, 100))))
def test_the_worst_is_never_averaged_away(healths: list[float | None]) -> None:
    known = [health for health in healths if health is not None]
    assert worst_health(healths) == (min(known) if known else None)
