"""Reads foreign files, each in a short-lived child process that is shut in; the only door by which a layer comes in."""

import json
import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, Literal

from geodata.confinement import spare_uid
from geodata.crs import crs_text
from geodata.errors import LAYER_ERROR_CODES, LayerError
from geodata.formats import ARCHIVE_SUFFIX, FORMATS, format_for_suffix, supported_suffixes
from geodata.formats.format import Format
from geodata.layer import Layer, LayerSummary
from geodata.layer_assembly import assemble
from geodata.limits import Limits
from geodata.row_stream import plain, read_stream

Sandbox = Literal["auto", "required"]
PREFIX = "geodata-"
STATUS_BYTES = 4_000_000
STARTS = 4
DEFAULT_LIMITS = Limits()
BOOTSTRAP = """
import importlib.util, sys
folder = sys.argv[1]
spec = importlib.util.spec_from_file_location("geodata", folder + "/__init__.py", submodule_search_locations=[folder])
package = importlib.util.module_from_spec(spec)
sys.modules["geodata"] = package
spec.loader.exec_module(package)
from geodata.sandbox_child import main
main()
"""
"""Loads this very package by its place, since an isolated interpreter looks neither at PYTHONPATH nor at the working
directory.
"""

log = logging.getLogger(__name__)
known_drivers: set[str] = set()


@dataclass(frozen=True)
class Delivery:
    """What was handed in: files to copy as (source, name of our making), what people call them, and the format their
    ending promises.
    """

    shown: str
    files: tuple[tuple[Path, str], ...]
    names: Mapping[str, str]
    format: Format
    archive: bool
    size_bytes: int


def read_layer(
    path: Path, *, layer: str | None = None, limits: Limits = DEFAULT_LIMITS, sandbox: Sandbox = "auto"
) -> Layer:
    """One layer of a file, folder or archive, as rows. `layer` is needed only where there are several.

    Raises `LayerError` for anything that cannot be used; leaves nothing behind. With `sandbox="required"` a machine
    that cannot cut the child off the network is refused; otherwise that is logged as a warning.
    """
    delivery = delivered(path, limits)
    with naming(delivery.shown):
        status, rows = ask(delivery, {"action": "read", "layer": layer}, limits, sandbox)
        raw = read_stream(rows, limits)
        expected = {known.driver or known.name for known in FORMATS}
        if raw.driver not in expected:
            raise LayerError("reader_failed", reason="protocol")
        name = status.get("name")
        found = assemble(replace(raw, name=name if isinstance(name, str) else raw.name), limits)
        if not found.table.num_rows and not len(found.row_numbers) and not found.issues:
            raise LayerError("no_rows", layer=found.name)
        return found


def list_layers(path: Path, *, limits: Limits = DEFAULT_LIMITS, sandbox: Sandbox = "auto") -> list[LayerSummary]:
    """The layers of a file, folder or archive, with their sizes and fields. Raises `LayerError` as `read_layer`
    does.
    """
    delivery = delivered(path, limits)
    with naming(delivery.shown):
        status, _ = ask(delivery, {"action": "list", "layer": None}, limits, sandbox)
        return [read_summary(record) for record in status.get("layers", ())]


@contextmanager
def naming(shown: str) -> Iterator[None]:
    """Every error names the file as people know it, never the copy."""
    try:
        yield
    except LayerError as error:
        error.details["file"] = shown
        raise


def delivered(path: Path, limits: Limits) -> Delivery:
    """Look at names and sizes only: which files belong together, and what they claim to be."""
    shown = path.name or str(path)
    with naming(shown):
        try:
            if not path.exists():
                raise LayerError("file_not_found")
            if path.is_dir():
                return folder_delivery(path, shown, limits)
            if not path.is_file():
                raise LayerError("unreadable", reason="not_a_file")
            suffix = path.suffix.lower()
            chosen = format_for_suffix(".shp" if suffix == ARCHIVE_SUFFIX else suffix)
            if chosen is None:
                raise LayerError("unknown_format", suffix=path.suffix, supported=list(supported_suffixes()))
            if path.stat().st_size == 0:
                raise LayerError("empty_file")
            files = [(path, "part_0" + suffix), *companions(path, chosen if suffix != ARCHIVE_SUFFIX else None)]
            return delivery_of(shown, files, {"part_0": path.stem}, chosen, suffix == ARCHIVE_SUFFIX, limits)
        except PermissionError as error:
            raise LayerError("unreadable", reason="permission") from error


def folder_delivery(folder: Path, shown: str, limits: Limits) -> Delivery:
    """A folder holds shapefiles, each a set of files."""
    chosen = next(known for known in FORMATS if known.name == "Shapefile")
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in chosen.suffixes and path.is_file())
    if not found:
        raise LayerError("unknown_format", suffix="", supported=list(chosen.suffixes))
    if len(found) > limits.archive_members:
        raise LayerError("limit_exceeded", limit="archive_members", maximum=limits.archive_members)
    files: list[tuple[Path, str]] = []
    for index, path in enumerate(found):
        own = f"part_{index}"
        files += [(path, own + path.suffix.lower()), *companions(path, chosen, own)]
    return delivery_of(
        shown, files, {f"part_{index}": path.stem for index, path in enumerate(found)}, chosen, False, limits
    )


def companions(path: Path, chosen: Format | None, own: str = "part_0") -> list[tuple[Path, str]]:
    """The files beside this one that belong to it, whatever the case of their endings."""
    if chosen is None or not chosen.companions:
        return []
    wanted = {path.stem.lower() + ending: ending for ending in chosen.companions}
    beside = sorted(other for other in path.parent.iterdir() if other.name.lower() in wanted and other.is_file())
    exact_first = sorted(beside, key=lambda other: other.stem != path.stem)
    chosen_files: dict[str, Path] = {}
    for other in exact_first:
        chosen_files.setdefault(wanted[other.name.lower()], other)
    return [(other, own + ending) for ending, other in chosen_files.items()]


def delivery_of(
    shown: str,
    files: Sequence[tuple[Path, str]],
    names: Mapping[str, str],
    chosen: Format,
    archive: bool,
    limits: Limits,
) -> Delivery:
    size = sum(path.stat().st_size for path, _ in files)
    if size > limits.file_bytes:
        raise LayerError("limit_exceeded", limit="file_bytes", maximum=limits.file_bytes)
    return Delivery(shown, tuple(files), names, chosen, archive, size)


def ask(
    delivery: Delivery, question: Mapping[str, Any], limits: Limits, sandbox: Sandbox
) -> tuple[Mapping[str, Any], bytes]:
    """Start a child for the question, and another where the first finds that it needs another format or fewer
    drivers.
    """
    chosen = delivery.format
    for _ in range(STARTS):
        request = {**question, "format": chosen.name, "archive": delivery.archive, "names": dict(delivery.names)}
        status, rows = run_child(delivery, request, limits, sandbox)
        if "skip" in status:
            known_drivers.update(str(name) for name in status["skip"])
            log.warning("GDAL brings drivers that its skip list lacks: %s", ", ".join(sorted(known_drivers)))
        elif "format" in status:
            chosen = next((known for known in FORMATS if known.name == status["format"]), chosen)
        else:
            return status, rows
    raise LayerError("reader_failed", reason="drivers")


def run_child(
    delivery: Delivery, request: Mapping[str, Any], limits: Limits, sandbox: Sandbox
) -> tuple[Mapping[str, Any], bytes]:
    """One child, one answer: (status, rows). Whatever becomes of the child, it and its directory are gone
    afterwards.
    """
    seconds = limits.seconds_for(delivery.size_bytes)
    uid = spare_uid() if os.geteuid() == 0 else None
    private = Path(tempfile.mkdtemp(prefix=PREFIX, dir=None if uid is None else open_folder()))
    try:
        with tempfile.TemporaryFile() as rows, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as errors:
            copy_in(delivery.files, private, uid)
            full = {
                **request,
                "limits": asdict(limits),
                "seconds": seconds,
                "required": sandbox == "required",
                "uid": uid,
                "skip": sorted(known_drivers),
                "rows_handle": rows.fileno(),
            }
            code = run_process(full, private, (rows, answer, errors), seconds)
            status = read_status(code, answer, errors, seconds)
            warn_about(status.get("missing", ()))
            return status, rows_of(rows, limits)
    finally:
        shutil.rmtree(private, ignore_errors=True)


def open_folder() -> str | None:
    """A folder for temporary files that a nameless user can reach; None leaves the choice to the system."""
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        path = Path(folder).resolve()
        if path.is_dir() and all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents)):
            return folder
    return None


def copy_in(files: Sequence[tuple[Path, str]], private: Path, uid: int | None) -> None:
    """Copies under our names, in a directory that only the child's user may enter. The originals are never opened by
    the child.
    """
    for source, name in files:
        try:
            shutil.copyfile(source, private / name)
        except PermissionError as error:
            raise LayerError("unreadable", reason="permission") from error
        except FileNotFoundError as error:
            raise LayerError("file_not_found") from error
    if uid is not None:
        for path in (private, *private.iterdir()):
            os.chown(path, uid, uid)


def run_process(
    request: Mapping[str, Any], private: Path, files: tuple[IO[bytes], IO[bytes], IO[bytes]], seconds: float
) -> int:
    """Run the child to its end or to the end of its time; the answer is its exit code, negative for a signal."""
    rows, answer, errors = files
    package = Path(__file__).resolve().parent
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", BOOTSTRAP, str(package)],
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=errors,
            cwd=private,
            env=child_environment(private),
            pass_fds=(rows.fileno(),),
            start_new_session=True,
        )
    except OSError as error:
        raise LayerError("reader_failed", reason="start") from error
    try:
        process.communicate(json.dumps(request).encode(), timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise LayerError("limit_exceeded", limit="time", maximum=round(seconds)) from error
    finally:
        end_group(process)
    return process.returncode


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """Nothing of the child's session outlives the call."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()


def child_environment(private: Path) -> dict[str, str]:
    """A bare environment: no secrets of ours, single-threaded mathematics, memory from the plain allocator so that
    limits hold.
    """
    environment = {
        "LC_ALL": "C.UTF-8",
        "HOME": str(private),
        "TMPDIR": str(private),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return environment


def read_status(code: int, answer: IO[bytes], errors: IO[bytes], seconds: float) -> Mapping[str, Any]:
    """The child's answer, if it lived to give one in form."""
    if code != 0:
        errors.seek(0)
        told = errors.read(20_000).decode("utf-8", "replace").strip()
        log.warning("The reader of a foreign file ended with %s: %s", code, told.rpartition("\n")[2])
        log.debug("All that it said: %s", told)
        if -code == signal.SIGXCPU:
            raise LayerError("limit_exceeded", limit="time", maximum=round(seconds))
        raise LayerError("reader_failed", reason="killed" if -code == signal.SIGKILL else "crashed")
    answer.seek(0)
    try:
        status = json.loads(answer.read(STATUS_BYTES))
    except ValueError as error:
        raise LayerError("reader_failed", reason="protocol") from error
    if not isinstance(status, dict):
        raise LayerError("reader_failed", reason="protocol")
    if "error" in status:
        raise read_error(status["error"])
    return status


def read_error(record: Any) -> LayerError:
    """The child's error with its known values only."""
    if (
        not isinstance(record, dict)
        or record.get("code") not in LAYER_ERROR_CODES
        or not isinstance(record.get("details"), dict)
    ):
        return LayerError("reader_failed", reason="protocol")
    code, details = record["code"], record["details"]
    return LayerError(code, **{name: plain(details[name]) for name in LAYER_ERROR_CODES[code] if name in details})


def rows_of(rows: IO[bytes], limits: Limits) -> bytes:
    """A copy of the rows in our own memory: nothing outside can change them any more."""
    size = os.fstat(rows.fileno()).st_size
    if size > limits.stream_bytes:
        raise LayerError("limit_exceeded", limit="stream_bytes", maximum=limits.stream_bytes)
    rows.seek(0)
    return rows.read(size)


def warn_about(missing: Sequence[str]) -> None:
    if missing:
        log.warning(
            "Foreign files are read WITHOUT these walls, which this system does not offer: %s",
            ", ".join(map(str, missing)),
        )


def read_summary(record: Any) -> LayerSummary:
    """One layer's summary as the child gave it, if it is in form."""
    try:
        name, kind, rows, crs, fields = (record[key] for key in ("name", "geometry_kind", "rows", "crs", "fields"))
        good = (
            isinstance(name, str)
            and isinstance(kind, str | None)
            and isinstance(rows, int)
            and isinstance(crs, str | None)
        )
    except (KeyError, TypeError) as error:
        raise LayerError("reader_failed", reason="protocol") from error
    if not good or not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        raise LayerError("reader_failed", reason="protocol")
    try:
        crs = None if crs is None else crs_text(crs)
    except LayerError:
        crs = None
    return LayerSummary(name, kind, rows, crs, tuple(fields))
