"""The gates of the mind: understood, who people are, order, wording, and demand.

Each is a number with a bound that was set beforehand:

==========================================  =====================================================
the situation was understood                ``text``: read before the share of choices that the
                                            check names, in its arms and in no other; ``ask``: the
                                            right ending more often than chance (binomial, 5 %)
who people are makes a difference           the choices of nobody in particular lie 0.05 or more
                                            (total variation) from those of the person
the order of options leaves the choice      the same is preferred in 90 % with the menu shuffled
other words leave the choice                the same is preferred in 70 % in another paraphrase
the hypothesis cannot be guessed            picked among four not more often than chance (5 %)
==========================================  =====================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulation.experiment.asking import Answered, Interviewer, Put
from simulation.experiment.gates import OF_THE_MIND, Gate, told
from simulation.experiment.questions import (
    as_nobody,
    guess,
    in_another_order,
    in_other_words,
    understood,
)
from simulation.experiment.ready import hypotheses
from simulation.experiment.sampling import SAMPLE, in_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulation.experiment.parts import Understood
    from simulation.experiment.questions import Question, Recorded
    from simulation.experiment.schema import Design

SAME_ORDER: Final = 0.9
"""The share of choices that must stay with the menu shuffled."""
SAME_WORDS: Final = 0.7
"""The share that must stay in other words."""
MOVED: Final = 0.05
"""How far choices must lie from those of nobody in particular."""
LEVEL: Final = 0.05
FOILS: Final = 3
"""Statements that stand beside the hypothesis."""
_UNDERSTOOD, _PERSONA, _ORDER, _WORDS, _GUESSED = OF_THE_MIND

Known = dict[str, "list[Recorded]"]
"""Arm → its recorded choices."""


class MindGates:
    """Asks one model everything about the choices that it made in an experiment.

    Args:
        design: The experiment.
        known: Its recorded choices, by arm.
        interviewer: Who puts the questions.
    """

    def __init__(self, design: Design, known: Known, interviewer: Interviewer) -> None:
        self._design = design
        self._known = known
        self._interviewer = interviewer
        self.rows: list[dict[str, Any]] = []
        """Every question with its answer."""

    def all(self) -> list[Gate]:
        """Every gate."""
        return [
            *self.understood(),
            self.persona(),
            self.order(),
            self.words(),
            self.demand(),
        ]

    def understood(self) -> list[Gate]:
        """Whether what the arms change reached the mind."""
        checks = self._design.understood
        if not checks:
            return [Gate(_UNDERSTOOD, "not asked", "the file names no check under understood")]
        return [self._read(one) if one.text is not None else self._told(one) for one in checks]

    def persona(self) -> Gate:
        """Whether it matters who decides."""
        if not any(_changes_people(self._design, name) for name in self._design.arms):
            return Gate(_PERSONA, "not needed", "no arm changes who people are")
        asked = self._ask(_PERSONA, (Put(of, q) for of in self._sample() if (q := self._bare(of))))
        moves = [one.moved for one in asked if one.moved is not None]
        if not moves:
            return Gate(_PERSONA, "not asked", "no recorded choice tells of who decides")
        mean = sum(moves) / len(moves)
        figure = f"choices lie {mean:.2f} from those of nobody in particular, {len(moves)} asked"
        return told(_PERSONA, mean >= MOVED, f"{figure}, {MOVED:g} needed")

    def order(self) -> Gate:
        """Whether the preferred option stays when the menu is shuffled."""
        style = self._interviewer.model.style
        asked = self._ask(
            _ORDER, (Put(of, q) for of in self._sample() if (q := in_another_order(of, style)))
        )
        listed = "" if style == "chat" else "; no menu is listed to a completion model"
        return _kept(_ORDER, asked, SAME_ORDER, listed)

    def words(self) -> Gate:
        """Whether the preferred option stays in the other paraphrases."""
        names = list(self._design.paraphrases)
        if len(names) < 2:
            return Gate(_WORDS, "not asked", "the file has one paraphrase only")
        puts = [
            Put(of, question)
            for number, of in enumerate(self._sample())
            if (question := self._reworded(of, names, number)) is not None
        ]
        return _kept(_WORDS, self._ask(_WORDS, puts), SAME_WORDS, "")

    def demand(self) -> Gate:
        """Whether the hypothesis can be guessed from the situations and menus of the arms."""
        foils = foils_of(self._design)
        if len(foils) < FOILS:
            why = f"it takes {FOILS} other hypotheses; the file names {len(foils)} foils"
            return Gate(_GUESSED, "not asked", why)
        loaded = [n for n, arm in self._design.arms.items() if arm.baseline == "loaded menu"]
        neutral = self._guesses([arm for arm in self._known if arm not in loaded], foils)
        if not neutral:
            return Gate(_GUESSED, "not asked", "no recorded choice could be asked about")
        hits, of = sum(one.right for one in neutral), len(neutral)
        figure = f"picked {hits} of {of} times among {FOILS + 1}"
        with_names = self._guesses([arm for arm in self._known if arm in loaded], foils)
        if with_names:
            hit = sum(one.right for one in with_names)
            figure += f"; with the loaded menu {hit} of {len(with_names)}"
        return told(_GUESSED, not _above(hits, of, 1 / (FOILS + 1)), figure)

    # One question each -------------------------------------------------------------------------

    def _read(self, check: Understood) -> Gate:
        """Whether words stood before the choices of these arms, and of no others."""
        name, words = f"{_UNDERSTOOD}: {check.what}", (check.text or "").casefold()
        style = self._interviewer.model.style
        shares: dict[str, float] = {}
        for arm, known in self._known.items():
            prompts = [prompt for of in known if (prompt := of.restored(style)) is not None]
            if prompts:
                hits = sum(words in prompt.question.casefold() for prompt in prompts)
                shares[arm] = hits / len(prompts)
        missing = [arm for arm in check.arms if arm not in shares]
        if missing:
            return Gate(name, "not asked", f"no choice of {', '.join(missing)} was asked of it")
        figure = ", ".join(f"{arm} {share:.0%}" for arm, share in shares.items())
        held = all((share >= check.least) == (arm in check.arms) for arm, share in shares.items())
        return told(name, held, f"read before the choices of {figure}; bound {check.least:.0%}")

    def _told(self, check: Understood) -> Gate:
        """Whether the mind ends a sentence as its situation has it."""
        name, style = f"{_UNDERSTOOD}: {check.what}", self._interviewer.model.style
        endings = list(dict.fromkeys(check.answers.values()))
        missing = [arm for arm in check.answers if arm not in self._known]
        if missing:
            return Gate(name, "not asked", f"no choice of {', '.join(missing)} was asked of it")
        sample = in_turn(self._known[arm] for arm in check.answers)
        puts = [
            Put(of, understood(of, style, check.ask or "", endings, check.answers[of.arm]))
            for of in sample
        ]
        answers = self._ask(name, puts)
        hits, of, chance = sum(one.right for one in answers), len(answers), 1 / len(endings)
        figure = f"{hits} of {of} right, {chance:.0%} by chance"
        return told(name, bool(of) and _above(hits, of, chance), figure)

    def _guesses(self, arms: Sequence[str], foils: Sequence[str]) -> list[Answered]:
        style, hypothesis = self._interviewer.model.style, self._design.hypothesis
        sample = in_turn(self._known[arm] for arm in arms)
        puts = [Put(of, guess(of, style, hypothesis, foils[:FOILS])) for of in sample]
        return self._ask(_GUESSED, puts)

    def _bare(self, of: Recorded) -> Question | None:
        if _changes_people(self._design, of.arm):
            return None
        return as_nobody(of, self._interviewer.model.style)

    def _reworded(self, of: Recorded, names: Sequence[str], number: int) -> Question | None:
        others = [name for name in names if name != of.paraphrase]
        text = self._design.paraphrases[others[number % len(others)]].get("decide", "")
        own = self._design.paraphrases[of.paraphrase].get("decide", "")
        if text == own:
            return None
        return in_other_words(of, self._interviewer.model.style, text)

    def _sample(self) -> list[Recorded]:
        return in_turn(self._known.values(), SAMPLE)

    def _ask(self, gate: str, puts: Iterable[Put]) -> list[Answered]:
        answers = [one for one in self._interviewer.ask(list(puts)) if one.answer is not None]
        self.rows += [one.as_row(gate) for one in answers]
        return answers


def foils_of(design: Design) -> list[str]:
    """What else a study could be about: the file's own, or what ships is about."""
    own = design.hypothesis.casefold()
    return [one for one in design.foils or hypotheses() if one.casefold() != own]


def _changes_people(design: Design, name: str) -> bool:
    arm = design.arms[name]
    by_hand = any("persona " in line for line in arm.do)
    return arm.baseline in ("no persona", "names rotated") or by_hand


def _kept(name: str, answers: Sequence[Answered], bound: float, more: str) -> Gate:
    if not answers:
        return Gate(name, "not asked", "no recorded choice could be asked again")
    share = sum(one.same for one in answers) / len(answers)
    figure = f"{share:.0%} of {len(answers)} choices stay, {bound:.0%} needed{more}"
    return told(name, share >= bound, figure)


def _above(hits: int, of: int, chance: float) -> bool:
    """Whether so many hits are more than chance gives."""
    from scipy.stats import binomtest  # noqa: PLC0415 - half a second

    return bool(binomtest(hits, of, chance, alternative="greater").pvalue < LEVEL)
