"""Unpacks a zip archive, as far as it is an honest one: inside the confined child, into its own directory."""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geodata.errors import LayerError
from geodata.limits import Limits

PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BLOCK = 1 << 20
IGNORED = ("__macosx/",)


def unpack(archive: Path, target: Path, limits: Limits) -> tuple[list[Path], dict[str, str]]:
    """Write the members into `target` under names of our making; return the paths, and stem to stem in the archive.

    Parts of one layer (same name, another ending) keep together.

    Members that would land elsewhere, links, encrypted ones, two of the same name, and more than the limits allow are
    refused with `zip_unsafe` before anything is written; sizes are counted again while unpacking, since the directory
    may lie.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [member for member in packed.infolist() if not member.is_dir() and not is_ignored(member)]
            check_members(packed.infolist(), limits)
            check_names(members)
            target.mkdir()
            return unpack_members(packed, members, target, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise LayerError("unreadable", reason="damaged") from error


def is_ignored(member: zipfile.ZipInfo) -> bool:
    """What other systems add for themselves and is no part of a layer."""
    name = member.filename.lower()
    return name.startswith(IGNORED) or PurePosixPath(name).name.startswith("._") or name.endswith(".ds_store")


def check_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Paths, links, methods and promised sizes of all members."""
    if len(members) > limits.archive_members:
        raise LayerError("zip_unsafe", reason="too_many", name="")
    for member in members:
        name = member.filename
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in name:
            raise LayerError("zip_unsafe", reason="path", name=name[:200])
        mode = member.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise LayerError("zip_unsafe", reason="link", name=name[:200])
        if member.flag_bits & 0x1:
            raise LayerError("zip_unsafe", reason="encrypted", name=name[:200])
        if member.compress_type not in PLAIN_METHODS:
            raise LayerError("zip_unsafe", reason="method", name=name[:200])
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise LayerError("zip_unsafe", reason="too_large", name="")


def check_names(members: list[zipfile.ZipInfo]) -> None:
    names = [member_name(member) for member in members]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise LayerError("zip_unsafe", reason="duplicate", name=doubled[:200])


def member_name(member: zipfile.ZipInfo) -> str:
    """The last part of the name, its ending in lower case so that the parts of a layer find each other."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    return path.stem + path.suffix.lower()


def unpack_members(
    packed: zipfile.ZipFile, members: list[zipfile.ZipInfo], target: Path, limits: Limits
) -> tuple[list[Path], dict[str, str]]:
    written, paths = 0, []
    ours: dict[str, str] = {}
    for member in members:
        shown = PurePosixPath(member_name(member))
        stem = ours.setdefault(shown.stem, f"part_{len(ours)}")
        path = target / (stem + (shown.suffix if shown.suffix[1:].isalnum() and shown.suffix.isascii() else ".other"))
        if path.exists():
            continue
        with packed.open(member) as source, path.open("xb") as file:
            while block := source.read(BLOCK):
                written += len(block)
                if written > limits.unpacked_bytes:
                    raise LayerError("zip_unsafe", reason="too_large", name=member.filename[:200])
                file.write(block)
        paths.append(path)
    return paths, {own: shown for shown, own in ours.items()}
