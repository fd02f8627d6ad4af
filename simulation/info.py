"""Everything about an episode as a whole: where it comes from, what it took, how to go on."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from simulation.episode.events import SCHEMA_VERSION, Branched, Provenance, Started, Warned
from simulation.episode.schema import SEAL, key_of
from simulation.episode.seal import is_being_written
from simulation.language.prices import Prices
from simulation.past import target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from simulation.episode.episode import Episode

State = Literal["running", "finished", "interrupted", "budget", "outage", "error", "killed"]
"""What became of a run: why it ended in order, or that it did not."""

_TABLES: Final = {
    "events": "body",
    "texts": "text",
    "vectors": "vector",
    "replies": "reply",
}
"""What the log holds, and the column in which most of it stands."""
_NAMES: Final = {"texts": "contents", "replies": "journal"}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Spent(_Part):
    """What somebody's questions of one purpose took."""

    agent: str
    purpose: str
    calls: int
    prompt_tokens: int
    cached_tokens: int
    reply_tokens: int
    seconds: float
    cost: float
    """US dollars."""


class Held(_Part):
    """What the log holds of a kind."""

    rows: int
    bytes: int
    """Of what it says, without indexes and page borders."""


class Info(_Part):
    """An episode as a whole."""

    folder: str
    world: str
    title: str
    seed: int | None
    mind: str
    model: str
    """Under which it began; empty where minds ask none."""
    models: dict[str, int]
    """Calls by who answered."""
    unpriced: tuple[str, ...]
    """Those of them whose price is not known, so that they are in no sum."""
    embedder: str
    agents: tuple[str, ...]
    ticks: int
    """That were lived."""
    until: int
    """The tick before which it is to end."""
    since: str
    """The hour at which it begins."""
    now: str
    """The hour that it has reached."""
    tick_minutes: int | float
    """Sim minutes that a tick stands for."""
    state: State
    why: str
    """More of how it ended, where there is more."""
    next: str
    """How to go on."""
    stretches: int
    """How often it was begun or gone on with."""
    schema_version: int
    versions: dict[str, str]
    """Of the program, Python and packages at the beginning."""
    limits: dict[str, float]
    """What was allowed at the beginning."""
    branches: tuple[str, ...]
    """Episodes with which it shares a past."""
    warnings: tuple[str, ...]
    events: dict[str, int]
    """How many there are of each kind, most first."""
    spent: tuple[Spent, ...]
    """By agent and purpose, in the order of the cast."""
    calls: int
    tokens: int
    """Read and written, those of a prefix cache not counted."""
    cost: float
    """US dollars."""
    failed: int
    """Calls that were not answered."""
    waiting: int
    """Replies that belong to a tick that was not lived, to be used when it goes on."""
    held: dict[str, Held]
    """What the log holds."""
    files: dict[str, int]
    """Bytes on disk by file and folder."""
    sealed: bool


def about(episode: Episode) -> Info:
    """Look up everything about an episode, finished or running."""
    spent = tuple(_spent(episode))
    models, paid = _models(episode)
    ended, started = episode.ended, list(episode.each(Started))
    failed, waiting = _journal(episode)
    began = episode.began
    return Info(
        folder=str(episode.folder),
        world=episode.spec.world,
        title=episode.spec.title,
        seed=episode.seed,
        mind=began.mind if began else str(episode.run.get("mind", "")),
        model=began.model if began else "",
        models=models,
        unpriced=_unpriced(models.keys() - paid),
        embedder=str(episode.run.get("embedder") or ""),
        agents=episode.agents,
        ticks=episode.ticks,
        until=target(episode),
        since=episode.time(0),
        now=episode.time(episode.ticks),
        tick_minutes=episode.clock.minutes_a_tick,
        state=state_of(episode),
        why=ended.text if ended else "",
        next=_next(episode),
        stretches=len(started),
        schema_version=int(episode.log.meta("schema_version")),
        versions=_versions(episode),
        limits=_limits(episode),
        branches=tuple(f"{event.role} {event.other}" for event in episode.each(Branched)),
        warnings=tuple(event.text for event in episode.each(Warned)),
        events=_events(episode),
        spent=spent,
        calls=sum(row.calls for row in spent),
        tokens=sum(row.prompt_tokens - row.cached_tokens + row.reply_tokens for row in spent),
        cost=round(sum(row.cost for row in spent), 6),
        failed=failed,
        waiting=waiting,
        held=_held(episode),
        files=files_of(episode.folder),
        sealed=(episode.folder / SEAL).exists(),
    )


def state_of(episode: Episode) -> State:
    """What became of the run."""
    if is_being_written(episode.folder):
        return "running"
    ended = episode.ended
    started = max((key_of(event.id) for event in episode.each(Started)), default=-1)
    if ended is None or key_of(ended.id) < started or ended.tick < episode.ticks - 1:
        return "killed"
    return ended.reason


def files_of(folder: Path) -> dict[str, int]:
    """Bytes on disk of each file, and of each folder with all that is in it."""
    return {path.name: size_of(path) for path in sorted(folder.iterdir())}


def size_of(path: Path) -> int:
    """Bytes of a file, or of all that is in a folder; what goes meanwhile has none."""
    try:
        if path.is_symlink() or not path.is_dir():
            return path.lstat().st_size
        return sum(size_of(inner) for inner in path.iterdir())
    except FileNotFoundError:
        return 0


def _next(episode: Episode) -> str:
    name = shlex.quote(str(episode.folder))
    state = state_of(episode)
    if episode.log.meta("schema_version") != str(SCHEMA_VERSION):
        return f"sociarium migrate {name}"
    if state == "running":
        return "it is being lived"
    if episode.run.get("imported"):
        return f"sociarium replay {name} (it was recorded elsewhere and cannot be gone on with)"
    if episode.ticks >= target(episode):
        return f"sociarium resume {name} --ticks {2 * episode.ticks}"
    return f"sociarium resume {name}" + (" --budget …" if state == "budget" else "")


def _spent(episode: Episode) -> Iterator[Spent]:
    sums: dict[tuple[str, str], Counter[str]] = {}
    counted = ("prompt_tokens", "cached_tokens", "reply_tokens", "seconds", "cost")
    for row in episode.log.rows(("asked",)):
        fields = episode.fields(row)
        total = sums.setdefault((row.agent, str(fields["purpose"])), Counter())
        total["calls"] += 1
        for name in counted:
            total[name] += fields.get(name, 0)
    order = {agent: number for number, agent in enumerate(episode.agents)}
    for agent, purpose in sorted(sums, key=lambda key: (order.get(key[0], len(order)), key)):
        total: dict[str, Any] = dict(sums[agent, purpose])
        total |= {"seconds": round(total["seconds"], 3), "cost": round(total["cost"], 9)}
        yield Spent(agent=agent, purpose=purpose, **total)


def _models(episode: Episode) -> tuple[dict[str, int], set[str]]:
    """Calls by who answered, and who was paid for any of them."""
    calls, paid = Counter[str](), set[str]()
    for row in episode.log.rows(("asked",)):
        fields = episode.fields(row)
        calls[fields["model"]] += 1
        if fields.get("cost"):
            paid.add(fields["model"])
    return dict(calls.most_common()), paid


def _unpriced(models: Iterable[str]) -> tuple[str, ...]:
    prices = Prices.load()
    return tuple(sorted(model for model in models if prices.find(model) is None))


def _events(episode: Episode) -> dict[str, int]:
    with episode.log.connection() as db:
        found = db.execute("SELECT type, count(*) FROM events GROUP BY type ORDER BY 2 DESC, 1")
        return {str(kind): int(number) for kind, number in found}


def _journal(episode: Episode) -> tuple[int, int]:
    sql = "SELECT count(*) FROM journal WHERE "
    with episode.log.connection() as db:
        failed = db.execute(f"{sql} CAST(reply AS TEXT) LIKE '{{\"failed\":%'").fetchone()[0]
        waiting = db.execute(f"{sql} tick >= ?", (episode.ticks,)).fetchone()[0]
    return int(failed), int(waiting)


def _held(episode: Episode) -> dict[str, Held]:
    held: dict[str, Held] = {}
    with episode.log.connection() as db:
        for name, column in _TABLES.items():
            sql = f"SELECT count(*), sum(length(CAST({column} AS BLOB))) FROM "
            rows, size = db.execute(f"{sql} {_NAMES.get(name, name)}").fetchone()
            held[name] = Held(rows=rows, bytes=size or 0)
    return held


def _versions(episode: Episode) -> dict[str, str]:
    first = next(episode.each(Provenance), None)
    return dict(first.facts) if first else {}


def _limits(episode: Episode) -> dict[str, float]:
    given = episode.run.get("budget")
    limits: dict[str, Any] = given if isinstance(given, dict) else {"calls": given}
    return {name: value for name, value in limits.items() if isinstance(value, int | float)}
