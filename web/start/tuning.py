"""What a private cluster is told: modest memory, for a machine that does other things too, and full safety."""

import os
from pathlib import Path

from web.start.archive import settings as archiving

_MEGABYTE = 1024 * 1024


def settings(socket_folder: str, *, durable: bool = True, archive: Path | None = None) -> str:
    """The text of `wangge.conf`. `durable=False` is for tests: fast, and lost when the machine loses power."""
    values = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_folder}'",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        **_memory(_total_memory()),
        # Our queries are short: compiling them costs more than it saves.
        "jit": "off",
        "random_page_cost": "1.1",
        "max_wal_size": "'2GB'",
        "checkpoint_completion_target": "0.9",
        # A statement or a key in the log could hold a person's name or number: only the bare message is kept.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_timezone": "'UTC'",
        **({} if durable else {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}),
        **(archiving(archive) if archive else {}),
        # Containers often give 64 MB of shared memory; a parallel query needs more.
        **({"dynamic_shared_memory_type": "mmap"} if _shared_memory() < 256 * _MEGABYTE else {}),
    }
    return "".join(f"{name} = {value}\n" for name, value in values.items())


def _memory(total: int) -> dict[str, str]:
    """Shares of the machine's memory, in bytes, as settings: an eighth for the cache, at most 512 MB."""
    megabytes = total // _MEGABYTE
    return {
        "shared_buffers": f"'{_between(64, megabytes // 8, 512)}MB'",
        "effective_cache_size": f"'{_between(128, megabytes // 2, 16384)}MB'",
        "maintenance_work_mem": f"'{_between(32, megabytes // 16, 256)}MB'",
        "work_mem": f"'{_between(4, megabytes // 256, 32)}MB'",
    }


def _between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


def _total_memory() -> int:
    """Bytes of memory this process may use: the machine's, or its container's limit where that is lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(path) as file:
                text = file.read().strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return total


def _shared_memory() -> int:
    try:
        facts = os.statvfs("/dev/shm")
    except OSError:
        return 0
    return facts.f_frsize * facts.f_blocks
