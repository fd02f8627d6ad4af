"""An episode in one small file, to ship with a package, and its copy that is opened.

An archive is a compressed tar of the four files that make an episode, without the memory store (the
log can rebuild it). Beside it lies a JSON file with its SHA-256. It is unpacked into the per-user
cache the first time that somebody asks for it; a copy that was damaged since is unpacked again.
The copy is never written to: a branch of it names it, and it does not name its branches.
"""

from __future__ import annotations

import json
import lzma
import shutil
import tarfile
import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import platformdirs
from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from simulation.episode.schema import LOG, RUN, SEAL, SPEC
from simulation.episode.seal import changed_files
from simulation.errors import EpisodeError

FILES: Final = (LOG, RUN, SEAL, SPEC)
"""What an archive holds, in this order."""
LARGEST: Final = 512 * 2**20
"""Bytes of a file in an archive at most."""


class Label(BaseModel):
    """What stands beside an archive."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    sha256: str
    """Of the archive."""
    about: str
    """What it is, in a line."""
    made_by: str
    """The command that makes another one."""
    version: str
    """The version of Sociarium that lived it."""


class Archived(NamedTuple):
    """An episode that ships in an archive."""

    name: str
    """By which it can be asked for; the name of its folder in the cache begins with it."""
    path: Path
    """The archive; the label lies beside it, with ``.json`` for ``.tar.xz``."""

    @property
    def label(self) -> Label:
        """What stands beside it.

        Raises:
            EpisodeError: It is missing, or is no label.
        """
        path = label_path(self.path)
        try:
            return Label.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValidationError) as error:
            hint = "Install the package again."
            raise EpisodeError("the label cannot be read", where=path, hint=hint) from error


def label_path(archive: Path) -> Path:
    """Where the label of an archive lies."""
    return archive.with_name(archive.name.removesuffix(".tar.xz") + ".json")


def kept_in(cache: Path | None = None) -> Path:
    """The folder with the copies of archived episodes."""
    return (cache or platformdirs.user_cache_path("sociarium")) / "recorded"


def is_kept(folder: Path) -> bool:
    """Whether an episode is a copy of an archived one, which nothing is written to."""
    return folder.absolute().parent == kept_in().absolute()


def pack(folder: Path, archive: Path, *, about: str, made_by: str, version: str) -> Label:
    """Put an episode that is sealed into an archive; equal episodes give equal bytes.

    Raises:
        EpisodeError: It is not sealed, or was changed since.
    """
    changed = changed_files(folder)
    if changed or not (folder / SEAL).is_file():
        what = f"cannot be packed ({', '.join(changed) or 'it is still being written'})"
        raise EpisodeError(what, where=folder)
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in FILES:
            content = (folder / name).read_bytes()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
    compressed = lzma.compress(packed.getvalue(), preset=9 | lzma.PRESET_EXTREME)
    label = Label(
        sha256=sha256(compressed).hexdigest(), about=about, made_by=made_by, version=version
    )
    archive.write_bytes(compressed)
    text = json.dumps(label.model_dump(), indent=1)
    label_path(archive).write_text(text + "\n", encoding="utf-8")
    return label


def unpacked(archived: Archived, cache: Path | None = None) -> Path:
    """The folder of an archived episode, unpacked if this user has no whole copy yet.

    Args:
        archived: Which.
        cache: The folder of caches; None: the user's own.

    Raises:
        EpisodeError: The archive is damaged, or there is nowhere to unpack it.
    """
    label = archived.label
    base = kept_in(cache)
    folder = base / f"{archived.name}-{label.sha256[:12]}"
    if _whole(folder):
        return folder
    try:
        base.mkdir(parents=True, exist_ok=True)
        with FileLock(base / f"{folder.name}.lock", timeout=120):
            if not _whole(folder):
                shutil.rmtree(folder, ignore_errors=True)
                _unpack(archived, label, folder)
    except OSError as error:
        hint = "Set XDG_CACHE_HOME to a folder that can be written, with a few MB to spare."
        what = f"a recorded episode cannot be unpacked ({error.strerror or error})"
        raise EpisodeError(what, where=base, hint=hint) from error
    return folder


def _whole(folder: Path) -> bool:
    return (folder / SEAL).is_file() and not changed_files(folder)


def _unpack(archived: Archived, label: Label, folder: Path) -> None:
    compressed = archived.path.read_bytes()
    hint = "Install the package again."
    if sha256(compressed).hexdigest() != label.sha256:
        what = "the archive is not the one that its label names"
        raise EpisodeError(what, where=archived.path, hint=hint)
    draft = Path(tempfile.mkdtemp(prefix=f".{archived.name}-", dir=folder.parent))
    try:
        with tarfile.open(fileobj=BytesIO(lzma.decompress(compressed))) as tar:
            for name in FILES:
                member = tar.getmember(name)
                content = tar.extractfile(member) if member.size <= LARGEST else None
                if content is None:
                    raise EpisodeError(f"{name} in it is no file", where=archived.path, hint=hint)
                (draft / name).write_bytes(content.read())
        draft.rename(folder)
    except (lzma.LZMAError, tarfile.TarError, KeyError) as error:
        what = "the archive cannot be unpacked"
        raise EpisodeError(what, where=archived.path, hint=hint) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def recordings() -> dict[str, Archived]:
    """The episodes that ship with the installed worlds, by name."""
    from simulation.kernel.spec import find_world, world_names  # noqa: PLC0415 - imports Mesa

    found: dict[str, Archived] = {}
    for name in world_names():
        found |= find_world(name).recordings()
    return found


def at_hand(path: Path) -> Path:
    """A folder as it is; the name of a recording that ships as the folder of its copy.

    Raises:
        EpisodeError: The recording is damaged, or cannot be unpacked.
    """
    if path.exists() or len(path.parts) != 1:
        return path
    known = recordings()
    return unpacked(known[path.name]) if path.name in known else path
