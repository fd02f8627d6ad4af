"""Inner state: five needs and an emotion, which colour what somebody chooses.

After Humanoid Agents (Wang et al. 2023): needs from 0 to 10 (fullness, social, fun, health,
energy) and one of seven emotions. Energy and fullness are the body's and come from the world's
rules; the others live here. Unlike there, no model is asked: needs fall with sim time and rise by
what was done, and an emotion follows from a rule of appraisal, so that both cost nothing and are
the same in every run. A change of emotion is an event, and so is a need that begins or ceases to
be felt. Closeness, the third part of that work, is in :mod:`simulation.mind.relationship`.

What they change: a need that is felt and an emotion stand in the prompt of a decision as a few
words, an emotion is how one is introduced in talk, and the short list ranks talk higher for who
misses company, and what is not planned for who misses fun.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from simulation.episode.events import Felt, Needed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from personas import Persona
    from simulation.episode.sink import Scribe
    from simulation.kernel.facts import Fact
    from simulation.kernel.percept import Percept

Emotion = Literal["neutral", "happy", "sad", "angry", "afraid", "surprised", "disgusted"]

FULL: Final = 10.0
FELT, MET = 4.0, 6.0
"""Below the first a need is felt, above the second it no longer is."""
MINUTES_A_LEVEL: Final = {"social": 90.0, "fun": 120.0}
"""How long it takes a need to fall by one."""
SOCIAL_PER_LINE, FUN_PER_LINE = 1.0, 0.3
"""What words said or heard in a talk add."""
FUN_PER_MINUTE = 0.08
"""What time that is nobody's plan adds."""
UNWELL_BELOW = 1.0
"""Energy or fullness under this wears on health."""
MINUTES_A_HEALTH: Final = 90.0
"""How long it takes health to fall by one then, and to come back otherwise."""
MINUTES_A_SHADE: Final = 30.0
"""Minutes in which an emotion weakens by one."""
FADED = 1.0
"""Below this intensity one is neutral again."""
CONCERNED, STRUCK, SET_BACK, GOOD_TALK, POOR_TALK = 6.0, 3.0, 3.0, 3.0, 3.0
"""Intensities: news about oneself, other weighty news, an act that could not be done, a talk that
brought two people closer, and one that did the opposite."""
WEIGHTY = 7.0
"""Importance from which any news is surprising."""
NEUROTICISM_STEP = 0.2
"""What each point of neuroticism above or below the middle adds to an intensity, as a share."""
MIDPOINT = 3.0

_WORDS: Final = {"social": "lonely", "fun": "bored", "health": "unwell"}


@dataclass
class _Feeling:
    """An emotion with its strength at a tick."""

    emotion: Emotion = "neutral"
    intensity: float = 0.0
    tick: int = 0


class InnerState:
    """One agent's needs and emotion.

    Args:
        persona: Whose; neuroticism makes feelings stronger.
        tick_minutes: Sim minutes in a tick.
    """

    def __init__(self, persona: Persona, tick_minutes: int) -> None:
        self._persona = persona
        self._tick_minutes = tick_minutes
        self._levels = {"social": FULL, "fun": FULL, "health": FULL}
        self._tick = 0
        self._felt: set[str] = set()
        self._feeling = _Feeling()

    def become(self, persona: Persona) -> None:
        """Be this person from now on."""
        self._persona = persona

    @property
    def emotion(self) -> Emotion:
        """What is felt most."""
        return self._feeling.emotion

    def intensity(self, tick: int) -> float:
        """How strong the emotion still is, from 0 to 10."""
        minutes = (tick - self._feeling.tick) * self._tick_minutes
        return max(0.0, self._feeling.intensity - minutes / MINUTES_A_SHADE)

    def needs(self, percept: Percept) -> dict[str, float]:
        """All five, from 0 (empty) to 10 (satisfied)."""
        return {**percept.needs, **self._levels}

    def words(self) -> list[str]:
        """What is felt now beside hunger and tiredness, as adjectives: ``["lonely", "angry"]``."""
        needs = [_WORDS[need] for need in _WORDS if self._levels[need] < FELT]
        return needs + ([] if self.emotion == "neutral" else [self.emotion])

    # Living ------------------------------------------------------------------------------------

    def live(self, percept: Percept, scribe: Scribe, *, free: bool) -> None:
        """Let the time since the last tick pass, and what it brought count.

        Args:
            percept: What is perceived.
            scribe: Where changes are logged.
            free: Whether this is nobody's time but one's own.
        """
        minutes = (percept.tick - self._tick) * self._tick_minutes
        self._tick = percept.tick
        lines = sum(1 for heard in percept.heard if heard.told)
        asleep = percept.view.asleep(percept.agent)
        for need, pace in MINUTES_A_LEVEL.items():
            # Who sleeps misses nobody.
            self._move(need, 0.0 if asleep else -minutes / pace)
        self._move("social", SOCIAL_PER_LINE * lines)
        self._move("fun", FUN_PER_LINE * lines + (FUN_PER_MINUTE * minutes if free else 0.0))
        poorly = any(level < UNWELL_BELOW for level in percept.needs.values())
        self._move("health", (-minutes if poorly else minutes) / MINUTES_A_HEALTH)
        self._note_needs(percept.needs, scribe)
        if percept.outcome is not None and percept.outcome.reason:
            self._feel(scribe, "angry", SET_BACK, "could not do it", percept.outcome.event)
        if self.emotion != "neutral" and self.intensity(percept.tick) < FADED:
            self._become(scribe, "neutral", 0.0, "it has faded", "")

    def spoke(self) -> None:
        """Count one's own words."""
        self._move("social", SOCIAL_PER_LINE)
        self._move("fun", FUN_PER_LINE)

    def learned(self, scribe: Scribe, fact: Fact, importance: float, event: str) -> None:
        """Be struck by news, or not."""
        if self._persona.id in fact.concerns and fact.strikes:
            self._feel(scribe, fact.strikes, CONCERNED, "news about oneself", event)
        elif importance >= WEIGHTY:
            self._feel(scribe, fact.strikes or "surprised", STRUCK, "weighty news", event)

    def talked(self, scribe: Scribe, change: float, event: str) -> None:
        """Be pleased or put out by a talk that changed how close somebody is."""
        if change > 0:
            self._feel(scribe, "happy", GOOD_TALK, "a talk that brought them closer", event)
        elif change < 0:
            low = self._persona.big_five.agreeableness < MIDPOINT
            emotion: Emotion = "angry" if low else "sad"
            self._feel(scribe, emotion, POOR_TALK, "a talk that set them apart", event)

    # Changing ----------------------------------------------------------------------------------

    def _move(self, need: str, by: float) -> None:
        self._levels[need] = round(min(FULL, max(0.0, self._levels[need] + by)), 6)

    def _note_needs(self, bodily: Mapping[str, float], scribe: Scribe) -> None:
        for need, level in {**bodily, **self._levels}.items():
            felt = need in self._felt
            if not felt and level < FELT:
                self._felt.add(need)
            elif felt and level > MET:
                self._felt.discard(need)
            else:
                continue
            scribe.note(Needed, need=need, level=round(level, 1), felt=need in self._felt)

    def _feel(
        self, scribe: Scribe, emotion: Emotion, strength: float, reason: str, event: str
    ) -> None:
        """Feel something if it is stronger than what is felt already."""
        neurotic = self._persona.big_five.neuroticism - MIDPOINT
        intensity = min(10.0, strength * (1 + NEUROTICISM_STEP * neurotic))
        if intensity >= self.intensity(scribe.tick) and intensity >= FADED:
            self._become(scribe, emotion, intensity, reason, event)

    def _become(
        self, scribe: Scribe, emotion: Emotion, intensity: float, reason: str, event: str
    ) -> None:
        before = self._feeling.emotion
        self._feeling = _Feeling(emotion, intensity, scribe.tick)
        if emotion != before:
            scribe.note(
                Felt,
                emotion=emotion,
                before=before,
                intensity=round(intensity, 2),
                reason=reason,
                causes=(event,) if event else (),
            )
