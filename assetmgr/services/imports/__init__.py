"""From a foreign layer to the register: read, place, map, convert, compare, and apply all accepted rows at once."""

from assetmgr.services.imports.options import ImportOptions, ImportResult
from assetmgr.services.imports.run import run_import

__all__ = ["ImportOptions", "ImportResult", "run_import"]
