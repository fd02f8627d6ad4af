"""A classic trait-driven mind without any language model: a rival theory, and the fast path.

Every legal option gets a utility, a weighted sum of what is physically at stake in it; the mind
draws by a softmax (a multinomial logit, McFadden 1974). Weights move with the Big Five:

==================  ===============================================  =======================
term                 what it measures                                 weight
==================  ===============================================  =======================
plan                 the act is what is planned for now               2.5 + 0.5·C
need                 it feeds the hungry, rests the tired             3
talk                 it is talk, and not just had                     0.4 + 0.5·E
novelty              not done in the last hours                       0.3 + 0.3·O
gain                 one's own holdings grow                          0.5 - 0.2·A
other's good         things or aims of others grow                    0.3 + 0.4·A
other's loss         what others own shrinks, they not agreeing       -(1.5 + 0.6·A + 0.6·C)
effort               a walk that is not planned                       -1
unease               force                                            -(0.4 + 0.3·N)
==================  ===============================================  =======================

with O, C, E, A, N from -2 to 2. The signs of A and C follow meta-analyses (agreeableness and
giving to others: Graziano and Eisenberg 1997; agreeableness and conscientiousness against acts
at others' cost: Berry, Ones and Sackett 2007); the sizes are ours, chosen once and not fitted.
This mind knows effects and owners, so it is a theory of what knowing agents would do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.kernel.action import Action, Force, Go, Say, Sleep, Wait
from simulation.mind.common_ground import CommonGround, hearers
from simulation.mind.decision import draw, note_decision, softmax
from simulation.mind.intentions import Intentions
from simulation.mind.plan import GO_TO_BED, PlanItem
from simulation.mind.speak import Exchange, Remark, Utterance, as_action, fact_remark
from simulation.mind.stance import Stances
from simulation.mind.tail import compose
from simulation.mind.talk import Conversation
from simulation.mind.words import own_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.episode.sink import Scribe
    from simulation.kernel.effect import Effect
    from simulation.kernel.percept import Percept
    from simulation.kernel.rules import Option
    from simulation.kernel.world import World

TALK_TURNS = 2
"""Utterances that one side makes: without a model there is little to say."""
SHARPNESS = 2.0
"""Inverse temperature of the logit."""
STALE_TICKS = 120
MIDPOINT = 3.0


class RulesMind:
    """Weighs every legal option by needs, plan and traits.

    Args:
        world: Where the body lives.
        agent: Whose mind it is.
    """

    def __init__(self, world: World, agent: str) -> None:
        persona = world.stage.cast[agent]
        self._agent = agent
        self._streams = world.streams
        self._feel(persona)
        self._intentions = Intentions(persona, world.streams)
        self._conversation = Conversation(TALK_TURNS)
        self._ground = CommonGround()
        ties = {tie.person: 2.0 * tie.closeness for tie in persona.relationships}
        self._stances = Stances(persona, world.stage.topics, lambda who: ties.get(who, 0.0))
        self._acts: dict[str, int] = {}

    def _feel(self, persona: Persona) -> None:
        five = persona.big_five
        self._o = five.openness - MIDPOINT
        self._c = five.conscientiousness - MIDPOINT
        self._e = five.extraversion - MIDPOINT
        self._a = five.agreeableness - MIDPOINT
        self._n = five.neuroticism - MIDPOINT

    def become(self, persona: Persona) -> None:
        """Be this person from now on."""
        self._feel(persona)
        self._intentions.become(persona)
        self._stances.become(persona)

    async def probe(self, percept: Percept, scribe: Scribe, topics: Sequence[str]) -> None:
        """Say in private where this agent stands, and be the same afterwards."""
        await self._stances.probe(topics, percept, scribe)

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """Talk, go on, or weigh the options."""
        await self._plan(percept, scribe)
        for heard in percept.heard:
            self._stances.hear(heard)
        self._stances.follow_the_rule(scribe)
        activity = percept.activity
        if activity is not None and isinstance(activity.action, Sleep):
            return None
        for heard in percept.heard:
            self._ground.hear(percept, heard, heard.text)
        turn = self._conversation.turn(percept, scribe)
        if turn in ("speak", "close"):
            talk = self._conversation.talk
            return self._speak(percept, talk.addressee if talk else "", closing=turn == "close")
        if turn == "wait" or (activity is not None and not self._is_called(percept)):
            return None
        return self._decide(percept, scribe)

    async def _plan(self, percept: Percept, scribe: Scribe) -> None:
        """Make the day's plan, and put appointments into it."""
        for learned in percept.learned:
            fact = percept.view.stage.facts[learned.fact]
            self._intentions.hear_of(percept, scribe, fact, learned.event)
        await self._intentions.plan_the_day(percept, scribe)

    def _is_called(self, percept: Percept) -> bool:
        due, activity = self._intentions.due(percept), percept.activity
        elsewhere = percept.place is None or due is None or percept.place.id != due.place
        walking = activity is not None and isinstance(activity.action, (Go, Say))
        return (
            due is not None
            and due.fixed
            and elsewhere
            and not walking
            and (percept.tick - self._acts.get(f"called {due.at}", -STALE_TICKS) >= STALE_TICKS)
        )

    def _decide(self, percept: Percept, scribe: Scribe) -> Action:
        options, due = percept.options, self._intentions.due(percept)
        if due is not None:
            self._acts[f"called {due.at}"] = percept.tick
        weights = softmax([SHARPNESS * self._utility(percept, option, due) for option in options])
        chosen = draw(weights, self._streams.stream(self._agent, percept.tick, "decide"))
        note_decision(
            scribe, percept, options, chosen, origin="rules", raw=weights, corrected=weights
        )
        option = options[chosen]
        self._acts[option.text] = percept.tick
        if isinstance(option.action, Say):
            if option.action.to:
                self._conversation.open(option.action.to, percept.tick)
            return self._speak(percept, option.action.to, about=option.action.about, closing=False)
        return option.action

    def _utility(self, percept: Percept, option: Option, due: PlanItem | None) -> float:
        action = option.action
        total = self._fit(percept, option, due) + self._habit(percept, option)
        if isinstance(action, Force):
            total -= 0.4 + 0.3 * self._n
        effects = percept.rules.resolve(percept.view, self._agent, action).effects
        return total + sum(self._stake(effect) for effect in effects)

    def _fit(self, percept: Percept, option: Option, due: PlanItem | None) -> float:
        """Plan and needs."""
        action = option.action
        if isinstance(action, Sleep):
            return 3.0 * (1.0 - percept.needs.get("energy", 10.0) / 5.0) + _at_night(due)
        planned = due is not None and (
            option.text == due.doing or (isinstance(action, Go) and action.to == due.place)
        )
        return 2.5 + 0.5 * self._c if planned else 0.0

    def _habit(self, percept: Percept, option: Option) -> float:
        """Talk and novelty."""
        action = option.action
        if isinstance(action, Say):
            ended = self._conversation.ended_at.get(action.to, -STALE_TICKS)
            just = percept.tick - ended < STALE_TICKS
            return 0.4 + 0.5 * self._e - (2.5 if just else 0.0)
        if isinstance(action, Go):
            return -1.0
        last = self._acts.get(option.text, -STALE_TICKS)
        fresh = percept.tick - last >= STALE_TICKS
        return 0.3 + 0.3 * self._o if fresh and not isinstance(action, Wait) else -0.3

    def _stake(self, effect: Effect) -> float:
        """What an effect is worth to somebody with these traits."""
        delta = max(-3.0, min(3.0, effect.delta))
        if effect.target == self._agent:
            if effect.attribute in ("fullness", "energy"):
                return 0.3 * delta
            return (0.5 - 0.2 * self._a) * delta if effect.attribute.startswith("has:") else 0.0
        if delta < 0 and effect.owner not in ("", self._agent) and effect.consent is False:
            return (1.5 + 0.6 * self._a + 0.6 * self._c) * delta / 3.0
        if delta > 0 and effect.owner != self._agent:
            return (0.3 + 0.4 * self._a) * delta / 3.0
        return 0.0

    def _speak(self, percept: Percept, partner: str, *, closing: bool, about: str = "") -> Action:
        talk = self._conversation.talk if partner else None
        also = talk.also(partner) if talk else tuple(hearers(percept))
        known = [] if closing else self._untold(percept, Exchange(partner, also))
        if known:
            stream = self._streams.stream(self._agent, percept.tick, "topic")
            topic = known[stream.randrange(len(known))]
            self._ground.add(hearers(percept), topic.keys)
            said = Utterance(compose(topic.clause, ""), (topic,), topic.clause)
        else:
            due = self._intentions.due(percept)
            doing = own_words(due.doing, percept.persona.pronouns) if due else "take the air"
            clause = f"I am going to {doing}"
            last = closing or bool(talk and talk.turns)
            said = Utterance(compose(clause, ""), given=clause, last=last)
        action = as_action(said, partner, talk, about)
        self._conversation.spoke(action)
        return action

    def _untold(self, percept: Percept, exchange: Exchange) -> Sequence[Remark]:
        view = percept.view
        known = [f for f in view.stage.facts if view.text(self._agent, f"knows:{f}")]
        found = [fact_remark(percept, fact, exchange, self._ground) for fact in known]
        views = [
            Remark(view.clause, positions=((view.topic, view.position),))
            for view in self._stances.views()
        ]
        fresh = [view for view in views if not self._ground.knows(exchange.to, view.keys[0])]
        return [*(remark for remark in found if remark is not None), *fresh]


def _at_night(due: PlanItem | None) -> float:
    return 3.0 if due is not None and due.doing == GO_TO_BED else -2.0
