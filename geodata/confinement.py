"""Shuts this process in: no network, no other programs, no files but its own, bounded memory and time. Linux, one way
only.

What the kernel offers differs (containers, hardened desktops), so each wall stands by itself and `Confinement` says
which stand. Names and numbers are from the kernel's user interface headers; calls go through ctypes, as Python 3.11 has
no wrappers.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
CLONE_THREAD = 0x00010000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
EACCES, ENOSYS = 13, 38

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
FS_EXECUTE, FS_WRITE, FS_READ, FS_READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
FS_REMOVE_DIR, FS_REMOVE_FILE, FS_MAKE_DIR, FS_MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
FS_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
READ_ONLY = FS_EXECUTE | FS_READ | FS_READ_DIR
READ_WRITE = READ_ONLY | FS_WRITE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG
FILE_RIGHTS = FS_EXECUTE | FS_WRITE | FS_READ

SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC = 1, 1
RETURN_ALLOW, RETURN_ERRNO, RETURN_KILL = 0x7FFF0000, 0x00050000, 0x80000000
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SYSTEM_CALLS = {
    "x86_64": {
        "seccomp": 317,
        "clone": 56,
        "clone3": 435,
        "denied": (41, 42, 49, 50, 53, 57, 58, 59, 101, 165, 272, 308, 310, 311, 321, 322, 425, 426, 427),
    },
    "aarch64": {
        "seccomp": 277,
        "clone": 220,
        "clone3": 435,
        "denied": (198, 199, 200, 201, 203, 221, 281, 117, 40, 97, 268, 270, 271, 280, 425, 426, 427),
    },
}
"""Denied: socket, connect, bind, listen, socketpair, fork, vfork, execve, ptrace, mount, unshare, setns,
process_vm_readv/writev, bpf, execveat, io_uring (which opens sockets without the socket call)."""

FIRST_SPARE_UID, SPARE_UIDS = 61184, 4336
"""The range that systemd hands out to services without an account of their own; no person's account lies in it."""


@dataclass(frozen=True)
class Confinement:
    """Which walls stand around this process."""

    network: bool
    files: bool
    programs: bool

    @property
    def missing(self) -> tuple[str, ...]:
        walls = {"network": self.network, "files": self.files, "programs": self.programs}
        return tuple(name for name, stands in walls.items() if not stands)


def confine(
    private: Path, readable: Iterable[str], memory_bytes: int, seconds: float, file_bytes: int, open_files: int
) -> Confinement:
    """Shut this process in for good. Call before any library starts threads: namespaces want a single thread.

    `private` is the one directory it may write in; `readable` are programs' directories it may still read.
    """
    limit_resources(memory_bytes, seconds, file_bytes, open_files)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    namespace = leave_network(libc)
    no_privileges = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    files = no_privileges and restrict_files(libc, private, readable)
    filtered = no_privileges and restrict_calls(libc)
    return Confinement(network=namespace or filtered, files=files, programs=filtered)


def limit_resources(memory_bytes: int, seconds: float, file_bytes: int, open_files: int) -> None:
    """Bounds the kernel keeps: address space, processor seconds, size of written files, open files; no core dump."""
    cpu = int(seconds) + 1
    wanted = {
        resource.RLIMIT_AS: (memory_bytes, memory_bytes),
        resource.RLIMIT_CPU: (cpu, cpu + 5),
        resource.RLIMIT_FSIZE: (file_bytes, file_bytes),
        resource.RLIMIT_NOFILE: (open_files, open_files),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, (soft, hard) in wanted.items():
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))


def leave_network(libc: ctypes.CDLL) -> bool:
    """Move into a network of our own without any way out. An administrator needs no user namespace, everyone else
    does.
    """
    if os.geteuid() == 0 and libc.unshare(CLONE_NEWNET) == 0:
        return True
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    except OSError:
        return True  # an unmapped user is even less than ours; files stay readable by the kernel's own id
    return True


def restrict_files(libc: ctypes.CDLL, private: Path, readable: Iterable[str]) -> bool:
    """Landlock (Linux 5.13): from now on only `private` may be written, and only `readable` read besides it."""
    abi = libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if abi < 1:
        return False
    handled = FS_RIGHTS_BY_ABI[min(abi, max(FS_RIGHTS_BY_ABI))]
    attributes = ctypes.create_string_buffer(struct.pack("=Q", handled), 8)
    ruleset = libc.syscall(LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(8), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    truncate = (1 << 14) if abi >= 3 else 0
    try:
        allow_path(libc, ruleset, str(private), READ_WRITE | truncate)
        for path in readable:
            allow_path(libc, ruleset, path, READ_ONLY)
        return bool(libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)) == 0)
    finally:
        os.close(ruleset)


def allow_path(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Add one path to a Landlock rule set; a path that is not there needs no rule."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= FILE_RIGHTS
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, handle), 12)
        libc.syscall(LANDLOCK_ADD_RULE, ruleset, ctypes.c_int(1), rule, ctypes.c_uint32(0))
    finally:
        os.close(handle)


def restrict_calls(libc: ctypes.CDLL) -> bool:
    """Seccomp: sockets, new processes and other programs are refused by the kernel; threads stay possible."""
    machine = platform.machine()
    if machine not in SYSTEM_CALLS or sys.maxsize <= 2**32:
        return False
    calls = SYSTEM_CALLS[machine]
    program = call_filter(AUDIT_ARCH[machine], calls["clone"], calls["clone3"], calls["denied"])  # type: ignore[arg-type]
    instructions = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions)), 16)
    result = libc.syscall(
        calls["seccomp"],
        ctypes.c_uint(SECCOMP_SET_MODE_FILTER),
        ctypes.c_uint(SECCOMP_FILTER_FLAG_TSYNC),
        header,
    )
    return bool(result == 0)


def call_filter(arch: int, clone: int, clone3: int, denied: tuple[int, ...]) -> bytes:
    """The filter as classic BPF: 8 bytes per instruction (code, jump if true, jump if false, value)."""
    load, equal, bits, give = 0x20, 0x15, 0x45, 0x06
    refuse = RETURN_ERRNO | EACCES
    steps: list[tuple[int, int, int, int]] = [
        (load, 0, 0, 4),  # the architecture of the call: another one numbers its calls differently
        (equal, 1, 0, arch),
        (give, 0, 0, RETURN_KILL),
        (load, 0, 0, 0),
        (0x35, 0, 1, 0x40000000),  # x32 calls, where the numbers have another meaning
        (give, 0, 0, refuse),
        (equal, 0, 1, clone3),  # its flags lie in memory, out of sight: "not there" makes libc use clone instead
        (give, 0, 0, RETURN_ERRNO | ENOSYS),
        (equal, 0, 3, clone),
        (load, 0, 0, 16),
        (bits, 1, 0, CLONE_THREAD),
        (give, 0, 0, refuse),
        (load, 0, 0, 0),
    ]
    for number in denied:
        steps += [(equal, 0, 1, number), (give, 0, 0, refuse)]
    steps.append((give, 0, 0, RETURN_ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def spare_uid() -> int:
    """A user id that belongs to nobody, another one for each of the machine's recent processes."""
    return FIRST_SPARE_UID + os.getpid() % SPARE_UIDS


def become(uid: int) -> None:
    """Give up the administrator's rights for good and be this nameless user."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # the change of user clears it
