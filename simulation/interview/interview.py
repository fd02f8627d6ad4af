"""A conversation with one agent as it was at one tick. Nothing of it enters the episode.

::

    with Interview(Episode.open("episodes/village-7-1"), "ada", tick=300) as interview:
        interview.ask("What have you heard about the supper?").cites
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from simulation.episode.events import Remembered
from simulation.episode.memories import run_embedder
from simulation.errors import ConfigError, EpisodeError, ModelNameError
from simulation.interview import free, given
from simulation.interview.answers import Answer, Cite, Reply
from simulation.interview.asking import Asking
from simulation.interview.conditions import Condition, check_condition
from simulation.interview.knowledge import Knowledge
from simulation.interview.question import rank, read_question, to_the_point
from simulation.kernel.portal import Portal
from simulation.language.download import Progress, silent
from simulation.language.names import open_model
from simulation.memory import open_embedder, open_retrieval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from simulation.episode.episode import Episode
    from simulation.interview.grounds import Ground
    from simulation.interview.question import Question
    from simulation.language.base import LanguageModel
    from simulation.memory import Embedder

LONGEST_QUESTION: Final = 2_000
LINES_KEPT: Final = 12
"""Of what was said before in an interview, questions and answers."""
SHOWN: Final = 30
"""Memories that a chat model is shown: the best fitting of those that came to mind."""
_INTERVIEWER: Final = "Interviewer"


class Interview:
    """Asks one agent, who answers from what it knew when a tick was over.

    ``ask()`` … ``ask()`` → ``close()``; what was said before in the interview is remembered in it,
    and nowhere else.

    Args:
        episode: Finished or running.
        agent: Id or name of who is asked.
        tick: None: the last that was lived.
        model: Who finds the words, by name or instance; None: the model of the run.
        condition: What of the agent's memory is within reach.
        as_known_to: Id or name of the resident who asks; what is kept from them stays unsaid.
            Empty: an inner voice, which is told everything.
        embedder: That of the run, where it was an object of the user's own.
        fetch: Told how far the weights of a model are fetched, if they must be.

    Raises:
        EpisodeError: There is nobody of that name, the tick was not lived, or they keep no memory.
        ConfigError: The condition is unknown.
        ModelNameError: There is no such model, or something that it needs is missing.
    """

    def __init__(
        self,
        episode: Episode,
        agent: str,
        *,
        tick: int | None = None,
        model: str | LanguageModel | BaseChatModel | None = None,
        condition: str = "full",
        as_known_to: str = "",
        embedder: str | Embedder | Embeddings | None = None,
        fetch: Progress = silent,
    ) -> None:
        self.episode = episode
        self.agent = episode.resident(agent)
        self.tick = episode.moment(tick)
        self.condition: Condition = check_condition(condition)
        self.as_known_to = episode.resident(as_known_to) if as_known_to else ""
        check_remembers(episode, self.agent)
        options = run_options(episode)
        self._knowledge = Knowledge(
            episode,
            self.agent,
            self.tick,
            condition=self.condition,
            as_known_to=self.as_known_to,
            embedder=run_embedder(episode) if embedder is None else open_embedder(embedder),
            strategy=open_retrieval(options.get("retrieval", "park")),
        )
        self._temperature = float(options.get("temperature", "0.6"))
        self._owns_model = model is None or isinstance(model, str)
        self.model = open_voice(episode, model, fetch)
        self._asking = Asking(self.model, episode.seed or 0, self.agent, self.tick)
        self._portal = Portal()
        self._lines: list[tuple[str, str]] = []
        self._said: set[str] = set()

    @property
    def knowledge(self) -> Knowledge:
        """What the agent answers from."""
        return self._knowledge

    def ask(self, question: str) -> Answer:
        """Ask, and wait for the answer. Works in a script and under a notebook's loop.

        Raises:
            ConfigError: The question is empty, or longer than an agent would listen to.
        """
        return self._portal.call(self.aask(question))

    async def aask(self, question: str) -> Answer:
        """The same for a running event loop."""
        question = _checked(question)
        clock = self.episode.clock
        now = clock.minute_of_day(self.tick)
        asked = read_question(question, self.agent, self.episode.names)
        chats = self.model.style == "chat"
        answer = self._answer_freely if chats else self._answer_as_given
        reply = await answer(asked, now)
        self._said |= {ground.clause for ground in reply.grounds}
        self._lines += [(self._asker, question), (self._knowledge.persona.name, reply.text)]
        return self._as_answer(question, reply)

    def forget(self) -> None:
        """Begin anew: what was said in this interview is gone, so that no answer leans on it."""
        self._lines.clear()
        self._said.clear()

    def close(self) -> None:
        """Let go of the loop, and of the model if it was opened here."""
        if self._owns_model:
            self._portal.call(self.model.aclose())
        self._portal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Answering ---------------------------------------------------------------------------------

    @property
    def _asker(self) -> str:
        return self.episode.name(self.as_known_to) if self.as_known_to else _INTERVIEWER

    def _ranked(
        self, asked: Question, now: int, grounds: list[Ground]
    ) -> list[tuple[float, Ground]]:
        texts = [ground.text for ground in grounds]
        likeness = self._knowledge.likeness(asked.subject, texts)
        return rank(asked, grounds, likeness, now, frozenset(self._said))

    async def _answer_as_given(self, asked: Question, now: int) -> Reply:
        knowledge = self._knowledge
        recalled = knowledge.recall(asked.query)
        known = [*knowledge.standing, *_merged(knowledge.latest_deeds(), recalled)]
        grounds = [ground for ground in known if to_the_point(asked, ground)]
        chosen = given.chosen(self._ranked(asked, now, grounds))
        return await given.speak(
            self._asking,
            knowledge.persona,
            asked.text,
            chosen,
            [self._timed(ground) if "when" in asked.cues else ground.clause for ground in chosen],
            self._temperature,
        )

    def _timed(self, ground: Ground) -> str:
        """A memory with its hour."""
        if ground.minute is None:
            return ground.clause
        return f"at {self.episode.time(ground.tick)} {ground.clause}"

    async def _answer_freely(self, asked: Question, now: int) -> Reply:
        known = self._shown(asked, now)
        prompt = free.render(
            self._knowledge.persona,
            asked.text,
            known,
            clock=self.episode.clock,
            tick=self.tick,
            asker=self._asker,
            lines=self._lines[-LINES_KEPT:],
            nameless=self.condition == "nothing",
        )
        everything = {name: ground for block in known.values() for name, ground in block.items()}
        language = self._knowledge.persona.speech.language
        return await free.answer(self._asking, prompt, everything, language, self._temperature)

    def _shown(self, asked: Question, now: int) -> Mapping[str, free.Shown]:
        """What a chat model is shown, in blocks that follow from the steady to the fleeting."""
        knowledge = self._knowledge
        deeds = knowledge.latest_deeds()
        latest = {deed.id for deed in deeds}
        recalled = self._ranked(asked, now, knowledge.recall(asked.query))
        memories = [ground for _, ground in recalled if ground.id not in latest][:SHOWN]
        of = {
            letter: [ground for ground in knowledge.standing if ground.source in sources]
            for letter, sources in (
                ("s", ("persona", "habit")),
                ("p", ("intention",)),
                ("v", ("relation", "stance", "feeling")),
            )
        }
        blocks = [*of.items(), ("d", deeds), ("m", memories)]
        return {letter: free.shown(letter, grounds) for letter, grounds in blocks}

    def _as_answer(self, question: str, reply: Reply) -> Answer:
        return Answer(
            agent=self.agent,
            name=self._knowledge.persona.name,
            tick=self.tick,
            time=self.episode.time(self.tick),
            question=question,
            text=reply.text,
            given=reply.given,
            cites=tuple(self._as_cite(ground) for ground in reply.grounds),
            condition=self.condition,
            as_known_to=self.as_known_to,
            model=self.model.name,
            fallback=bool(reply.reason),
            reason=reply.reason,
            calls=len(reply.usages),
            prompt_tokens=sum(usage.prompt_tokens for usage in reply.usages),
            reply_tokens=sum(usage.reply_tokens for usage in reply.usages),
        )

    def _as_cite(self, ground: Ground) -> Cite:
        time = self.episode.time(ground.tick) if ground.tick >= 0 else ""
        return Cite(id=ground.id, source=ground.source, text=ground.text, time=time)


def run_options(episode: Episode) -> Mapping[str, str]:
    """The settings of the run's minds."""
    began = episode.began
    return began.options if began else {}


def open_voice(
    episode: Episode, model: str | LanguageModel | BaseChatModel | None, fetch: Progress
) -> LanguageModel:
    """The model that finds the words: the one given, else that of the run, else the embedded one.

    Raises:
        ModelNameError: There is no such model, or something that it needs is missing.
    """
    if model is not None:
        return open_model(model, progress=fetch)
    began = episode.began
    name = (began.model if began else "") or "local"
    try:
        return open_model(name, progress=fetch)
    except ModelNameError as error:
        what = f"the run's own model cannot be used here ({error})"
        raise ModelNameError(
            what, hint="Name another with --model, or model= in Python."
        ) from error


def check_remembers(episode: Episode, agent: str) -> None:
    """Make sure that an agent forms memories.

    Raises:
        EpisodeError: It formed none in the whole episode.
    """
    if next(episode.each(Remembered, agent), None) is not None:
        return
    began = episode.began
    raise EpisodeError(
        f"{episode.name(agent)} formed no memories to answer from",
        where=episode.folder,
        hint=f"The mind of this run is {began.mind if began else 'unknown'!r}; generative minds "
        "remember: sociarium run --mind generative.",
    )


def _checked(question: str) -> str:
    words = " ".join(question.split())
    if not words:
        raise ConfigError("an empty question", where="question", value=question)
    if len(words) > LONGEST_QUESTION:
        hint = f"Ask in at most {LONGEST_QUESTION:,} characters."
        raise ConfigError("too long a question", where="question", value=words, hint=hint)
    return words


def _merged(one: list[Ground], other: list[Ground]) -> list[Ground]:
    return list({ground.id: ground for ground in [*one, *other]}.values())
