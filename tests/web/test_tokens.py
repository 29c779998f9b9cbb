"""The contrast ratios that tokens.css claims, computed anew from its colours."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "frontend" / "tokens.css"
COLOURS = dict(re.findall(r"--([\w-]+): *(#[0-9A-F]{6})", TOKENS.read_text(encoding="utf-8").split("@media")[0]))


def luminance(colour: str) -> float:
    """Relative luminance 0-1 by WCAG 2 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1-21 of two tokens."""
    dark, light = sorted(luminance(COLOURS[token]) for token in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground", "claimed"),
    [
        ("ink", "surface", 15.7),
        ("ink", "paper", 14.4),
        ("ink-2", "surface", 6.4),
        ("ink-2", "paper", 5.9),
        ("ink-2", "surface-selected", 5.4),
        ("brand", "surface", 8.4),
        ("brand", "paper", 7.7),
        ("ink-inverse", "brand-deep", 11.5),
        ("brand-strong", "brand-tint", 9.8),
        ("nav-text", "brand-deep", 9.7),
        ("nav-text-2", "brand-deep", 6.2),
        ("link", "surface", 7.2),
        ("link", "paper", 6.6),
        ("ink", "focus", 10.2),
        ("danger", "surface", 7.3),
        ("danger-ink", "danger-tint", 8.0),
        ("warn-ink", "warn-tint", 7.9),
        ("ok-ink", "ok-tint", 7.0),
        ("info-ink", "info-tint", 8.3),
        ("quiet-ink", "quiet-tint", 6.9),
        ("fund-va-ink", "fund-va-tint", 8.1),
        ("fund-tax-ink", "fund-tax-tint", 9.1),
    ],
)
def test_text_has_the_contrast_that_is_claimed_and_enough_of_it(ink, ground, claimed):
    assert round(contrast(ink, ground), 1) == claimed
    assert claimed >= 4.5


@pytest.mark.parametrize(
    ("edge", "ground", "claimed"),
    [
        ("line-strong", "surface", 3.7),
        ("line-strong", "paper", 3.4),
        ("medium-v", "surface", 5.8),
        ("medium-s", "surface", 6.6),
        ("medium-d", "surface", 3.6),
        ("medium-k", "surface", 9.9),
        ("medium-f", "surface", 5.4),
        ("fund-va", "surface", 4.9),
        ("fund-tax", "surface", 7.7),
    ],
)
def test_edges_and_lines_have_the_contrast_that_is_claimed_and_enough_of_it(edge, ground, claimed):
    assert round(contrast(edge, ground), 1) == claimed
    assert claimed >= 3.0


def test_condition_gets_darker_as_it_gets_worse():
    shares = [luminance(COLOURS[f"cond-{letter}"]) for letter in "abcde"]
    assert all(better > worse for better, worse in pairwise(shares))
    assert [round(share * 100) for share in shares] == [81, 52, 47, 27, 5]


@pytest.mark.parametrize("letter", "abcdeu")
def test_each_condition_mark_has_an_outline_or_fill_that_is_seen_on_white(letter):
    assert max(contrast(f"cond-{letter}", "surface"), contrast("cond-outline", "surface")) >= 3
    assert contrast(f"cond-{letter}-ink", f"cond-{letter}") >= 4.5
