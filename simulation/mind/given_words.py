"""Given words: what is said where no model finds them freely.

The clauses come from what is known; a completion model may add a tail to a fact, and that is all it
is asked. Rules see to it that what was said before is answered: a question for one's position, an
invitation, a piece of news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.memory.record import about_key
from simulation.mind.decision import draw
from simulation.mind.degenerate import is_repeated
from simulation.mind.speak import (
    Exchange,
    Remark,
    Utterance,
    complete,
    position_remark,
    say_plainly,
    spoken_to,
)
from simulation.mind.tail import (
    AND_YOU,
    AS_WELL,
    KNOWN_TO_ME,
    NEW_TO_ME,
    compose,
    without_tail,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.episode.sink import Scribe
    from simulation.kernel.percept import Percept
    from simulation.kernel.streams import Streams
    from simulation.mind.asker import Asker
    from simulation.mind.intentions import Intentions
    from simulation.mind.options import MindOptions
    from simulation.mind.stance import Stances
    from simulation.mind.talk import Line

RAISED = 9.0
"""Weight of a position that answers what was just said: there is nothing to choose then."""
UNDECIDED = "I have not made up my mind"
LEAVE_IT = "I will leave you to it"
ATTEND = "I mean to be there"


class GivenWords:
    """Says things in given clauses, for one agent.

    Args:
        streams: Where chance comes from.
        asker: The language model; a completion model adds tails.
        intentions: What is said when there is no news.
        options: The mind's settings.
        stances: The positions that the agent holds.
    """

    def __init__(
        self,
        *,
        streams: Streams,
        asker: Asker,
        intentions: Intentions,
        options: MindOptions,
        stances: Stances,
    ) -> None:
        self._streams = streams
        self._asker = asker
        self._intentions = intentions
        self._options = options
        self._stances = stances

    async def say(
        self, percept: Percept, scribe: Scribe, known: Sequence[Remark], exchange: Exchange
    ) -> Utterance:
        """Answer what was asked, else pass something on, else speak of oneself or take leave."""
        answer, lead = self._answer(percept, exchange), self._lead(percept, exchange)
        at_a_loss = not known and answer is None and not exchange.joins
        if exchange.closing or (exchange.lines and at_a_loss):
            return self._parting(percept, exchange, answer, lead)
        if answer is not None:
            return answer
        if not known:
            clause = spoken_to(percept, self._intentions.opening(percept), exchange)
            return Utterance(compose(clause, ""), given=clause)
        remark = self._pick(percept, known)
        if self._asker.chats or not remark.fact:
            said = say_plainly(percept, remark, exchange)
        else:
            said = await complete(percept, scribe, self._asker, remark, exchange, self._options)
        return said._replace(text=f"{lead}{said.text}")

    def _answer(self, percept: Percept, exchange: Exchange) -> Utterance | None:
        """What there is to say to a question for one's position, or to an invitation."""
        heard = exchange.heard
        if heard is None:
            return None
        if heard.words.endswith(AND_YOU) and heard.positions:
            return self._position(percept, exchange, heard)
        facts, new = percept.view.stage.facts, {learned.fact for learned in percept.learned}
        invited = any(fact in new and facts[fact].appointment for fact in heard.facts)
        if not invited or not self._options.has("planning"):
            return None
        return Utterance(compose(ATTEND, ""), given=ATTEND)

    def _position(self, percept: Percept, exchange: Exchange, heard: Line) -> Utterance:
        """Where one stands on what the other has just taken a position on."""
        topic, _ = heard.positions[0]
        view = next((view for view in self._stances.views() if view.topic == topic), None)
        if view is None:
            return Utterance(compose(UNDECIDED, ""), given=UNDECIDED)
        clause = spoken_to(percept, view.clause, exchange)
        agrees = about_key(clause) == about_key(without_tail(heard.words))
        text = compose(clause, "").rstrip(".") + AS_WELL if agrees else compose(clause, "")
        return Utterance(text, (position_remark(view),), clause)

    def _lead(self, percept: Percept, exchange: Exchange) -> str:
        """A few words on whether what was just told is news."""
        heard = exchange.heard
        if heard is None or not heard.facts:
            return ""
        new = {learned.fact for learned in percept.learned}.intersection(heard.facts)
        leads = NEW_TO_ME if new else KNOWN_TO_ME
        return leads[
            self._streams.stream(percept.agent, percept.tick, "lead").randrange(len(leads))
        ]

    def _parting(
        self, percept: Percept, exchange: Exchange, answer: Utterance | None, lead: str
    ) -> Utterance:
        """A last word, after the answer that is owed."""
        clause = self._intentions.parting(percept)
        own = (line.words for line in exchange.lines if line.speaker == percept.agent)
        if any(is_repeated(clause, words) for words in own):
            clause = LEAVE_IT
        before = f"{answer.text} " if answer else lead
        remarks = answer.remarks if answer else ()
        return Utterance(f"{before}{compose(clause, '')}", remarks, clause, last=True)

    def _pick(self, percept: Percept, known: Sequence[Remark]) -> Remark:
        """One of the best, each next one half as likely; or what answers the last words."""
        if known[0].weight >= RAISED:
            return known[0]
        weights = [0.5**rank for rank in range(len(known))]
        return known[draw(weights, self._streams.stream(percept.agent, percept.tick, "topic"))]
