"""How much of the machine one foreign file may take."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds for reading one file. Sizes in bytes, times in seconds.

    `file_bytes` counts all parts of a layer together, `unpacked_bytes` what an archive holds, `stream_bytes` what the
    reader may hand over. `vertices` counts all corners in the file: 20 million is a million pipes drawn generously.
    """

    file_bytes: int = 2_000 * MEGABYTE
    unpacked_bytes: int = 2_000 * MEGABYTE
    stream_bytes: int = 2_000 * MEGABYTE
    memory_bytes: int = 4_096 * MEGABYTE
    base_seconds: float = 45.0
    seconds_per_megabyte: float = 1.0
    most_seconds: float = 1_800.0
    rows: int = 5_000_000
    columns: int = 2_000
    vertices: int = 20_000_000
    nesting: int = 32
    cell_characters: int = 1_000_000
    archive_members: int = 1_000
    open_files: int = 256
    issues: int = 10_000

    def seconds_for(self, file_bytes: int) -> float:
        """Time allowed for a file of this size, both by the clock and by the processor."""
        return min(self.base_seconds + self.seconds_per_megabyte * file_bytes / MEGABYTE, self.most_seconds)
