"""Broken promises, as data. The words for people are in the message catalogues; `assetmgr.messages` pairs them."""

from collections.abc import Mapping
from typing import Any


class AssetmgrError(Exception):
    """Something refused with a reason: `code` names it, `details` holds what the message says. Exit status 1 on the
    command line.
    """

    code = "refused"

    def __init__(self, code: str | None = None, **details: Any) -> None:
        self.code = code or type(self).code
        self.details: Mapping[str, Any] = details
        super().__init__(f"{self.code}: {details}" if details else self.code)


class UsageError(AssetmgrError):
    """What the command line itself says is wrong. Exit status 2."""

    code = "usage"


class NotFound(AssetmgrError):
    """No such object, or none that this actor may know of: the two are alike."""

    code = "not_found"


class NotAllowed(AssetmgrError):
    """The actor may see the object but not do this with it."""

    code = "not_allowed"


class EditConflict(AssetmgrError):
    """Somebody saved the object since this version was read."""

    code = "edit_conflict"


class DatabaseUnusable(AssetmgrError):
    """The file or server is no register that this version can use."""

    code = "database_unusable"


class ImportRefused(AssetmgrError):
    """The whole file is refused; nothing was written."""

    code = "import_refused"


class InvalidInput(AssetmgrError):
    """Values that cannot be saved; `details["problems"]` maps field to (code, values)."""

    code = "invalid_input"
