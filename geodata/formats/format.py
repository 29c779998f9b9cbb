"""What every file format answers to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geodata.layer import LayerSummary
from geodata.limits import Limits
from geodata.row_stream import RawLayer


@dataclass(frozen=True)
class Format:
    """A file format, read inside the confined child.

    `suffixes`: endings (lower case, with dot) a file of this format has. `driver`: the one GDAL driver it needs, None
    where our own reader does it. `companions`: endings of the files beside it that belong to it. `recognises(path)`:
    whether the content is of this format, whatever the name says. `summaries` and `read` raise `LayerError`; `read`
    wants the name of one layer, or None where the file has a single one.
    """

    name: str
    suffixes: tuple[str, ...]
    driver: str | None
    recognises: Callable[[Path], bool]
    summaries: Callable[[Path, Limits], Sequence[LayerSummary]]
    read: Callable[[Path, str | None, Limits], RawLayer]
    companions: tuple[str, ...] = ()


def head_of(path: Path, length: int = 512) -> bytes:
    """The first bytes of a file, to recognise it by."""
    with path.open("rb") as file:
        return file.read(length)
