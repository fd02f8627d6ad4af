"""A model that has nothing to say of its own: it stands where recorded replies are given again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NoReturn

from simulation.episode.recording import Recording
from simulation.errors import Diverged, ModelNameError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.episode.episode import Episode
    from simulation.language.base import Chosen, LanguageModel, Phrase, Prompt, Rated, Written

Style = Literal["completion", "chat"]


class RecordedModel:
    """The model of an episode, as far as its journal goes.

    The minds' asker gives the recorded replies; whoever gets here asks something that was never
    asked in the episode.

    Args:
        recording: The replies.
        style: How the model was asked.
        then: Who answers what has no reply; None: nobody, and the run ends there.
    """

    def __init__(
        self, recording: Recording, style: Style, then: LanguageModel | None = None
    ) -> None:
        self.recording = recording
        self._then = then
        self.name = then.name if then else recording.model
        self.style: Style = then.style if then else style

    @classmethod
    def of(cls, path: str, then: LanguageModel | None = None) -> RecordedModel:
        """The model of an episode.

        Raises:
            EpisodeError: There is no such episode.
            ModelNameError: Nobody was asked in it.
        """
        from simulation.episode.episode import Episode  # noqa: PLC0415 - it reads models

        if not path:
            raise ModelNameError("say which episode's replies", value="recorded:EPISODE")
        episode = Episode.open(path)
        began = episode.began
        if began is None or not began.model:
            hint = "It was lived by minds that need no model."
            raise ModelNameError("no model was asked in that episode", value=path, hint=hint)
        return cls(Recording.of(episode.log, model=began.model), style_of(episode), then)

    async def write(
        self,
        prompt: Prompt,
        *,
        stop: Sequence[str] = ("\n",),
        max_tokens: int = 40,
        temperature: float = 0.6,
        seed: int = 0,
        slot: str = "",
    ) -> Written:
        """Ask whoever comes after the record."""
        if self._then is None:
            _silent(prompt)
        return await self._then.write(
            prompt, stop=stop, max_tokens=max_tokens, temperature=temperature, seed=seed, slot=slot
        )

    async def choose(
        self,
        prompt: Prompt,
        options: Sequence[Phrase],
        *,
        plain: Prompt | None = None,
        seed: int = 0,
        slot: str = "",
    ) -> Chosen:
        """Ask whoever comes after the record."""
        if self._then is None:
            _silent(prompt)
        return await self._then.choose(prompt, options, plain=plain, seed=seed, slot=slot)

    async def rate(
        self, prompt: Prompt, low: int, high: int, *, seed: int = 0, slot: str = ""
    ) -> Rated:
        """Ask whoever comes after the record."""
        if self._then is None:
            _silent(prompt)
        return await self._then.rate(prompt, low, high, seed=seed, slot=slot)

    def describe(self) -> Mapping[str, str]:
        """Say that the replies are recorded, and who comes after them."""
        after = dict(self._then.describe()) if self._then else {}
        return {"recorded": self.recording.model} | after

    async def aclose(self) -> None:
        """Let go of whoever comes after the record."""
        if self._then is not None:
            await self._then.aclose()


def style_of(episode: Episode) -> Style:
    """How the model of an episode was asked: its options say it, or the look of a prompt."""
    said = episode.run.get("style")
    if said in ("completion", "chat"):
        return said
    row = next(iter(episode.log.replies()), None)
    prompt = episode.log.contents([row[4]]).get(row[4], "") if row else ""
    try:
        return "chat" if isinstance(json.loads(prompt), list) else "completion"
    except ValueError:
        return "completion"


def _silent(prompt: Prompt) -> NoReturn:
    raise Diverged(
        f"nobody has a reply to this ({prompt.purpose}): …{prompt.question[-160:]!r}. "
        "Give a model for what was not asked before with --then."
    )
