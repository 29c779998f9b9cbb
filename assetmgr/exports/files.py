"""A file appears whole or not at all: it is written beside its place and then put there."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assetmgr.errors import AssetmgrError


def check_place(path: Path) -> None:
    """Refuse a place where no file can come to stand."""
    if not path.parent.is_dir():
        raise AssetmgrError("folder_missing", folder=str(path.parent), file=path.name)
    if path.is_dir():
        raise AssetmgrError("file_is_folder", path=str(path))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new name in the same folder to write to; it takes the place of `path` when the block ends well."""
    check_place(path)
    unfinished = path.parent / f".{path.stem[:80]}.{secrets.token_hex(4)}{path.suffix}"
    try:
        yield unfinished
        os.replace(unfinished, path)
    except OSError as error:
        raise AssetmgrError("file_not_writable", path=str(path), reason=error.strerror or "") from error
    finally:
        unfinished.unlink(missing_ok=True)
