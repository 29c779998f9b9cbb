"""Looks at foreign well-known binary geometry before any library parses it.

Deeply nested geometry crashes the parser instead of raising (100,000 nested collections are a segmentation fault), and
counts that promise more than the bytes hold make it allocate. Plain lines, points and polygons, alone or in a multi
geometry of one part, are checked for all rows at once.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

FINE, MISSING, BROKEN, TOO_DEEP, UNSUPPORTED = 0, 1, 2, 3, 4
POINT, LINE, POLYGON, MULTI_POINT, MULTI_LINE, MULTI_POLYGON, COLLECTION = range(1, 8)
CURVED = frozenset(range(8, 15))
PART_TYPE = {MULTI_POINT: POINT, MULTI_LINE: LINE, MULTI_POLYGON: POLYGON}
Z_FLAG, M_FLAG, SRID_FLAG = 0x80000000, 0x40000000, 0x20000000
FEW = 64

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WkbReport:
    """What the bytes of n geometries say, arrays of shape (n,).

    `verdict` is FINE, MISSING (null), BROKEN (counts and length disagree), TOO_DEEP or UNSUPPORTED; `kind` the OGC type
    number without dimension (0 where missing); `vertices` the number of corners.
    """

    verdict: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int16]
    has_z: npt.NDArray[np.bool_]
    has_m: npt.NDArray[np.bool_]
    vertices: Ints


def inspect_wkb(column: pa.Array, nesting: int = 32) -> WkbReport:
    """Check a (n,) binary Arrow array; reads each byte at most once and never recurses deeper than `nesting`."""
    data, starts, ends = binary_spans(column)
    count = len(starts)
    missing = missing_flags(column)
    verdict = np.where(missing, MISSING, FINE).astype(np.int8)
    kind = np.zeros(count, dtype=np.int16)
    has_z, has_m = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    vertices = np.zeros(count, dtype=np.int64)

    readable = ~missing & (ends - starts >= 9)
    verdict[~missing & ~readable] = BROKEN
    rows = np.flatnonzero(readable)
    little = data[starts[rows]] == 1
    bad_order = data[starts[rows]] > 1
    code = read_uint32(data, starts[rows] + 1, little)
    kind[rows], has_z[rows], has_m[rows], known = split_type(code)
    verdict[rows[~known]] = UNSUPPORTED
    verdict[rows[bad_order]] = BROKEN

    fast = rows[little & known & ~bad_order]
    slow = rows[~little & known & ~bad_order]
    base, width = kind[fast], coordinate_bytes(has_z[fast], has_m[fast])
    simple = base <= POLYGON
    check_simple(data, fast[simple], starts[fast[simple]], ends, base[simple], width[simple], verdict, vertices)
    multi = (base >= MULTI_POINT) & (base <= MULTI_POLYGON)
    one_part = multi & (read_uint32(data, starts[fast] + 5, True) == 1) & (ends[fast] - starts[fast] >= 18)
    inner = fast[one_part]
    part_code = read_uint32(data, starts[inner] + 10, True)
    same = (data[starts[inner] + 9] == 1) & (part_code == read_uint32(data, starts[inner] + 1, True) - 3)
    chosen = np.flatnonzero(one_part)[same]
    check_simple(data, fast[chosen], starts[fast[chosen]] + 9, ends, base[chosen] - 3, width[chosen], verdict, vertices)

    done = simple.copy()
    done[chosen] = True
    view = memoryview(data)  # type: ignore[arg-type]
    for row in np.concatenate([slow, fast[~done]]):
        verdict[row], vertices[row] = walk(view[int(starts[row]) : int(ends[row])], nesting)
    return WkbReport(verdict, kind, has_z, has_m, vertices)


def binary_spans(column: pa.Array) -> tuple[npt.NDArray[np.uint8], Ints, Ints]:
    """The bytes of a binary array, and where each value starts and ends in them."""
    wide = pa.types.is_large_binary(column.type)
    _, offsets, data = column.buffers()
    width = np.int64 if wide else np.int32
    spans = np.frombuffer(offsets, dtype=width)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    return content, spans[:-1], spans[1:]


def missing_flags(column: pa.Array) -> npt.NDArray[np.bool_]:
    """(n,) whether each value is null, from the array's own bits: asking Arrow loads half of its library."""
    bits = column.buffers()[0]
    if bits is None or not len(column):
        return np.zeros(len(column), dtype=bool)
    valid = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), bitorder="little")
    missing: npt.NDArray[np.bool_] = valid[column.offset : column.offset + len(column)] == 0
    return missing


def read_uint32(data: npt.NDArray[np.uint8], at: Ints, little: npt.NDArray[np.bool_] | bool) -> Ints:
    """The unsigned numbers of four bytes at these places; places past the end read as zero."""
    if not len(at) or not len(data):
        return np.zeros(len(at), dtype=np.int64)
    place = at[:, None] + np.arange(4)
    four = np.where(place < len(data), data[np.minimum(place, len(data) - 1)], 0).astype(np.int64)
    shifts = np.array([0, 8, 16, 24])
    small, big = (four << shifts).sum(axis=1), (four << shifts[::-1]).sum(axis=1)
    numbers: Ints = np.where(little, small, big)
    return numbers


def split_type(
    code: Ints,
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Type codes, of ISO (1001, 2001, 3001) or extended (high bits) kind, as (kind, has Z, has M, is one we parse)."""
    plain = code & 0x0FFFFFFF
    group, base = plain // 1000, plain % 1000
    has_z = ((code & Z_FLAG) != 0) | (group == 1) | (group == 3)
    has_m = ((code & M_FLAG) != 0) | (group == 2) | (group == 3)
    known = (group <= 3) & (base >= POINT) & (base <= COLLECTION) & ((code & SRID_FLAG) == 0)
    return np.where(group <= 3, base, 0).astype(np.int16), has_z, has_m, known


@lru_cache(maxsize=1024)
def part_type(code: int) -> tuple[int, int]:
    """One type code as (kind, bytes per corner); kind 0 is one we do not parse."""
    kinds, z, m, known = split_type(np.array([code], dtype=np.int64))
    return (int(kinds[0]), int(coordinate_bytes(z, m)[0])) if known[0] else (0, 0)


def coordinate_bytes(has_z: npt.NDArray[np.bool_], has_m: npt.NDArray[np.bool_]) -> Ints:
    return 16 + 8 * has_z.astype(np.int64) + 8 * has_m.astype(np.int64)


def check_simple(
    data: npt.NDArray[np.uint8],
    rows: Ints,
    starts: Ints,
    ends: Ints,
    base: npt.NDArray[np.int16],
    width: Ints,
    verdict: npt.NDArray[np.int8],
    vertices: Ints,
) -> None:
    """Points, lines and polygons in little-endian order that begin at `starts`; writes into `verdict` and
    `vertices`.
    """
    last = ends[rows]
    is_point, is_line, is_polygon = base == POINT, base == LINE, base == POLYGON
    verdict[rows[is_point & (starts + 5 + width != last)]] = BROKEN
    vertices[rows[is_point]] = 1

    corners = read_uint32(data, starts + 5, True)
    verdict[rows[is_line & (starts + 9 + corners * width != last)]] = BROKEN
    vertices[rows[is_line]] = corners[is_line]

    place, left, total = starts + 9, corners.copy(), np.zeros(len(rows), dtype=np.int64)
    active = np.flatnonzero(is_polygon & (left > 0))
    while len(active) >= FEW:
        ring = read_uint32(data, place[active], True)
        fits = place[active] + 4 + ring * width[active] <= last[active]
        verdict[rows[active[~fits]]] = BROKEN
        active, ring = active[fits], ring[fits]
        place[active] += 4 + ring * width[active]
        total[active] += ring
        left[active] -= 1
        active = active[left[active] > 0]
    view = memoryview(data)  # type: ignore[arg-type]
    for one in active:
        here, end, step = int(place[one]), int(last[one]), int(width[one])
        for _ in range(int(left[one])):
            if here + 4 > end:
                break
            ring_corners = struct.unpack_from("<I", view, here)[0]
            here += 4 + ring_corners * step
            total[one] += ring_corners
            left[one] -= 1
            if here > end:
                break
        place[one] = here
    finished = is_polygon & (verdict[rows] == FINE)
    verdict[rows[finished & ((left != 0) | (place != last))]] = BROKEN
    vertices[rows[is_polygon]] = total[is_polygon]


def walk(value: memoryview, nesting: int) -> tuple[int, int]:
    """Any one geometry, part by part: (verdict, vertices). Keeps its own stack, so depth costs no recursion."""
    place, vertices = 0, 0
    pending = [1]
    while pending:
        if pending[-1] == 0:
            pending.pop()
            continue
        pending[-1] -= 1
        if place + 5 > len(value) or value[place] > 1:
            return BROKEN, vertices
        order = "<" if value[place] else ">"
        code = struct.unpack_from(order + "I", value, place + 1)[0]
        base, width = part_type(code)
        if not base:
            return UNSUPPORTED, vertices
        place += 5
        if base == POINT:
            place, vertices = place + width, vertices + 1
        else:
            if place + 4 > len(value):
                return BROKEN, vertices
            number = struct.unpack_from(order + "I", value, place)[0]
            place += 4
            if base == LINE:
                place, vertices = place + number * width, vertices + number
            elif base == POLYGON:
                for _ in range(number):
                    if place + 4 > len(value):
                        return BROKEN, vertices
                    corners = struct.unpack_from(order + "I", value, place)[0]
                    place, vertices = place + 4 + corners * width, vertices + corners
            else:
                if len(pending) >= nesting:
                    return TOO_DEEP, vertices
                pending.append(number)
        if place > len(value):
            return BROKEN, vertices
    return (FINE if place == len(value) else BROKEN), vertices
