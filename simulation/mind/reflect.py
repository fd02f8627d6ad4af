"""Reflection: when enough has gathered, conclusions that cite the memories they rest on.

Park et al. (2023, §4.2): when the importance of what was perceived passes a threshold, questions
are drawn from the latest memories, memories are retrieved for each, and insights are drawn from
those. An insight is a memory, too, so later insights can cite it: a tree whose leaves are what was
seen and heard. Threshold, window, numbers and depth are settings.

A chat model finds the questions and names its evidence. For a completion model a rule asks about
who or what weighed most of late, and its conclusion is kept only if it stays close to its evidence;
otherwise a plain summary of that evidence takes its place, and the log says which. A model that
fails leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, RootModel

from simulation.episode.events import Reflected
from simulation.language.plausible import a_statement, an_utterance, json_of
from simulation.language.prompts import load_prompt
from simulation.mind.recollection import Note, Recollection
from simulation.mind.words import sentence, trigrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.memory import Memory
    from simulation.mind.asker import Asker
    from simulation.mind.options import MindOptions

_PROMPTS = Path(__file__).parent / "prompts"
_REFLECT = load_prompt(_PROMPTS / "reflect.md", "reflect")
_QUESTION = load_prompt(_PROMPTS / "question.md", "question")
_INSIGHTS = load_prompt(_PROMPTS / "insights.md", "reflect")
INSIGHT, SUMMARY = 6.0, 2.0
"""Importance of a conclusion, and of the plain summary that stands in for one."""
SHORTEST_INSIGHT = 6
"""Words, the name included."""
QUESTIONS, INSIGHTS = 3, 5
"""Of the paper: what a chat model is asked for unless the settings say otherwise."""
CHAT_EVIDENCE = 4
"""A chat model sees so many times the memories that are laid before a completion model."""
_SUBJECTS = ("observation", "dialogue", "fact", "reflection")
"""Kinds of memory that a reflection is about; plans are not."""


class Questions(RootModel[list[str]]):
    """What a chat model asks of the latest memories."""


class Insight(BaseModel):
    """A conclusion as a chat model gives it."""

    insight: str
    because: list[int] = []


class Insights(RootModel[list[Insight]]):
    """What a chat model concludes from numbered memories."""


class _Drawn(NamedTuple):
    """A conclusion before it is judged."""

    words: str
    evidence: list[Memory]
    call: str


class Reflection:
    """Gathers importance, and reflects when the threshold is passed.

    Args:
        options: Threshold, window, numbers and depth.
    """

    def __init__(self, options: MindOptions) -> None:
        self._options = options
        self._gathered = 0.0
        self._depths: dict[str, int] = {}
        self._asked_about: Counter[str] = Counter()

    def gather(self, importance: float) -> None:
        """Count a new memory."""
        self._gathered += importance

    @property
    def due(self) -> bool:
        """Whether it is time to reflect."""
        return self._gathered >= self._options.reflection_threshold

    async def reflect(
        self, percept: Percept, scribe: Scribe, asker: Asker, recollection: Recollection
    ) -> list[Memory]:
        """Ask of the latest memories, and draw conclusions from what comes to mind."""
        self._gathered = 0.0
        window = recollection.stream.latest(self._options.reflection_window)
        latest = [memory for memory in window if memory.kind in _SUBJECTS]
        if not latest:
            return []
        formed: list[Memory] = []
        for question in await self._questions(percept, scribe, asker, latest):
            evidence = self._evidence(scribe, recollection, question, chats=asker.chats)
            if not evidence:
                continue
            draw = self._ask_for_insights if asker.chats else self._complete
            conclusions = await draw(percept, scribe, asker, question, evidence)
            formed += [
                self._keep(percept, scribe, recollection, question, one) for one in conclusions
            ]
        return formed

    # Questions ---------------------------------------------------------------------------------

    async def _questions(
        self, percept: Percept, scribe: Scribe, asker: Asker, latest: Sequence[Memory]
    ) -> list[str]:
        number = self._options.reflection_questions or (QUESTIONS if asker.chats else 1)
        if asker.chats:
            told = " ".join(sentence(memory.text) for memory in latest)
            prompt = asker.worded(_QUESTION).render(memories=told, number=str(number))
            answer = await asker.write(
                scribe, prompt, read=_worded, stop=(), max_tokens=200, temperature=0.3
            )
            if answer is not None and answer.value.root:
                return [" ".join(question.split()) for question in answer.value.root[:number]]
        return self._by_rule(percept, latest, number)

    def _by_rule(self, percept: Percept, latest: Sequence[Memory], number: int) -> list[str]:
        """About who or what weighed most of late, and was not asked about as often before."""
        weights: Counter[str] = Counter()
        for memory in latest:
            for subject in (*memory.people, memory.fact):
                if subject and subject != percept.agent:
                    weights[subject] += round(memory.importance)
        name, facts = percept.persona.name, percept.view.stage.facts
        ranked = sorted(
            weights, key=lambda one: (-weights[one] / (1 + self._asked_about[one]), one)
        )
        self._asked_about.update(ranked[:number])
        return [
            f"What does {name} make of it that {facts[one].spoken}?"
            if one in facts
            else f"What has {name} to do with {percept.view.name(one)}?"
            for one in ranked[:number]
        ] or [f"How does {name} spend the day?"]

    def _evidence(
        self, scribe: Scribe, recollection: Recollection, question: str, *, chats: bool
    ) -> list[Memory]:
        limit = self._options.reflection_evidence * (CHAT_EVIDENCE if chats else 1)
        found = [
            memory
            for memory in recollection.recall(scribe, question, "reflect", 2 * limit)
            if memory.kind in _SUBJECTS and self._depth(memory) < self._options.reflection_depth
        ]
        return sorted(found[:limit], key=lambda memory: (memory.created, memory.id))

    def _depth(self, memory: Memory) -> int:
        """0 for what was seen and heard, 1 for a first thought about it, and so on."""
        return self._depths.get(memory.id, int(memory.kind == "reflection"))

    # Insights ----------------------------------------------------------------------------------

    async def _ask_for_insights(
        self,
        percept: Percept,
        scribe: Scribe,
        asker: Asker,
        question: str,
        evidence: list[Memory],
    ) -> list[_Drawn]:
        """Let a chat model conclude and cite."""
        number = self._options.reflection_insights or INSIGHTS
        numbered = [f"{at}. {sentence(memory.text)}" for at, memory in enumerate(evidence, start=1)]
        prompt = asker.worded(_INSIGHTS).render(
            question=question, memories="\n".join(numbered), number=str(number)
        )
        answer = await asker.write(
            scribe, prompt, read=_statements, stop=(), max_tokens=400, temperature=0.3
        )
        if answer is None:
            return []
        drawn = [
            _Drawn(sentence(one.insight), _cited(one.because, evidence), answer.call)
            for one in answer.value.root[:number]
        ]
        return [one for one in drawn if one.evidence]

    async def _complete(
        self,
        percept: Percept,
        scribe: Scribe,
        asker: Asker,
        question: str,
        evidence: list[Memory],
    ) -> list[_Drawn]:
        """Let a completion model end the sentence that the evidence begins."""
        del question
        name = percept.persona.name
        told = " ".join(sentence(memory.text) for memory in evidence)
        prompt = asker.worded(_REFLECT).render(name=name, memories=told)
        drawn: list[_Drawn] = []
        for _ in range(self._options.reflection_insights or 1):
            answer = await asker.write(
                scribe,
                prompt,
                read=a_statement(""),
                stop=("\n", "."),
                max_tokens=28,
                temperature=0.3,
                shared_slot=True,
            )
            if answer is not None:
                words = " ".join(answer.value.split())
                drawn.append(_Drawn(sentence(f"{name} {words}"), evidence, answer.call))
        return drawn

    def _keep(
        self,
        percept: Percept,
        scribe: Scribe,
        recollection: Recollection,
        question: str,
        drawn: _Drawn,
    ) -> Memory:
        """Log a conclusion and remember it, or a plain summary where it cannot be used."""
        closeness = recollection.closeness(drawn.words, drawn.evidence)
        kept = self._usable(drawn, closeness)
        insight = drawn.words if kept else _summary(percept, drawn.evidence)
        ids = tuple(memory.id for memory in drawn.evidence)
        depth = 1 + max((self._depth(memory) for memory in drawn.evidence), default=0)
        reflected = scribe.note(
            Reflected,
            insight=insight,
            evidence=ids,
            question=question,
            depth=depth,
            proposed=drawn.words,
            closeness=closeness,
            kept=kept,
            causes=(*ids, drawn.call),
        )
        people = tuple(sorted({who for memory in drawn.evidence for who in memory.people}))
        memory = recollection.remember(
            scribe,
            Note(
                kind="reflection",
                text=insight,
                importance=INSIGHT if kept else SUMMARY,
                people=people,
                evidence=(reflected.id, *ids),
                source="inferred" if kept else "summary",
            ),
        )
        self._depths[memory.id] = depth
        return memory

    def _usable(self, drawn: _Drawn, closeness: float) -> bool:
        told = " ".join(memory.text for memory in drawn.evidence)
        echo = trigrams(drawn.words) & trigrams(told)
        plain = not any(mark in drawn.words for mark in "[]{}<>|")
        words = drawn.words.rstrip(".").split()
        # What such a model says is not so, it mostly makes up; what is very short, it says of all.
        if len(words) < SHORTEST_INSIGHT or "not" in words or "n't" in drawn.words:
            return False
        return closeness >= self._options.insight_closeness and plain and len(echo) <= 2


def _worded(text: str) -> Questions:
    """Questions in words, each of them."""
    read = json_of(Questions)(text)
    for one in read.root:
        an_utterance("")(one)
    return read


def _statements(text: str) -> Insights:
    """Insights that are statements, each of them."""
    read = json_of(Insights)(text)
    for one in read.root:
        a_statement()(one.insight)
    return read


def _cited(numbers: Sequence[int], evidence: list[Memory]) -> list[Memory]:
    """The memories that a chat model named by their numbers; what it made up is passed over."""
    chosen = dict.fromkeys(number for number in numbers if 1 <= number <= len(evidence))
    return [evidence[number - 1] for number in chosen]


def _summary(percept: Percept, evidence: list[Memory]) -> str:
    """What the evidence is about, without a model: people and places that recur."""
    name = percept.persona.name
    people = Counter(percept.view.name(who) for memory in evidence for who in memory.people)
    places = Counter(memory.place for memory in evidence if memory.place)
    company = " and ".join(who for who, _ in people.most_common(2) if who != name)
    where = percept.view.stage.plan.places[places.most_common(1)[0][0]].where if places else ""
    alone = {"she": "herself", "he": "himself", "they": "themselves"}[percept.persona.pronouns]
    doing = f"been taken up with {company}" if company else f"kept to {alone}"
    return sentence(f"{name} has {doing}{', mostly ' + where if where else ''}")
