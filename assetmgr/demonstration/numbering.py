"""Running designations: KAG-V-0001, KAG-V-0002, ..."""

from collections import defaultdict


class Numbering:
    """Counts per area and series."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], int] = defaultdict(int)

    def next(self, area: str, series: str) -> str:
        """The next designation of a series in an area."""
        self._used[area, series] += 1
        return f"{area}-{series}-{self._used[area, series]:04d}"
