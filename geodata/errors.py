"""Broken promises of a file: nothing of it can be used. Carries a code and values; the words are in the message
catalogues.
"""

from typing import Any

LAYER_ERROR_CODES: dict[str, tuple[str, ...]] = {
    "file_not_found": ("file",),
    "unreadable": ("file", "reason"),
    "empty_file": ("file",),
    "unknown_format": ("file", "suffix", "supported"),
    "format_mismatch": ("file", "expected"),
    "wrong_encoding": ("file", "expected", "row"),
    "several_layers": ("file", "layers"),
    "layer_not_found": ("file", "layer", "layers"),
    "no_rows": ("file", "layer"),
    "no_columns": ("file",),
    "duplicate_columns": ("file", "columns"),
    "malformed_row": ("file", "row", "reason"),
    "hostile_file": ("file", "reason", "name"),
    "limit_exceeded": ("file", "limit", "maximum"),
    "reader_failed": ("file", "reason"),
    "sandbox_unavailable": ("file", "missing"),
    "crs_unknown": ("crs",),
    "zip_unsafe": ("file", "reason", "name"),
    "missing_part": ("file", "part"),
    "output_unwritable": ("file", "reason"),
}
"""Every code a `LayerError` may carry, with the names of the values that come with it.

`reason` is a word from the lists below, never a sentence; `limit` is a field of `Limits` or "time"; `row` counts as
`Issue.row` and may be None; `name` is the part of the file that is meant (a trigger, a view, an archive member).
"""

UNREADABLE_REASONS = ("truncated", "damaged", "permission", "not_a_file", "ambiguous", "no_layers")
HOSTILE_REASONS = (
    "layer_is_view",
    "layer_is_virtual",
    "system_table_is_view",
    "virtual_table",
    "foreign_trigger",
    "computed_column",
    "wkb",
)
ZIP_REASONS = ("path", "link", "encrypted", "too_large", "too_many", "method", "duplicate")
MALFORMED_REASONS = ("quotes", "cell_too_long", "too_many_cells")
READER_REASONS = ("crashed", "killed", "protocol", "drivers", "start")


class LayerError(Exception):
    """A file or layer that cannot be used at all.

    `code` is one of the codes in `LAYER_ERROR_CODES`; `details` holds what the message names (file, layer, field,
    expected ...).
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details = details
