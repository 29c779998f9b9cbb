"""The confined child: reads one foreign file and hands its rows to the parent. Nothing else runs in this process.

Order matters: walls first (namespaces want a single thread), then the libraries (their files may be out of reach for
the nameless user), then the change of user, and only then a look at the file.
"""

import codecs
import gc
import json
import os
import socket
import sys
import traceback
from collections.abc import Mapping
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.confinement import Confinement, become, confine
from geodata.errors import LayerError
from geodata.limits import Limits

if TYPE_CHECKING:
    from geodata.formats.format import Format

SYSTEM_FOLDERS = (
    "/usr",
    "/lib",
    "/lib64",
    "/nix/store",
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/urandom",
    "/proc/self",
    "/proc/cpuinfo",
)
FAILED = 70


class WithoutExtras(MetaPathFinder):
    """Keeps out packages that our libraries would load if they could: optional, of no use here, and slow to load."""

    names = frozenset({"pandas", "geopandas", "pyproj"})

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname in self.names:
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> None:
    """Answer the request on standard input: the status goes to standard output, rows to the file handle it names."""
    gc.disable()  # the process ends before any waste could matter
    request = json.loads(sys.stdin.buffer.read())
    status: dict[str, Any] = {}
    try:
        status.update(answer(request, status))
    except LayerError as error:
        status["error"] = {"code": error.code, "details": error.details}
    except MemoryError:
        status["error"] = {
            "code": "limit_exceeded",
            "details": {"limit": "memory_bytes", "maximum": request["limits"]["memory_bytes"]},
        }
    except RecursionError:
        status["error"] = {
            "code": "limit_exceeded",
            "details": {"limit": "nesting", "maximum": request["limits"]["nesting"]},
        }
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(FAILED)
    sys.stdout.write(json.dumps(status))
    sys.stdout.flush()
    os._exit(0)  # libraries may have threads and clean-up of their own; there is nothing left to save


def answer(request: Mapping[str, Any], status: dict[str, Any]) -> Mapping[str, Any]:
    """Shut in, load, look, read. `status` gets the walls at once, so that the parent knows them even when reading
    fails.
    """
    limits = Limits(**request["limits"])
    private = Path.cwd()
    walls = shut_in(request, private, limits)
    status["missing"] = list(walls.missing)
    if request["required"] and not walls.network:
        raise LayerError("sandbox_unavailable", missing=list(walls.missing))
    if request["action"] == "connect":
        return {"reached": reached(request["host"], request["port"]), "read": readable(request["outside"])}
    sys.meta_path.insert(0, WithoutExtras())
    # The libraries come after the walls, hence the imports in here.
    from geodata.archive import unpack
    from geodata.formats import FORMATS
    from geodata.gdal import UnexpectedDriversError, load_gdal
    from geodata.row_stream import write_stream

    preload_text_encodings()
    chosen = next(known for known in FORMATS if known.name == request["format"])
    if chosen.driver:
        try:
            load_gdal(chosen.driver, tuple(request["skip"]))
        except UnexpectedDriversError as error:
            return {"skip": list(error.names)}
    if request["uid"] is not None:
        become(request["uid"])
    names = dict(request["names"])
    paths = [path for path in sorted(private.iterdir()) if path.is_file()]
    if request["archive"]:
        paths, names = unpack(paths[0], private / "unpacked", limits)
        other = other_format(paths, chosen, FORMATS)
        if other is not None:
            return {"format": other.name}
    return run(request, chosen, layer_files(paths, chosen), names, limits, write_stream)


def shut_in(request: Mapping[str, Any], private: Path, limits: Limits) -> Confinement:
    """Put up the walls the kernel offers; programs and libraries stay readable."""
    own = str(Path(__file__).resolve().parent)
    readable = {
        own,
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        *SYSTEM_FOLDERS,
        *(folder for folder in sys.path if folder),
    }
    largest_file = max(limits.stream_bytes, limits.unpacked_bytes)
    return confine(private, sorted(readable), limits.memory_bytes, request["seconds"], largest_file, limits.open_files)


def preload_text_encodings() -> None:
    """Code pages load on first use, from files the nameless user may not reach."""
    from geodata.encoding import DBF_LANGUAGES

    for name in {*DBF_LANGUAGES.values(), "utf-8-sig", "utf-16", "iso8859-1", "iso8859-15", "iso8859-4", "cp1257"}:
        codecs.lookup(name)


def other_format(paths: list[Path], chosen: "Format", formats: tuple["Format", ...]) -> "Format | None":
    """The format of what an archive holds, where it is not the expected one; the parent then starts a child for
    that.
    """
    if any(path.suffix in chosen.suffixes for path in paths):
        return None
    found = [known for known in formats if any(path.suffix in known.suffixes for path in paths)]
    return found[0] if found else None


def layer_files(paths: list[Path], chosen: "Format") -> list[Path]:
    """The files of the chosen format, each looked at: a name promises nothing."""
    files = [path for path in paths if path.suffix in chosen.suffixes]
    if not files:
        raise LayerError("unknown_format", suffix="", supported=list(chosen.suffixes))
    for path in files:
        if not chosen.recognises(path):
            raise LayerError("format_mismatch", expected=chosen.name)
    return files


def run(
    request: Mapping[str, Any],
    chosen: "Format",
    files: list[Path],
    names: Mapping[str, str],
    limits: Limits,
    write_stream: Any,
) -> Mapping[str, Any]:
    """List or read. Files have names of our making; `names` says what people call them."""
    if request["action"] == "list":
        found = [(path, summary) for path in files for summary in chosen.summaries(path, limits)]
        return {"layers": [describe(summary, path, names) for path, summary in found]}
    wanted = request["layer"]
    if len(files) > 1:
        shown = [names[path.stem] for path in files]
        if wanted is None:
            raise LayerError("several_layers", layers=shown)
        if wanted not in shown:
            raise LayerError("layer_not_found", layer=wanted, layers=shown)
        files = [path for path in files if names[path.stem] == wanted]
    path = files[0]
    try:
        layer = chosen.read(path, path.stem if wanted is not None and wanted == names[path.stem] else wanted, limits)
    except LayerError as error:
        if "layers" in error.details:
            error.details["layers"] = [shown_name(name, path, names) for name in error.details["layers"]]
        raise
    try:
        with os.fdopen(request["rows_handle"], "wb") as target:
            write_stream(layer, target)
    except OSError as error:
        raise LayerError("limit_exceeded", limit="stream_bytes", maximum=limits.stream_bytes) from error
    return {"name": shown_name(layer.name, path, names)}


def shown_name(name: str, path: Path, names: Mapping[str, str]) -> str:
    return names[path.stem] if name == path.stem else name


def describe(summary: Any, path: Path, names: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "name": shown_name(summary.name, path, names),
        "geometry_kind": summary.geometry_kind,
        "rows": summary.rows,
        "crs": summary.crs,
        "fields": list(summary.fields),
    }


def reached(host: str, port: int) -> bool:
    """Whether a connection can be made from in here; it must not."""
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def readable(path: str) -> bool:
    """Whether a file outside can be read from in here; it must not."""
    try:
        with open(path, "rb") as file:
            return bool(file.read(1))
    except OSError:
        return False
