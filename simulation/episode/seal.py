"""What shows that an episode was changed since it was written, however it was done.

::

    writing   ``log.tick`` names the last tick that was reported as done
    closed    ``seal.json`` has the size and the hashes of the files
    killed    neither a seal nor a writer: the log is counted anew, against its own tally

A seal is checked when an episode is opened: half a second for a gigabyte, as the hashes of 16 MB
pieces are computed side by side. The tick beside the log tells that its last ticks are missing,
which SQLite takes for a write-ahead file that ends early.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from simulation.episode.schema import LOCK, LOG, RUN, SEAL, SPEC, TICK

if TYPE_CHECKING:
    from pathlib import Path

PIECE: Final = 16 * 2**20
"""Bytes that are hashed at once."""
COUNTED_AT_MOST: Final = 256 * 2**20
"""Bytes of a killed log that is counted at opening; a larger one is when it is gone on with."""


def fingerprint(folder: Path) -> dict[str, Any]:
    """Sizes and hashes of the files of an episode; None for one that is not there."""
    try:
        size = (folder / LOG).stat().st_size
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            pieces = list(pool.map(_piece, *zip(*_pieces(folder / LOG), strict=True)))
    except OSError:
        log = None
    else:
        log = {"bytes": size, "sha256": pieces}
    return {LOG: log, SPEC: file_sha256(folder / SPEC), RUN: file_sha256(folder / RUN)}


def file_sha256(path: Path) -> str | None:
    """The hash of a small file; None if it cannot be read."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _pieces(path: Path) -> list[tuple[Path, int]]:
    return [(path, start) for start in range(0, max(path.stat().st_size, 1), PIECE)]


def _piece(path: Path, start: int) -> str:
    with path.open("rb") as file:
        file.seek(start)
        return sha256(file.read(PIECE)).hexdigest()


def put_seal(folder: Path) -> None:
    """Seal a log that was closed; the seal is whole or not there."""
    draft = folder / f".{SEAL}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(fingerprint(folder), file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / SEAL)
    (folder / TICK).unlink(missing_ok=True)


def changed_files(folder: Path) -> list[str]:
    """Names of the files that are not as they were sealed; none where there is no seal."""
    try:
        sealed = json.loads((folder / SEAL).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        return [SEAL]
    found = fingerprint(folder)
    parts = sealed if isinstance(sealed, dict) else {}
    changed = [name for name, print_ in found.items() if parts.get(name) != print_]
    # A run that goes on breaks the seal before it writes: then this is no damage.
    return changed if (folder / SEAL).exists() else []


def break_seal(folder: Path, tick: int) -> None:
    """Say that a log is being written from now on."""
    note_tick(folder, tick)
    (folder / SEAL).unlink(missing_ok=True)


def note_tick(folder: Path, tick: int) -> None:
    """Name the last tick that is reported as done. The log itself was synced before."""
    handle = os.open(folder / TICK, os.O_WRONLY | os.O_CREAT, 0o666)
    try:
        os.write(handle, b"%012d\n" % max(tick, 0))
    finally:
        os.close(handle)


def missing_ticks(folder: Path, ticks: int) -> str:
    """What is lacking at the end of a log that a kill left behind; empty: nothing.

    Args:
        folder: The episode.
        ticks: How many ticks its log has.
    """
    try:
        text = (folder / TICK).read_text(encoding="ascii")
    except FileNotFoundError:
        # Unless it was sealed a moment ago, nothing tells any more where the log ended.
        return "" if (folder / SEAL).exists() else f"neither {SEAL} nor {TICK} is there"
    except (OSError, ValueError):
        return f"{TICK} cannot be read"
    if not text and (folder / SEAL).exists():
        return ""  # its writer was killed as it was about to break the seal
    if len(text) != 13 or not text[:12].isdigit():
        return f"{TICK} was changed"
    noted = int(text[:12])
    if ticks and noted >= ticks:
        return f"tick {noted} was reported as done, and tick {ticks - 1} is the last there"
    return ""


def is_being_written(folder: Path) -> bool:
    """Whether a process holds the episode to write it."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only for logs without a seal

    if not (folder / LOCK).exists():
        return False
    lock = FileLock(folder / LOCK)
    try:
        with closing(_Held(lock)):
            return False
    except Timeout:
        return True
    except OSError:
        return False  # a folder that cannot be written has no writer


class _Held:
    """A lock that is taken at once or not at all."""

    def __init__(self, lock: Any) -> None:
        self._lock = lock
        lock.acquire(timeout=0)

    def close(self) -> None:
        """Let go of it."""
        self._lock.release()
