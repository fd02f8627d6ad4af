"""When somebody reaches into a run, and from where: a script, a person while it runs, or a log.

What was done in the past of an episode is done again from its ``Intervened`` events. What a script
still has in store comes from ``run.json``; what is asked for while the episode runs comes through
its ``inbox``, a folder in which ``sociarium intervene`` leaves a file.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from simulation.episode.events import Intervened
from simulation.episode.reader import damaged
from simulation.errors import ConfigError, FileError
from simulation.kernel.intervention import FORMS, INTERVENTION, Intervention, parse
from simulation.kernel.reach import Reach
from simulation.kernel.reaching_in import Asked
from simulation.located_yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulation.episode.episode import Episode
    from simulation.inbox import Inbox
    from simulation.kernel.clock import Clock
    from simulation.kernel.world import World
    from simulation.located_yaml import Located


class Timed(BaseModel):
    """An intervention and the tick in which it is done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: int
    """The tick; what it changes is perceived in the next one."""
    do: Intervention
    scripted: bool = True
    """Whether it was planned before the run."""


def read_script(path: str | Path, clock: Clock) -> tuple[Timed, ...]:
    """The interventions in a YAML file: a list of rows with ``at`` and ``do``.

    ::

        - at: 08:30
          do: whisper ana "somebody should look at the lamp"
        - at: 120
          do: [set logs=asked, announce "A bell rings." in the quay]

    Args:
        path: The file; files of personas that it names lie beside it.
        clock: What turns hours into ticks.

    Raises:
        FileError: It cannot be read, or a row is no intervention.
    """
    located = read_yaml(path)
    rows = located.data if isinstance(located.data, list) else None
    if rows is None:
        hint = "Write rows like `- at: 08:30` with `do: …` below."
        raise FileError("should be a list of interventions", where=located.where(), hint=hint)
    return tuple(timed for n, row in enumerate(rows) for timed in _row(located, n, row, clock))


def _row(located: Located, number: int, row: Any, clock: Clock) -> Iterator[Timed]:
    where = located.where((number,))
    if not isinstance(row, dict) or set(row) != {"at", "do"}:
        hint = "Write `at`, a tick or an hour, and `do`, an intervention or a list of some."
        raise FileError("should have at and do, and nothing else", where=where, hint=hint)
    at = _moment(str(row["at"]), clock, located.where((number, "at")))
    for text in row["do"] if isinstance(row["do"], list) else [row["do"]]:
        place = located.where((number, "do"))
        if not isinstance(text, str):
            raise FileError("should be an intervention as a text", where=place, value=text)
        try:
            yield Timed(at=at, do=parse(text, where=place, folder=Path(located.path).parent))
        except ConfigError as error:
            # It names the line already.
            raise FileError(str(error)) from error


def parse_timed(text: str, clock: Clock, *, at: int | None = None, where: str = "--do") -> Timed:
    """An intervention with its moment before it: ``08:30 whisper ana "…"``, ``120 move …``.

    Args:
        text: As above.
        clock: What turns hours into ticks.
        at: The tick where no moment is given; None: one has to be.
        where: Where it stands, for an error.

    Raises:
        ConfigError: It is none.
        FileError: A persona's file cannot be used.
    """
    words = text.split()
    first = next((n for n, word in enumerate(words) if word in FORMS), len(words))
    if first == 0 and at is not None:
        return Timed(at=at, do=parse(text, where=where))
    if first in (0, len(words)):
        hint = "Write a tick or an hour, then what is done: 08:30 whisper ana 'the tide is early'."
        raise ConfigError(
            "no timed intervention", where=where, value=text, allowed=FORMS, hint=hint
        )
    moment = _moment(" ".join(words[:first]), clock, where)
    return Timed(at=moment, do=parse(text.split(None, first)[first], where=where))


def _moment(text: str, clock: Clock, where: str) -> int:
    try:
        return clock.tick_at(text)
    except ValueError as error:
        hint = "Give a tick, an hour like 14:05, or an hour and a day like '08:00 2'."
        raise ConfigError("no moment of a run", where=where, value=text, hint=hint) from error


class Interventions:
    """What is done to a run from outside, tick by tick.

    Args:
        script: What was planned.
        past: What was done in the ticks that are only repeated.
        until: The first tick that is not repeated.
        inbox: Where requests arrive while it runs.
    """

    def __init__(
        self,
        script: Iterable[Timed] = (),
        past: Iterable[tuple[int, Asked]] = (),
        until: int = 0,
        inbox: Inbox | None = None,
    ) -> None:
        self.script = tuple(sorted(script, key=lambda timed: timed.at))
        self._until = until
        self._inbox = inbox
        self._planned: dict[int, list[Asked]] = defaultdict(list)
        self._requests: set[str] = set()
        """Names of the requests that the past has done already."""
        for tick, asked in past:
            self._planned[tick].append(asked)
            self._requests.add(asked.request)
        for timed in self.script:
            if timed.at >= until:
                self._planned[timed.at].append(Asked(timed.do, timed.scripted))
        self._live: deque[Asked] = deque()

    def check(self, world: World) -> None:
        """See that all of the script can be done, as far as one can know before the run.

        Raises:
            ConfigError: One of them names what is not there.
        """
        reach = Reach.of(world)
        for timed in self.script:
            try:
                reach.after(reach.resolve(timed.do))
            except ConfigError as error:
                what = f"{timed.do.as_text()}: {error.what}"
                where = f"tick {timed.at}"
                raise ConfigError(
                    what, where=where, value=error.value, allowed=error.allowed, hint=error.hint
                ) from error

    def ask(self, intervention: Intervention) -> None:
        """Let something be done in the next tick that is lived. Safe from any thread."""
        self._live.append(Asked(intervention))

    def due(self, tick: int) -> Iterator[Asked]:
        """What is done in this tick; called once, when it is certain to be lived."""
        yield from self._planned.pop(tick, ())
        if tick < self._until:
            return
        while self._live:
            yield self._live.popleft()
        if self._inbox is not None:
            yield from self._inbox.take(done=self._requests)

    def settle(self, refused: dict[str, str], tick: int) -> None:
        """Answer the requests of a tick that is on the disk.

        Args:
            refused: Why some were not done, by the name of the request.
            tick: The tick.
        """
        if self._inbox is not None:
            self._inbox.answer(refused, tick)


def done_in(episode: Episode) -> list[tuple[int, Asked]]:
    """What was done to an episode from outside, with its ticks, in order.

    Raises:
        EpisodeError: The log has an intervention that is none.
    """
    return [(event.tick, _recorded(episode, event)) for event in episode.each(Intervened)]


def _recorded(episode: Episode, event: Intervened) -> Asked:
    try:
        done = INTERVENTION.validate_python({**event.details, "kind": event.kind})
    except ValidationError as error:
        told = error.errors()[0]["msg"]
        raise damaged(episode.folder, f"event {event.id} is no intervention: {told}") from error
    return Asked(done, event.scripted, event.request)


def as_rows(script: Iterable[Timed]) -> list[dict[str, Any]]:
    """A script as ``run.json`` keeps it."""
    return [json.loads(timed.model_dump_json()) for timed in script]


def from_rows(rows: Sequence[Any], where: Path) -> tuple[Timed, ...]:
    """A script out of ``run.json``.

    Raises:
        EpisodeError: It is none.
    """
    try:
        return tuple(Timed.model_validate(row) for row in rows)
    except ValidationError as error:
        raise damaged(where, f"interventions: {error.errors()[0]['msg']}") from error
