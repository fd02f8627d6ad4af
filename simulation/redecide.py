"""Asking the recorded choices of an episode again: another model, or other words.

Every choice that a language model made in an episode stands in its log with the prompt, the menu
and the answer. Here the same question with the same menu and the same seed is put once more.
Nothing follows from the answers: nobody lives on from them, and the episode stays as it is.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from simulation.analysis.agreement import Preference, Twice, preference
from simulation.episode.episode import Episode
from simulation.episode.events import Asked
from simulation.episode.reader import damaged
from simulation.episode.recording import Recording
from simulation.episode.sink import JournalKey
from simulation.errors import ConfigError, EpisodeError, InvalidReply, ModelError
from simulation.kernel.portal import Portal
from simulation.kernel.streams import Streams
from simulation.language.base import Chosen
from simulation.language.names import open_model
from simulation.language.patience import Endurance, Patience
from simulation.language.recorded import RecordedModel
from simulation.mind.asked_before import Restorer, read_wording
from simulation.mind.decide import phrase
from simulation.mind.journalled import read_back
from simulation.mind.options import MindOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langchain_core.language_models import BaseChatModel

    from simulation.language.base import LanguageModel

AT_ONCE: Final = 8
"""Questions that wait for an answer at the same time."""


class Choice(NamedTuple):
    """A choice on record that can be asked again."""

    event: Asked
    options: tuple[str, ...]
    answer: Preference


@dataclass(frozen=True, kw_only=True)
class Redecided:
    """What came of asking again."""

    recorded: str
    """Who answered in the episode."""
    model: str
    """Who answered now."""
    of: int
    """Choices on record from which the asked ones were drawn."""
    reworded: int
    """Of the asked ones, how many were put in other words than the first time."""
    rows: tuple[Twice, ...]
    """Every choice that was asked, in the order of the log."""
    interrupted: bool = False
    """Whether it was stopped before all were asked."""


class Redecision:
    """Asks choices of an episode again, and writes nothing.

    Args:
        episode: The episode, or its folder.
        model: Who is asked; None: the model of the episode.
        prompt: A prompt file with other instructions, examples or a content-free question for
            one purpose; None: all as it was recorded.
        purpose: Only choices of this purpose; empty: all of them, or ``decide`` with a prompt.
        sample: So many choices at most, drawn at random; None: all.
        seed: Of that draw.
        progress: Told how many are asked, of how many.

    Raises:
        EpisodeError: There is none, it is damaged, or no such choice was made in it.
        ConfigError: Nothing would differ, or the model cannot be asked.
        FileError: The prompt file cannot be used.

    Examples:
        >>> Redecision("episodes/village-7-1", "fake", sample=50).run()  # doctest: +SKIP
    """

    def __init__(
        self,
        episode: str | Path | Episode,
        model: str | LanguageModel | BaseChatModel | None = None,
        *,
        prompt: str | Path | None = None,
        purpose: str = "",
        sample: int | None = None,
        seed: int = 0,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        self._episode = episode if isinstance(episode, Episode) else Episode.open(episode)
        began = self._episode.began
        self._recorded = began.model if began else ""
        purpose = purpose or ("decide" if prompt else "")
        found = recorded_choices(self._episode, purpose)
        self._of = len(found)
        self._drawn = _drawn(found, sample, seed)
        self._progress = progress
        self._stopped = threading.Event()
        self._closes = model is None or isinstance(model, str)
        self.model = open_model(self._recorded if model is None else model)
        if isinstance(self.model, RecordedModel):
            what = "a recorded model has no other answers than the recorded ones"
            raise ConfigError(what, where="model", value=str(model))
        style = self.model.style
        wording = read_wording(Path(prompt), purpose, style) if prompt else None
        self._restorer = Restorer(style, wording)

    def stop(self) -> None:
        """Ask nothing more; what is being asked is waited for."""
        self._stopped.set()

    def run(self) -> Redecided:
        """Ask them all."""
        portal = Portal()
        try:
            asked = portal.call(self._ask_all())
        finally:
            if self._closes:
                portal.call(self.model.aclose())
            portal.close()
        rows = [pair for pair in asked if pair is not None]
        return Redecided(
            recorded=self._recorded,
            model=self.model.name,
            of=self._of,
            reworded=sum(reworded for _, reworded in rows),
            rows=tuple(row for row, _ in rows),
            interrupted=len(rows) < len(self._drawn),
        )

    async def _ask_all(self) -> list[tuple[Twice, bool] | None]:
        gate = asyncio.Semaphore(AT_ONCE)
        patience = Patience(Endurance(on_outage="fall back"))
        exponent = _exponent(self._episode)
        done = 0

        async def one(choice: Choice) -> tuple[Twice, bool] | None:
            nonlocal done
            async with gate:
                if self._stopped.is_set():
                    return None
                row = await self._ask(choice, patience, exponent)
            done += 1
            self._progress(done, len(self._drawn))
            return row

        return list(await asyncio.gather(*map(one, self._drawn)))

    async def _ask(
        self, choice: Choice, patience: Patience, exponent: float
    ) -> tuple[Twice, bool] | None:
        event, options = choice.event, choice.options
        restored = self._restorer.restore(
            self._episode.content(event.prompt), event.purpose, event.repair
        )
        if restored is None:
            raise damaged(self._episode.folder, f"the prompt of event {event.id} is none")
        streams = Streams(self._episode.seed or 0)
        seed = streams.key(event.agent, event.tick, f"{event.purpose}.{event.ordinal}") % 2**31

        async def send() -> Chosen:
            return await self.model.choose(
                restored.prompt,
                [phrase(option) for option in options],
                plain=restored.plain,
                seed=seed,
                slot=event.agent,
            )

        now, why = None, ""
        try:
            reply = await patience.ask(send, key=_key(event))
            now = preference(reply, len(options), exponent)
            why = "" if now else "it does not choose one of the options"
        except InvalidReply as error:
            why = error.reason
        except ModelError as error:
            why = str(error)
        row = Twice(
            call=event.id,
            agent=event.agent,
            tick=event.tick,
            purpose=event.purpose,
            options=options,
            then=choice.answer,
            now=now,
            why=why,
        )
        return row, restored.reworded


def recorded_choices(episode: Episode, purpose: str) -> list[Choice]:
    """The choices of an episode that a model answered with one of the options.

    Args:
        episode: Where they were made.
        purpose: Only those of this purpose; empty: all of them.

    Raises:
        EpisodeError: No model was asked for one.
        ConfigError: None has this purpose.
    """
    recording, exponent = Recording.of(episode.log), _exponent(episode)
    found: list[Choice] = []
    for event in episode.each(Asked):
        kept = recording.reply(_key(event), event.prompt) if event.options else None
        reply = None if kept is None else read_back(kept)
        if isinstance(reply, Chosen):
            answer = preference(reply, len(event.options), exponent)
            if answer is not None:
                found.append(Choice(event, event.options, answer))
    if not found:
        hint = "Its minds ask no model for choices."
        raise EpisodeError("no choices to ask again", where=episode.folder, hint=hint)
    purposes = sorted({choice.event.purpose for choice in found})
    if purpose and purpose not in purposes:
        raise ConfigError(
            "no choice of the episode has this purpose",
            where="purpose",
            value=purpose,
            allowed=purposes,
        )
    return [choice for choice in found if purpose in ("", choice.event.purpose)]


def _drawn(found: Sequence[Choice], sample: int | None, seed: int) -> list[Choice]:
    if sample is None or sample >= len(found):
        return list(found)
    if sample < 1:
        raise ConfigError("too few to ask", where="sample", value=sample, allowed=["1 and more"])
    drawn = Streams(seed).stream("", 0, "redecide").sample(range(len(found)), sample)
    return [found[number] for number in sorted(drawn)]


def _key(event: Asked) -> JournalKey:
    return JournalKey((event.agent, event.tick, event.purpose, event.ordinal))


def _exponent(episode: Episode) -> float:
    """The share of the content-free prior that the minds of an episode take off."""
    began = episode.began
    told = began.options.get("exponent") if began else None
    try:
        return MindOptions().exponent if told is None else float(told)
    except ValueError as error:
        raise damaged(episode.folder, f"its exponent is {told!r}") from error
