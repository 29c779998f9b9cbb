"""Broken promises of a file: nothing of it can be used. Carries a code and values; the words are in the message catalogues."""

from typing import Any


class LayerError(Exception):
    """A file or layer that cannot be used at all.

    `code` is one of the codes in `LAYER_ERROR_CODES`; `details` holds what the message names (file, layer, field, expected ...).
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details = details
